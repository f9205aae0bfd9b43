/* The sheet machine: one drawer for every work sheet. Python computes the whole sheet anew from the fields at every
   change; here it is patched, and what somebody is typing is never taken away. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const TYPED_MS = 350;
  const SHEET = "/api/desk/sheet";

  let place = null;
  let open = null; /* {name, case_no, view, version, fields, changed, turn, timer, before} */

  desk.sheet = () => open;

  desk.build_sheets = function (root) {
    place = gridwall.dom.node("div", "sheet");
    place.setAttribute("role", "dialog");
    place.setAttribute("aria-modal", "true");
    place.hidden = true;
    root.append(place);
  };

  desk.open_sheet = async function (name, case_no) {
    if (open) desk.leave_sheet();
    const draft = desk.draft(case_no, name);
    const mine = (open = { name, case_no: case_no || "", view: null, version: null, fields: { ...draft }, changed: new Map(), turn: 0, timer: 0, before: document.activeElement, restored: !!draft });
    place.gridwallParts = undefined;
    place.replaceChildren(gridwall.dom.node("p", "sheet-loading", desk.words("sheet.loading")));
    cover(false);
    place.hidden = false;
    try {
      const view = await desk.post(SHEET, { sheet: name, case_no: mine.case_no, fields: mine.fields });
      if (open !== mine) return;
      mine.version = view.version;
      place.replaceChildren();
      show(view);
      first_focus();
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      if (open === mine) close();
      if (problem.kind !== "signed_out") desk.toast(problem.kind === "lost" ? desk.words("sheet.no_answer") : problem.sentence, "warn");
    }
  };

  function show(view) {
    open.view = view;
    take_values([...view.left, ...view.middle, ...view.right]);
    cover(view.size === "full");
    place.hidden = false;
    draw(view);
  }

  function cover(full) {
    gridwall.dom.classes(place, full ? "sheet full" : "sheet");
    for (const id of ["desk-case", "desk-side"]) document.getElementById(id).inert = true;
    document.getElementById("desk-queue").inert = full;
  }

  /* The server's values, but for a field changed since the question was sent. */
  function take_values(blocks) {
    for (const block of blocks) {
      if (block.blocks) take_values(block.blocks);
      if (block.name !== undefined && block.value !== undefined && !block.read_only && !newer(block.name)) open.fields[block.name] = block.value;
    }
  }

  const newer = (name) => (open.changed.get(name) || 0) > (open.answered || 0);

  desk.sheet_value = (block) => (open && open.fields[block.name] !== undefined ? open.fields[block.name] : block.value);

  /* A field has changed. Text waits until the typing pauses; a choice is computed at once. */
  desk.sheet_changed = function (name, value, at_once) {
    if (!open || open.fields[name] === value) return;
    open.fields[name] = value;
    open.changed.set(name, open.turn + 1);
    desk.keep_draft(open.case_no, open.name, open.fields);
    open.behind = true;
    clearTimeout(open.timer);
    open.timer = setTimeout(compute, at_once ? 0 : TYPED_MS);
  };

  /* One question at a time: what changes meanwhile is asked for in the next one. */
  async function compute() {
    const mine = open;
    if (!mine || mine.computing) return;
    const turn = (mine.turn += 1);
    mine.computing = true;
    try {
      const view = await desk.post(SHEET, { sheet: mine.name, case_no: mine.case_no, fields: mine.fields });
      mine.answered = turn;
      mine.stale = "";
      if (open === mine) show(view);
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      mine.pressed = "";
      mine.stale = problem.kind === "lost" ? desk.words("sheet.no_answer") : problem.sentence;
    } finally {
      mine.computing = false;
    }
    if (open === mine) computed(mine, turn);
  }

  function computed(mine, turn) {
    mine.behind = [...mine.changed.values()].some((changed) => changed > turn);
    foot(mine.view);
    if (mine.behind) compute();
    else if (mine.pressed) {
      const name = mine.pressed;
      mine.pressed = "";
      desk.press_sheet(name);
    }
  }

  /* ---- drawing ---- */

  function draw(view) {
    const { node, part, attribute, classes, hide } = gridwall.dom;
    attribute(place, "aria-label", view.title);
    head(part(place, "head", () => node("header", "sheet-head")), view);
    const body = part(place, "body", () => node("div"));
    classes(body, `sheet-body${view.middle.length ? " three" : ""}${view.right_wide ? " wide" : ""}${view.right.length ? "" : " alone"}`);
    for (const side of ["left", "middle", "right"]) {
      const column = part(body, side, () => {
        const made = node(side === "right" ? "aside" : "section", side);
        made.tabIndex = 0;
        made.setAttribute("role", "group");
        return made;
      });
      attribute(column, "aria-label", view.title);
      hide(column, !view[side].length);
      desk.draw_blocks(column, view[side]);
    }
    part(place, "foot", () => node("footer", "sheet-foot"));
    foot(view);
  }

  function head(header, view) {
    const { node, part, text, hide } = gridwall.dom;
    text(part(header, "title", () => node("h1")), view.title);
    const lines = part(header, "lines", () => node("p", "", node("b"), node("span"), node("br"), node("span")));
    const [strong, ...rest] = view.lines[0].split("，");
    text(lines.children[0], strong);
    text(lines.children[1], rest.length ? `，${rest.join("，")}` : "");
    hide(lines.children[2], !view.lines[1]);
    text(lines.children[3], view.lines[1]);
    const count = part(header, "count", () => node("div", "count-sheet", node("span"), node("small")));
    hide(count, !view.case_no || view.case_no !== desk.case_no);
    part(header, "close", () => {
      const button = node("button", "close-sheet", desk.words("sheet.close"), node("kbd", "kbd", "Esc"));
      button.type = "button";
      button.addEventListener("click", desk.leave_sheet);
      return button;
    });
    desk.sheet_countdown(desk.countdown_of_case());
  }

  desk.sheet_countdown = function (now) {
    if (!open || !open.view || !now || !place.gridwallParts) return;
    const { text, classes } = gridwall.dom;
    const count = place.gridwallParts.head.gridwallParts.count;
    classes(count, `count-sheet ${now.tone}`);
    text(count.firstChild, now.text);
    text(count.lastChild, [now.label, desk.due_text()].filter(Boolean).join("，"));
  };

  function foot(view) {
    const { node, part, text, keyed, hide } = gridwall.dom;
    const footer = place.gridwallParts.foot;
    const words = part(footer, "words", () => node("p", "", node("span"), node("span", "problem")));
    words.lastChild.setAttribute("role", "status");
    const primary = view.buttons.find((one) => one.primary);
    const why = primary && !view.foot.includes(primary.why_not) ? primary.why_not : "";
    const stop = open.stale || open.refused || (open.behind ? desk.words("sheet.computing") : why);
    text(words.firstChild, view.foot);
    text(words.lastChild, stop ? ` ${stop}` : "");
    hide(words.lastChild, !stop);
    const restored = part(footer, "restored", () => desk.button(desk.words("sheet.drop_draft"), drop_draft, "quiet"));
    hide(restored, !open.restored);
    const buttons = part(footer, "buttons", () => node("div", "buttons"));
    keyed(buttons, view.buttons.map((one) => ({ ...one, key: one.name })), make, update);
  }

  function make(given) {
    const { node } = gridwall.dom;
    const button = node("button", "btn", node("span"), node("kbd", "kbd"));
    button.type = "button";
    button.dataset.button = given.name;
    button.addEventListener("click", () => desk.press_sheet(given.name));
    return button;
  }

  function update(button, given) {
    const { text, classes, attribute, hide } = gridwall.dom;
    const busy = !!desk.busy && given.primary;
    text(button.firstChild, busy ? desk.words("send.busy") : given.label);
    text(button.lastChild, given.keys);
    hide(button.lastChild, !given.keys);
    classes(button, `btn${given.primary ? " pri" : ""}${busy ? " busy" : ""}`);
    attribute(button, "aria-disabled", given.why_not || desk.busy ? "true" : "");
    attribute(button, "title", given.why_not);
  }

  desk.sheet_busy = () => open && open.view && foot(open.view);
  desk.sheet_refused = function (problem) {
    if (!open || !open.view) return;
    open.refused = problem.sentence;
    foot(open.view);
  };

  /* ---- what the buttons do ---- */

  desk.press_sheet = function (name) {
    const button = open && open.view && open.view.buttons.find((one) => one.name === name);
    if (!button || desk.busy) return;
    if (open.behind && name !== "close" && name !== "draft") return void wait_and_press(name);
    if (button.why_not) return;
    if (name === "close") desk.leave_sheet();
    else if (name === "draft") keep();
    else if (name === "print") window.print();
    else if (desk.settings.sheets.includes(name)) desk.open_sheet(name, open.case_no);
    else submit(button);
  };

  /* Nobody sends what has not been weighed: the newest words are computed first, then the button is pressed. */
  function wait_and_press(name) {
    open.pressed = name;
    clearTimeout(open.timer);
    foot(open.view);
    compute();
  }

  function keep() {
    desk.keep_sheet();
    desk.leave_sheet();
    desk.toast(desk.words("sheet.draft_kept"), "");
  }

  const VERBS = { refuse: "refuse_application" };

  async function submit(button) {
    const mine = open;
    const { view } = mine;
    if (!desk.online()) return void desk.toast(desk.words("hold.offline"), "warn");
    mine.refused = "";
    desk.keep_sheet();
    const fields = { ...mine.fields, ...view.given };
    const after = () => finished(mine);
    if (view.post) {
      const done = await desk.commanded(view.post, { button: button.name, fields }, button.label, { text: "", kept: true });
      if (done) after();
      if (done && done.case_no && done.case_no !== mine.case_no) desk.open_case(done.case_no, { focus: true });
      return void desk.pull(true);
    }
    const action = button.name === "submit" ? view.action : VERBS[button.name] || button.name;
    return void desk.act(action, fields, button.label, { case_no: view.case_no, version: mine.version, kept: true, after, sheet: true });
  }

  function finished(mine) {
    desk.drop_draft(mine.case_no, mine.name);
    if (open === mine) close();
  }

  async function drop_draft() {
    const { name, case_no } = open;
    desk.drop_draft(case_no, name);
    close();
    await desk.open_sheet(name, case_no);
  }

  desk.keep_sheet = function () {
    if (open && open.view && open.changed.size) desk.keep_draft(open.case_no, open.name, open.fields);
  };

  desk.leave_sheet = function () {
    if (!open) return;
    desk.keep_sheet();
    close();
  };

  function close() {
    const { before } = open;
    clearTimeout(open.timer);
    open = null;
    place.hidden = true;
    for (const id of ["desk-case", "desk-side", "desk-queue"]) document.getElementById(id).inert = false;
    if (before && before.isConnected && before.offsetParent !== null && before !== document.body) before.focus();
    else document.getElementById("desk-case").focus();
  }

  /* A sheet opens at its top: the words get the focus where they are seen without scrolling. */
  function in_view(node) {
    return node.getBoundingClientRect().bottom <= node.closest(".left, .right").getBoundingClientRect().bottom + 1;
  }

  function first_focus() {
    const words = place.querySelector(".left textarea, .right textarea");
    const first = place.querySelector(".left input:not([readonly]):not([disabled]), .left button") || place.querySelector(".pri");
    const empty = [...place.querySelectorAll(".left .select input")].find((one) => !one.value && !one.closest(".select").gridwallBlock.many);
    const wanted = empty || (words && in_view(words) ? words : first || words);
    if (wanted) wanted.focus();
  }

  /* ---- keys in a sheet: true = the key was the sheet's; single keys of the desk are off ---- */

  desk.sheet_key = function (event) {
    if (!open) return false;
    if (!open.view) return waiting_key(event);
    const typing = event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") {
      event.preventDefault();
      if (!desk.close_list()) desk.leave_sheet();
    } else if (event.key === "Enter" && command) pressed(event, (one) => one.primary);
    else if (event.key === "Backspace" && command) pressed(event, (one) => one.name === "refuse");
    else if (event.key.toLowerCase() === "p" && !typing && !command) pressed(event, (one) => one.name === "print");
    else if (/^[1-9]$/.test(event.key) && !typing && !command) digit(event);
    else desk.trap(place, event);
    return true;
  };

  /* While the sheet is on its way only Esc means something: it is for the sheet and not for the hold. */
  function waiting_key(event) {
    if (event.key === "Escape") desk.leave_sheet();
    if (event.key === "Escape" || event.key === "Tab") event.preventDefault();
    return true;
  }

  function pressed(event, which) {
    event.preventDefault();
    const button = open.view.buttons.find(which);
    if (button) desk.press_sheet(button.name);
  }

  /* The chips that have the focus, else the first ones. */
  function digit(event) {
    const chips = event.target.closest(".block.chips, .block.cards, .block.tabs") || place.querySelector(".block.chips") || place.querySelector(".block.cards");
    const radio = chips && chips.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (radio && !radio.disabled) {
      event.preventDefault();
      radio.click();
      radio.focus();
    }
  }
})();
