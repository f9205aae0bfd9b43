/* The small questions before an action: a reason, how soon an answer is wanted, what was promised. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const MINUTES = [30, 60, 120];
  /* Which actions ask for what. Everything else that asks, asks for a reason. */
  const ASKS = { urge: ["feedback_by", "text"], claim: ["promised", "note"], handle: ["required_text"], verify: ["required_text"], self_handle: ["required_text"] };
  const TIMES = ["feedback_by", "promised"];
  /* Under which name an action takes words that were written beside it. */
  const WORDS = { note: "text", urge: "text" };
  desk.words_field = (name) => WORDS[name] || "note";

  desk.asks = (name) => name in ASKS;

  desk.ask_and_act = function (action) {
    const view = desk.case_view();
    const { node } = gridwall.dom;
    const wanted = ASKS[action.name] || ["reason"];
    const inputs = {};
    const send = () => {
      const fields = values(inputs);
      const empty = Object.values(inputs).find((one) => one.required && !one.value());
      if (empty) return void say_empty(empty);
      if (action.name === "claim") fields.alert = alert_of(view);
      desk.close_modal();
      desk.act(action.name, fields, action.label, { version: view.version, kept: true }).then((done) => {
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
        for (const name of wanted) box.append(TIMES.includes(name) ? chips(name, inputs) : words(name, inputs, draft));
        const cancel = desk.button(desk.words("ask.cancel"), desk.close_modal, "", "Esc");
        box.append(node("footer", "", cancel, desk.button(action.label, send, "pri", "Ctrl Enter")));
        box.addEventListener("keydown", digits);
        return box.querySelector("input:checked") || box.querySelector("textarea");
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

  /* The worst alert of the case, which is the one that is claimed. */
  function alert_of(view) {
    const row = desk.row_of(view.case_no);
    return row && row.alerts.length ? row.alerts[0] : view.clock.left < 0 ? "overdue" : "due_soon";
  }

  function words(given, inputs, draft) {
    const { node } = gridwall.dom;
    const name = given === "required_text" ? "text" : given;
    const required = given === "required_text" || given === "reason";
    const box = node("textarea");
    Object.assign(box, { rows: 3, maxLength: 500, value: draft[name] || desk.memo() });
    const hint = node("em", "", desk.words(required ? "ask.reason_hint" : "ask.optional"));
    const error = node("span", "error", gridwall.dom.sign("cross"), desk.words("ask.empty"));
    error.hidden = true;
    inputs[name] = { value: () => box.value.trim(), box, error, required };
    return node("label", "field", node("span", "label", desk.words(given === "reason" ? "ask.reason" : "ask.owner_note"), hint), box, error);
  }

  /* Minutes from now, sent as the city's local time. */
  function chips(name, inputs) {
    const { node } = gridwall.dom;
    const none = name === "promised" ? [0] : [];
    const place = node("div", "chips");
    const chosen = MINUTES[0];
    [...MINUTES, ...none].forEach((minutes, index) => {
      const radio = node("input");
      Object.assign(radio, { type: "radio", name: `ask-${name}`, value: String(minutes), checked: minutes === chosen });
      const label = minutes ? desk.words(`ask.${minutes}`) : desk.words("ask.none");
      place.append(node("label", "chip", radio, node("kbd", "kbd", String(index + 1)), label));
    });
    inputs[name] = {
      value() {
        const minutes = Number((place.querySelector("input:checked") || { value: 0 }).value);
        return minutes ? desk.local(desk.now() + minutes * 60000) : null;
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
    const done = await desk.commanded("/api/desk/spotlight", { case_no: view.case_no, wall, at: desk.now() }, desk.words("case.spotlight"), {});
    if (done && !done.sentence) desk.toast(desk.words("case.spotlit", { wall }), "");
  };
})();
