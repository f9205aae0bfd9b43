/* The picker of periods: presets, the city's own ones, two months with 休 and 班, as-of, and what was chosen in words.
   Days are counted as UTC dates: no browser's zone may move one. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const DAY = 86400000;
  let shown = null;

  const parse = (text) => Date.parse(`${text}T00:00:00Z`);
  const written = (at) => new Date(at).toISOString().slice(0, 10);
  const month_of = (at) => written(at).slice(0, 7);
  const first_of = (month) => parse(`${month}-01`);
  const add_months = (month, by) => {
    const [year, number] = month.split("-").map(Number);
    return month_of(Date.UTC(year, number - 1 + by, 1));
  };

  rankings.open_picker = function () {
    if (shown) return;
    const given = rankings.choices.picker;
    const opener = document.activeElement;
    shown = { opener, from: given.from, to: given.to, as_of: given.as_of, half: false, month: add_months(given.to.slice(0, 7), -1), today: given.today };
    const dialog = document.createElement("dialog");
    shown.dialog = dialog;
    dialog.className = "picker";
    dialog.setAttribute("aria-label", rankings.words("period.dialog"));
    dialog.append(presets(), right());
    dialog.addEventListener("close", closed);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    rankings.root.append(dialog);
    dialog.showModal();
    draw();
    dialog.querySelector(".picker [name=from]").focus();
  };

  function closed() {
    const { opener, dialog } = shown;
    shown = null;
    dialog.remove();
    if (opener && opener.isConnected) opener.focus();
  }

  function presets() {
    const { node } = gridwall.dom;
    const left = node("div", "presets");
    for (const group of rankings.choices.periods) {
      left.append(node("h3", "", group.label));
      for (const item of group.items) {
        const button = rankings.button(item.label, item.on ? "on" : "", () => choose(item));
        button.setAttribute("aria-pressed", String(Boolean(item.on)));
        button.gridwallItem = item;
        left.append(button);
      }
    }
    return left;
  }

  /* A preset is a choice made: it shows its ranking. */
  function choose(item) {
    const as_of = shown.as_of || null;
    shown.dialog.close();
    rankings.go({ ...item.address, as_of, open: null });
  }

  function right() {
    const { node } = gridwall.dom;
    const fields = node("div", "fields", field("from", "date"), field("to", "date"), field("as_of", "datetime-local"));
    const months = node("div", "months");
    months.setAttribute("role", "group");
    months.setAttribute("aria-label", rankings.words("period.months"));
    months.addEventListener("click", (event) => pick(event.target.closest("[data-day]")));
    months.addEventListener("keydown", walk);
    const said = node("div", "chosen");
    said.setAttribute("aria-live", "polite");
    const go = rankings.button(rankings.words("period.go"), "btn pri", submit);
    const cancel = rankings.button(rankings.words("period.cancel"), "btn", () => shown.dialog.close());
    const foot = node("div", "foot", node("span", "", rankings.words("period.link")), cancel, go);
    Object.assign(shown, { fields, months, said, go });
    return node("div", "chooser", fields, months, said, foot);
  }

  function field(name, type) {
    const input = document.createElement("input");
    Object.assign(input, { type, name, value: shown[name] || "" });
    input.max = type === "date" ? shown.today : `${shown.today}T23:59`;
    input.addEventListener("change", () => {
      shown[name] = input.value;
      if (name === "to" && input.value) shown.month = add_months(input.value.slice(0, 7), -1);
      draw();
    });
    const words = gridwall.dom.node("span", "", rankings.words(`period.${name}`));
    if (name === "as_of") words.append(gridwall.dom.node("small", "", rankings.words("period.as_of_hint")));
    return gridwall.dom.node("label", "", words, input);
  }

  /* ---- two months ---- */

  function draw() {
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.day : null;
    const back = rankings.button("‹", "step", () => step(-1));
    back.setAttribute("aria-label", rankings.words("period.earlier"));
    const on = rankings.button("›", "step", () => step(1));
    on.setAttribute("aria-label", rankings.words("period.later"));
    on.disabled = add_months(shown.month, 1) >= shown.today.slice(0, 7);
    const second = add_months(shown.month, 1);
    shown.months.replaceChildren(month(shown.month, back), month(second, on));
    if (focused) focus(focused);
    for (const name of ["from", "to"]) shown.fields.querySelector(`[name=${name}]`).value = shown[name] || "";
    say();
  }

  function step(by) {
    shown.month = add_months(shown.month, by);
    draw();
    shown.months.querySelectorAll(".step")[by < 0 ? 0 : 1].focus();
  }

  function month(name, button) {
    const { node } = gridwall.dom;
    const [year, number] = name.split("-");
    const days = node("div", "days");
    for (const word of rankings.words("period.weekdays").split(" ")) days.append(node("i", "weekday", word));
    const first = first_of(name);
    for (let blank = (new Date(first).getUTCDay() + 6) % 7; blank > 0; blank -= 1) days.append(node("i"));
    for (let at = first; month_of(at) === name; at += DAY) days.append(day(written(at)));
    const head = node("h3", "", rankings.words("period.month_name", { year, month: Number(number) }), button);
    return node("div", "month", head, days);
  }

  const letter = (day) => (rankings.choices.picker.months[day.slice(0, 7)] || "")[Number(day.slice(8)) - 1] || "";

  function day(name) {
    const { node } = gridwall.dom;
    const mark = { h: rankings.words("period.rest"), s: rankings.words("period.work") }[letter(name)] || "";
    const button = rankings.button(String(Number(name.slice(8))), "", () => undefined);
    button.append(node("small", "", mark));
    button.dataset.day = name;
    const edge = name === shown.from || name === shown.to;
    const inside = name > shown.from && name < shown.to;
    button.className = `day ${edge ? "edge" : inside ? "inside" : ""} ${["h", "r"].includes(letter(name)) ? "off" : ""}`.trim();
    button.disabled = name > shown.today;
    button.setAttribute("aria-pressed", String(edge || inside));
    button.setAttribute("aria-label", `${name} ${mark}`.trim());
    button.tabIndex = name === shown.to || (!visible(shown.to) && name.endsWith("-01")) ? 0 : -1;
    return button;
  }

  const visible = (name) => [shown.month, add_months(shown.month, 1)].includes((name || "").slice(0, 7));

  /* The first press is the beginning, the second the end. */
  function pick(button) {
    if (!button || button.disabled) return;
    const name = button.dataset.day;
    const ends = shown.half && name >= shown.from;
    if (ends) shown.to = name;
    else shown.from = shown.to = name;
    shown.half = !ends;
    draw();
    focus(name);
  }

  function walk(event) {
    const button = event.target.closest("[data-day]");
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (!button || !by) return;
    event.preventDefault();
    const next = written(parse(button.dataset.day) + by * DAY);
    if (next > shown.today) return;
    if (!visible(next)) {
      shown.month = add_months(shown.month, by < 0 ? -1 : 1);
      draw();
    }
    focus(next);
  }

  function focus(name) {
    const button = shown.months.querySelector(`[data-day="${name}"]`);
    if (button) button.focus();
  }

  /* ---- what was chosen, in words ---- */

  function say() {
    const { node } = gridwall.dom;
    const empty = !shown.from || !shown.to || shown.from < "2000" || shown.to < "2000"; /* or a year is being typed */
    const wrong = empty || shown.from > shown.to;
    shown.go.disabled = wrong;
    const words = rankings.words(empty ? "period.empty" : "period.wrong");
    if (wrong) return shown.said.replaceChildren(node("p", "open", gridwall.dom.sign("cross"), words));
    const lines = [node("p", "", node("b", "", counted()), shifted())];
    const before = compared();
    lines.push(node("p", "", before ? rankings.words("period.compared", before) : rankings.words("period.compared_kind")));
    const settled = parse(shown.to) + rankings.choices.picker.settle_days * DAY <= parse(shown.today);
    if (!settled) lines.push(node("p", "open", gridwall.dom.sign("triangle"), rankings.words("period.open")));
    shown.said.replaceChildren(...lines);
  }

  function each(act) {
    for (let at = parse(shown.from); at <= parse(shown.to); at += DAY) act(written(at));
  }

  function counted() {
    let [days, working, known] = [0, 0, true];
    each((name) => {
      days += 1;
      const kind = letter(name);
      if (!kind) known = false;
      if (kind === "w" || kind === "s") working += 1;
    });
    return known ? rankings.words("period.working", { days, working }) : rankings.words("period.days", { days });
  }

  function shifted() {
    const found = [];
    each((name) => letter(name) === "s" && found.push(name.slice(5)));
    return found.length ? rankings.words("period.shifted", { list: found.join(" ") }) : "";
  }

  /* Days of no calendar month, quarter or year are compared with as many days directly before. */
  function compared() {
    const [from, to] = [parse(shown.from), parse(shown.to)];
    const months = [1, 3, 12].find((length) => shown.from.endsWith("-01") && (Number(shown.from.slice(5, 7)) - 1) % length === 0 && `${add_months(shown.from.slice(0, 7), length)}-01` === written(to + DAY));
    if (months) return null;
    const length = to - from + DAY;
    return { first: written(from - length), last: written(from - DAY) };
  }

  function submit() {
    const { from, to, as_of } = shown;
    if (!from || !to || from > to) return;
    shown.dialog.close();
    rankings.go({ from, to, as_of: as_of || null, open: null });
  }
})();
