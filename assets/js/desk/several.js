/* Many cases of one unit at once: what will be done to which, then a result for each. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const WHAT = ["urge", "supervise", "reassign"];

  desk.open_several = function (key) {
    const view = desk.queue_view();
    const group = view && desk.settings.person.desk && view.groups.find((one) => one.key === key);
    if (!group || !group.rows.length) return;
    const { node } = gridwall.dom;
    const state = { what: "urge", group, chosen: new Set(group.rows.map((row) => row.case_no)), sent: false };
    desk.modal({
      label: desk.words("several.title"),
      className: "several-box",
      submit: () => send(state),
      fill(box) {
        state.box = box;
        const line = desk.words("several.line", { unit: group.name, count: group.rows.length });
        box.append(node("h1", "", desk.words("several.title")), node("p", "", line), choice(state));
        state.words = node("textarea");
        Object.assign(state.words, { rows: 2, maxLength: 300 });
        state.to = units(state);
        box.append(state.to, node("label", "field", node("span", "label", desk.words("several.words")), state.words));
        state.list = list(state);
        box.append(state.list);
        state.submit = desk.button("", () => send(state), "pri", "Ctrl Enter");
        const foot = node("footer", "", node("p", "", desk.words("several.foot")));
        foot.append(desk.button(desk.words("sheet.close"), desk.close_modal, "", "Esc"), state.submit);
        box.append(foot);
        draw(state);
        return box.querySelector(".chip input");
      },
    });
  };

  function choice(state) {
    const { node } = gridwall.dom;
    const place = node("div", "chips");
    WHAT.forEach((name, index) => {
      const radio = node("input");
      Object.assign(radio, { type: "radio", name: "several-what", value: name, checked: name === state.what });
      radio.addEventListener("change", () => {
        state.what = name;
        draw(state);
      });
      place.append(node("label", "chip", radio, node("kbd", "kbd", String(index + 1)), desk.words(`several.${name}`)));
    });
    place.addEventListener("keydown", (event) => {
      const radio = place.querySelectorAll("input")[Number(event.key) - 1];
      if (radio && !event.ctrlKey) radio.click();
    });
    return node("fieldset", "field", node("legend", "label", desk.words("several.what")), place);
  }

  function units(state) {
    const { node } = gridwall.dom;
    const others = desk.queue_view().groups.filter((one) => one.key !== state.group.key && one.key !== "-");
    const select = (state.unit = node("select"));
    for (const one of others) {
      const option = node("option", "", one.name);
      option.value = one.key;
      select.append(option);
    }
    return node("label", "field", node("span", "label", desk.words("several.to")), select);
  }

  function list(state) {
    const { node } = gridwall.dom;
    const body = node("tbody");
    for (const row of state.group.rows) {
      const box = node("input");
      Object.assign(box, { type: "checkbox", checked: true });
      box.setAttribute("aria-label", `${row.case_no} ${row.category}`);
      box.addEventListener("change", () => {
        if (box.checked) state.chosen.add(row.case_no);
        else state.chosen.delete(row.case_no);
        draw(state);
      });
      const line = node("tr", "", node("td", "", box), node("td", "", row.category), node("td", "", row.place), node("td", "number", row.case_no), node("td", "result"));
      line.dataset.case = row.case_no;
      body.append(line);
    }
    const scroll = node("div", "several-list", node("table", "", body));
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", desk.words("several.cases"));
    return scroll;
  }

  function draw(state) {
    const label = desk.words("several.submit", { what: desk.words(`several.${state.what}`), count: state.chosen.size });
    gridwall.dom.text(state.submit, label);
    gridwall.dom.hide(state.to, state.what !== "reassign");
    state.submit.disabled = state.sent || !state.chosen.size;
  }

  function fields(state) {
    const words = state.words.value.trim();
    const all = words ? { note: words, reason: words } : {};
    if (state.what === "reassign") return { ...all, unit: state.unit.value };
    return state.what === "urge" ? { ...all, minutes: 30 } : all;
  }

  async function send(state) {
    if (state.sent || !state.chosen.size || desk.busy) return;
    state.sent = true;
    draw(state);
    const rows = state.group.rows.filter((row) => state.chosen.has(row.case_no));
    const items = rows.map((row) => ({ case_no: row.case_no, version: row.version }));
    const label = desk.words(`several.${state.what}`);
    try {
      const answer = await desk.command("/api/desk/bulk", { action: state.what, items, fields: fields(state) }, label);
      if (answer) results(state, answer.results);
      desk.pull(true);
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      state.sent = false; /* the same request keeps its key: pressing again cannot do it twice */
      draw(state);
      desk.toast(problem.unknown ? `${desk.words("send.lost", { label })}。${desk.words("send.lost_line")}` : problem.sentence, "alarm");
    }
  }

  function results(state, given) {
    const { node } = gridwall.dom;
    let done = 0;
    for (const one of given) {
      const cell = state.list.querySelector(`tr[data-case="${CSS.escape(one.case_no)}"] .result`);
      if (one.done) done += 1;
      const words = one.done ? desk.words("several.done") : (one.error && one.error.what) || desk.words("several.not_done");
      if (cell) cell.replaceChildren(node("span", one.done ? "done" : "refused", words));
    }
    desk.toast(desk.words("several.summary", { done, refused: given.length - done }), done < given.length ? "warn" : "");
  }
})();
