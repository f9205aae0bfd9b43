/* Many cases of one unit at once: what will be done to which, then a result for each. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const WHAT = ["urge", "supervise", "reassign"];
  /* What each asks for besides the words: value lists of the act's own fields. */
  const CAUSES = { supervise: ["overdue", "danger"], reassign: ["duty_changed", "dispatcher_error"] };
  const DUE_MINUTES = [120, 240, 1440];
  const ANSWER_MINUTES = 30;
  const PREVIEW_MS = 400;

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
        const said = [line, group.message].filter(Boolean).join("，");
        box.append(node("h1", "", desk.words("several.title")), node("p", "", said), choice(state));
        state.words = node("textarea");
        Object.assign(state.words, { rows: 2, maxLength: 300 });
        state.words.addEventListener("input", () => draw(state));
        state.more = node("div", "several-more");
        box.append(state.more, node("label", "field", node("span", "label", desk.words("several.words")), state.words));
        state.list = list(state);
        box.append(state.list);
        state.submit = desk.button("", () => send(state), "pri", "Ctrl Enter");
        const foot = node("footer", "", node("p", "", desk.words("several.foot")));
        foot.append(desk.button(desk.words("sheet.close"), desk.close_modal, "", "Esc"), state.submit);
        box.append(foot);
        ask_for(state);
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
        ask_for(state);
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

  function select(name, options) {
    const { node } = gridwall.dom;
    const box = node("select");
    for (const [value, label] of options) {
      const option = node("option", "", label);
      option.value = value;
      box.append(option);
    }
    return node("label", "field", node("span", "label", desk.words(`several.${name}`)), box);
  }

  const worded = (values) => values.map((value) => [String(value), desk.words(`several.${value}`)]);

  /* The fields of the chosen act. */
  function ask_for(state) {
    const fields = {};
    if (CAUSES[state.what]) fields.cause = select("cause", worded(CAUSES[state.what]));
    if (state.what === "supervise") fields.due = select("due", worded(DUE_MINUTES));
    if (state.what === "reassign") {
      const others = ((desk.queue_view().choices || {}).unit || []).filter((one) => one.value !== state.group.key && one.value !== "-");
      fields.to = select("to", others.map((one) => [one.value, one.label]));
    }
    state.fields = fields;
    state.more.replaceChildren(...Object.values(fields));
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
    state.submit.disabled = state.sent || !state.chosen.size || (state.what !== "urge" && !state.words.value.trim());
    state.submit.title = state.what === "urge" ? "" : desk.words("several.required");
    if (!state.sent) weigh(state);
  }

  const cell_of = (state, case_no) => state.list.querySelector(`tr[data-case="${CSS.escape(case_no)}"] .result`);
  const items_of = (state) => state.group.rows.filter((row) => state.chosen.has(row.case_no)).map((row) => ({ case_no: row.case_no, version: row.version }));

  /* Before the click: which of them would be done, and why the others would not. Nothing is written. */
  function weigh(state) {
    clearTimeout(state.soon);
    for (const cell of state.list.querySelectorAll(".result")) cell.replaceChildren();
    if (!state.submit.disabled) state.soon = setTimeout(() => preview(state), PREVIEW_MS);
  }

  async function preview(state) {
    const turn = (state.turn = (state.turn || 0) + 1);
    const [action, fields] = command(state);
    try {
      const { results } = await desk.post("/api/desk/bulk", { preview: true, action, items: items_of(state), fields });
      if (turn !== state.turn || state.sent) return;
      for (const one of results) told(state, one, "coming", desk.words("several.coming"));
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem; /* without a preview the result still comes */
    }
  }

  function told(state, one, good, words) {
    const cell = cell_of(state, one.case_no);
    const said = one.done ? words : (one.error && one.error.what) || desk.words("several.not_done");
    if (cell) cell.replaceChildren(gridwall.dom.node("span", one.done ? good : "refused", said));
  }

  /* The act and its fields, as each act names them. */
  function command(state) {
    const words = state.words.value.trim();
    const value = (name) => state.fields[name].querySelector("select").value;
    const later = (minutes) => desk.local(desk.now() + minutes * 60000);
    if (state.what === "urge") return ["urge", { ...(words ? { text: words } : {}), feedback_by: later(ANSWER_MINUTES) }];
    if (state.what === "reassign") return ["reassign", { unit: value("to"), reason: value("cause"), note: words }];
    const action = desk.settings.person.signs ? "supervise" : "propose_supervision";
    return [action, { cause: value("cause"), due: later(Number(value("due"))), demands: words, exposure: false }];
  }

  async function send(state) {
    if (state.submit.disabled || desk.busy) return;
    if (!state.sending) state.sending = command(state); /* kept: pressing again is the same request with the same key */
    const [action, fields] = state.sending;
    state.sent = true;
    clearTimeout(state.soon);
    draw(state);
    const items = items_of(state);
    const label = desk.words(`several.${state.what}`);
    try {
      const answer = await desk.command("/api/desk/bulk", { action, items, fields }, label);
      if (answer) results(state, answer.results);
      desk.pull(true);
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      state.sent = false;
      if (!problem.unknown) state.sending = null;
      draw(state);
      desk.toast(problem.unknown ? `${desk.words("send.lost", { label })}。${desk.words("send.lost_line")}` : problem.sentence, "alarm");
    }
  }

  function results(state, given) {
    const done = given.filter((one) => one.done).length;
    for (const one of given) told(state, one, "done", desk.words("several.done"));
    desk.toast(desk.words("several.summary", { done, refused: given.length - done }), done < given.length ? "warn" : "");
  }
})();
