/* The whole duty by keyboard. Single keys are off while somebody types, in a sheet and in a dialog. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  /* The card: words, then the caps. */
  desk.keys = [
    ["move", "K", "J"], ["open", "Enter"], ["find", "/"], ["note", "N"],
    ["receive", "S"], ["urge", "C"], ["supervise", "D"], ["reassign", "R"],
    ["co_dispatch", "B"], ["return", "Z"], ["extension", "Y"], ["suspension", "G"],
    ["register", "L"], ["dispatch", "P"], ["handle", "F"], ["recheck_pass", "T"], ["recheck_fail", "W"],
    ["close", "E"], ["instruct", "M"], ["claim", "A"], ["several", "X"], ["apply", "U"],
    ["entry", "I"], ["handover", "H"], ["submit", "Ctrl Enter"], ["refuse", "Ctrl Back"],
    ["choose", "1–9"], ["leave", "Esc"], ["all", "?"],
  ];
  /* What the side shows; the rest is on the card. */
  desk.short_keys = ["move", "receive", "urge", "supervise", "reassign", "co_dispatch", "leave", "all"];

  const PLAIN = {
    j: () => desk.step(1),
    k: () => desk.step(-1),
    "/": () => desk.search.select(),
    n: () => desk.focus_memo(),
    u: () => desk.apply_queue(),
    x: () => desk.open_several((desk.group_of(desk.chosen) || {}).key),
    i: () => desk.settings.person.desk && desk.open_sheet("entry", ""),
    h: () => desk.settings.person.desk && desk.open_sheet("handover", ""),
    "?": () => desk.key_card(),
  };

  /* A key pressed while its case is still on the way waits for it, a moment and no longer. */
  const EARLY_MS = 2000;
  let early = null;
  desk.case_arrived = function () {
    const waiting = early;
    early = null;
    if (!waiting || waiting.case_no !== desk.case_no || performance.now() - waiting.at > EARLY_MS) return;
    const action = desk.action_by_key(waiting.cap);
    if (action) desk.press(action.name);
  };

  const typing = (node) => node.matches("textarea, select, input:not([type=checkbox], [type=radio])") || node.isContentEditable;

  desk.listen_to_keys = function () {
    document.addEventListener("keydown", (event) => {
      desk.worked_on();
      if (event.isComposing || desk.modal_key(event)) return;
      if (desk.sheet_key(event)) return;
      if (event.key === "Escape") return escape(event);
      if (typing(event.target)) return typed(event);
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      plain(event);
    });
    document.addEventListener("pointerdown", () => desk.worked_on());
  };

  function typed(event) {
    const send = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (send && desk.in_memo(event.target)) {
      event.preventDefault();
      desk.send_note();
    } else if (event.key === "Enter" && event.target === desk.search) desk.search_now();
  }

  function plain(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const chosen = desk.chosen && !desk.held_by_me();
    if (key === "Enter" && chosen && (event.target.matches(".q") || !event.target.matches("button, a, summary"))) {
      event.preventDefault();
      desk.open_case(desk.chosen, { hold: true, focus: true });
      return;
    }
    const action = desk.action_by_key(key.toUpperCase());
    if (!action && !PLAIN[key] && desk.case_no && !desk.case_view()) early = { cap: key.toUpperCase(), at: performance.now(), case_no: desk.case_no };
    const act = action ? () => desk.press(action.name) : PLAIN[key];
    if (!act || event.repeat && !"jk".includes(key)) return;
    event.preventDefault();
    act();
  }

  /* One step back: out of the field, then out of the hold, then back to the queue. */
  function escape(event) {
    if (typing(event.target)) {
      event.preventDefault();
      if (event.target === desk.search && desk.search.value) desk.clear_filters();
      else if (event.target === desk.search) desk.focus_queue();
      else document.getElementById("desk-case").focus();
    } else if (desk.held_by_me()) desk.hold("release");
    else desk.focus_queue();
  }
})();
