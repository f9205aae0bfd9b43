/* The small questions before an action: a reason, how soon an answer is wanted, what was promised. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const MINUTES = [30, 60, 120];
  /* Which actions ask for what. Everything else that asks, asks for a reason. */
  const ASKS = { urge: ["minutes", "note"], claim: ["promised", "note"] };

  desk.asks = (name) => name in ASKS;

  desk.ask_and_act = function (action) {
    const view = desk.case_view();
    const { node } = gridwall.dom;
    const wanted = ASKS[action.name] || ["reason"];
    const inputs = {};
    const send = () => {
      const fields = values(inputs);
      if (inputs.reason && !fields.reason) return void say_empty(inputs.reason);
      desk.close_modal();
      desk.act(action.name, fields, action.label, { version: view.version, kept: !!(fields.reason || fields.note) }).then((done) => {
        if (done) desk.drop_draft(view.case_no, action.name);
      });
      return undefined;
    };
    desk.modal({
      label: action.label,
      submit: send,
      enter: send,
      leave: () => desk.keep_draft(view.case_no, action.name, values(inputs)),
      fill(box) {
        const draft = desk.draft(view.case_no, action.name) || {};
        box.append(node("h1", "", action.label), node("p", "", desk.words("ask.case", view)));
        for (const name of wanted) box.append((name === "minutes" || name === "promised" ? chips : words)(name, inputs, draft));
        const cancel = desk.button(desk.words("ask.cancel"), desk.close_modal, "", "Esc");
        box.append(node("footer", "", cancel, desk.button(action.label, send, "pri", "Ctrl Enter")));
        box.addEventListener("keydown", digits);
        return box.querySelector("textarea, input:checked");
      },
    });
  };

  function values(inputs) {
    const fields = {};
    for (const [name, read] of Object.entries(inputs)) {
      const value = read.value();
      if (value !== "" && value !== null) fields[name] = value;
    }
    return fields;
  }

  function say_empty(field) {
    field.error.hidden = false;
    field.box.setAttribute("aria-invalid", "true");
    field.box.focus();
  }

  function words(name, inputs, draft) {
    const { node } = gridwall.dom;
    const box = node("textarea");
    Object.assign(box, { rows: 3, maxLength: 500, value: draft[name] || (name === "note" ? desk.memo() : "") });
    const required = name === "reason";
    const hint = node("em", "", desk.words(required ? "ask.reason_hint" : "ask.optional"));
    const error = node("span", "error", gridwall.dom.sign("cross"), desk.words("ask.empty"));
    error.hidden = true;
    inputs[name] = { value: () => box.value.trim(), box, error };
    return node("label", "field", node("span", "label", desk.words(required ? "ask.reason" : "ask.owner_note"), hint), box, error);
  }

  /* Promised times are instants of the server's clock; how soon an answer is wanted is in minutes. */
  function chips(name, inputs, draft) {
    const { node } = gridwall.dom;
    const none = name === "promised" ? [0] : [];
    const place = node("div", "chips");
    const chosen = Number(draft[`${name}_minutes`] || 30);
    [...MINUTES, ...none].forEach((minutes, index) => {
      const radio = node("input");
      Object.assign(radio, { type: "radio", name: `ask-${name}`, value: String(minutes), checked: minutes === chosen });
      const label = minutes ? desk.words(`ask.${minutes}`) : desk.words("ask.none");
      place.append(node("label", "chip", radio, node("kbd", "kbd", String(index + 1)), label));
    });
    inputs[name] = {
      value() {
        const minutes = Number((place.querySelector("input:checked") || { value: 0 }).value);
        if (name === "minutes") return minutes;
        return minutes ? Math.round(desk.now() + minutes * 60000) : null;
      },
    };
    const legend = node("legend", "label", desk.words(`ask.${name}`));
    return node("fieldset", "field", legend, place);
  }

  function digits(event) {
    if (event.target.matches("textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const radios = event.currentTarget.querySelectorAll(".chip input");
    const radio = radios[Number(event.key) - 1];
    if (radio) radio.checked = true;
  }

  /* ---- on the hall's wall ---- */

  desk.show_on_wall = async function () {
    const view = desk.case_view();
    const wall = (view.walls || [])[0] || desk.settings.wall;
    const done = await desk.commanded("/api/desk/spotlight", { case_no: view.case_no, wall }, desk.words("case.spotlight"), {});
    if (done && !done.sentence) desk.toast(desk.words("case.spotlit", { wall }), "");
  };
})();
