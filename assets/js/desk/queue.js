/* The queue: rows kept by key. It is never put in another order under the pointer or while a row has the focus:
   what is new waits in a bar until the bar is pressed, or until hand and eye have left the list for three seconds. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const LEFT_MS = 3000;

  let shown = null; /* the view whose order is on the screen */
  let fresh = null; /* the newest view: the figures of the rows */
  let waiting = false;
  let pointer = { inside: false, left: -LEFT_MS };
  let focus = { inside: false, left: -LEFT_MS };
  const opened = new Set();

  desk.queue_view = () => fresh;
  desk.shown_rows = () => (shown ? shown.groups.flatMap((group) => group.rows) : []);
  desk.row_of = (case_no) => (fresh ? fresh.groups.flatMap((group) => group.rows).find((row) => row.case_no === case_no) : undefined);
  desk.group_of = (case_no) => (shown ? shown.groups.find((group) => group.rows.some((row) => row.case_no === case_no)) : undefined);

  desk.watch_queue = function () {
    const list = desk.list;
    list.addEventListener("pointerenter", () => (pointer.inside = true));
    list.addEventListener("pointerleave", () => (pointer = { inside: false, left: performance.now() }));
    list.addEventListener("focusin", () => (focus.inside = true));
    list.addEventListener("focusout", (event) => {
      if (!list.contains(event.relatedTarget)) focus = { inside: false, left: performance.now() };
    });
    list.addEventListener("click", clicked);
  };

  function clicked(event) {
    const several = event.target.closest(".several");
    if (several) return desk.open_several(several.dataset.group);
    const row = event.target.closest(".q");
    if (!row) return undefined;
    desk.choose(row.dataset.case);
    return desk.open_case(row.dataset.case, { hold: true });
  }

  const away = (place) => !place.inside && performance.now() - place.left >= LEFT_MS;
  const free = () => away(pointer) && away(focus);

  const order = (view) => view.groups.map((group) => [group.key, ...group.rows.map((row) => row.case_no)].join(" ")).join("|");

  /* `asked`: the person changed tab, words or filters, and waits for the answer. */
  desk.accept_queue = function (view, asked) {
    fresh = view;
    desk.draw_heads(view);
    if (asked || !shown || order(view) === order(shown) || free()) return apply();
    waiting = true;
    patch();
    return bar();
  };

  desk.apply_queue = function () {
    if (waiting) apply();
  };

  function apply() {
    const first = !shown;
    shown = fresh;
    waiting = false;
    draw();
    bar();
    if (!first && desk.chosen) reveal(desk.chosen);
    desk.count_queue();
  }

  desk.each_second = function () {
    if (waiting && free()) apply();
    tick();
    desk.draw_countdown();
  };

  function bar() {
    const { text, hide } = gridwall.dom;
    const button = desk.bar;
    hide(button, !waiting);
    if (!waiting) return;
    const known = new Set(desk.shown_rows().map((row) => row.case_no));
    const count = fresh.groups.flatMap((group) => group.rows).filter((row) => !known.has(row.case_no)).length;
    text(button.firstChild, count ? desk.words("queue.waiting_new", { count }) : desk.words("queue.waiting_moved"));
  }

  /* ---- drawing ---- */

  function draw() {
    const { keyed } = gridwall.dom;
    const groups = shown.groups;
    keyed(desk.list.firstChild, groups, makeGroup, updateGroup);
    empty(shown);
    roving();
    tick();
  }

  function makeGroup(group) {
    const { node, part } = gridwall.dom;
    const section = node("section", "group");
    const head = part(section, "head", () => node("div", "group-head"));
    part(head, "name", () => node("h2"));
    part(head, "share", () => node("span", "share"));
    const sums = part(head, "sums", () => node("span", "sums"));
    part(sums, "late", () => node("b"));
    part(sums, "soon", () => node("span"));
    if (desk.settings.person.desk) {
      part(head, "several", () => {
        const button = node("button", "several", desk.words("queue.several"));
        Object.assign(button, { type: "button", tabIndex: -1 });
        button.dataset.group = group.key;
        return button;
      });
    }
    part(section, "rows", () => node("div", "rows"));
    part(section, "more", () => node("p", "more"));
    return section;
  }

  function updateGroup(section, group) {
    const { text, keyed, attribute, hide } = gridwall.dom;
    const { head, rows, more } = section.gridwallParts;
    const parts = head.gridwallParts;
    text(parts.name, group.name);
    text(parts.share, group.share || "");
    hide(parts.share, !group.share);
    text(parts.sums.gridwallParts.late, group.late || "");
    text(parts.sums.gridwallParts.soon, group.late && group.soon ? `，${group.soon}` : group.soon || "");
    if (parts.several) attribute(parts.several, "aria-label", desk.words("queue.several_of", { unit: group.name }));
    attribute(head, "title", group.message);
    text(more, group.more ? desk.words("queue.more", { count: group.more }) : "");
    hide(more, !group.more);
    keyed(rows, group.rows.map((row) => ({ ...row, key: row.case_no })), makeRow, updateRow);
  }

  function makeRow(row) {
    const { node, part } = gridwall.dom;
    const button = node("button", "q");
    Object.assign(button, { type: "button", tabIndex: -1 });
    button.dataset.case = row.case_no;
    const countdown = part(button, "countdown", () => node("span", "countdown"));
    part(countdown, "text", () => node("span"));
    part(countdown, "label", () => node("small"));
    part(button, "category", () => node("span", "category"));
    part(button, "tag", () => node("span", "tag"));
    part(button, "place", () => node("span", "place"));
    watch(button);
    return button;
  }

  function updateRow(button, row) {
    const { text, classes } = gridwall.dom;
    const parts = button.gridwallParts;
    button.gridwallRow = row;
    text(parts.category, row.category);
    text(parts.tag, row.tag ? row.tag.text : "");
    classes(parts.tag, `tag ${(row.tag && row.tag.tone) || ""}`);
    text(parts.place, [...(row.marks || []), row.place].join("，"));
    look(button, row);
    if (!parts.countdown.textContent) count(button);
  }

  function look(button, row) {
    const { classes, attribute } = gridwall.dom;
    const selected = desk.case_no === row.case_no;
    const fresh_alert = row.new && !row.mine && !opened.has(row.case_no);
    classes(button, `q ${button.gridwallTone || ""}${selected ? " selected" : ""}${fresh_alert ? " new" : ""}${row.gone ? " gone" : ""}`);
    attribute(button, "aria-current", selected ? "true" : "");
  }

  /* Figures of the rows on the screen, from the newest view, in the old order. A row that has left stays, dimmed. */
  function patch() {
    const newest = new Map(fresh.groups.flatMap((group) => group.rows).map((row) => [row.case_no, row]));
    for (const button of desk.list.querySelectorAll(".q")) {
      updateRow(button, newest.get(button.dataset.case) || { ...button.gridwallRow, gone: true });
    }
    tick();
  }

  /* Every second for the rows in view; the others when they come into it. */
  const seen = new Set();
  let watcher = null;

  function watch(button) {
    watcher =
      watcher ||
      new IntersectionObserver(
        (entries) => {
          for (const { target, isIntersecting } of entries) {
            if (isIntersecting) seen.add(target);
            else seen.delete(target);
            if (isIntersecting) count(target);
          }
        },
        { root: desk.list, rootMargin: "150px" },
      );
    watcher.observe(button);
  }

  function tick() {
    for (const button of seen) {
      if (button.isConnected) count(button);
      else seen.delete(button);
    }
  }

  function count(button) {
    const { text } = gridwall.dom;
    const row = button.gridwallRow;
    if (!fresh || !row) return;
    const now = desk.countdown(row.clock, fresh.as_of, fresh.working);
    const { countdown } = button.gridwallParts;
    text(countdown.gridwallParts.text, now.text);
    text(countdown.gridwallParts.label, now.label);
    const tone = now.paused ? `${now.tone} paused` : now.tone;
    if (button.gridwallTone !== tone) {
      button.gridwallTone = tone;
      look(button, row);
    }
  }

  function empty(view) {
    const { node, part, text, hide } = gridwall.dom;
    const none = !view.groups.some((group) => group.rows.length);
    const place = part(desk.list, "empty", () => node("div", "none"));
    hide(place, !none);
    if (!none) return;
    const given = view.empty || { head: desk.words("queue.none"), line: desk.words("queue.none_line") };
    const head = part(place, "head", () => node("p", "head-line", gridwall.dom.sign("dot"), node("b")));
    text(head.lastChild, given.head);
    text(part(place, "line", () => node("p")), given.line || "");
    const clear = part(place, "clear", () => desk.button("", () => (place.gridwallDrop ? desk.drop_filter(place.gridwallDrop) : desk.clear_filters())));
    place.gridwallDrop = given.button && given.button.drop;
    text(clear, given.button ? given.button.label : desk.words("queue.clear"));
    hide(clear, !desk.filtered());
  }

  /* ---- choosing ---- */

  /* One stop of the Tab key: the chosen row, else the first. */
  function roving() {
    const rows = [...desk.list.querySelectorAll(".q")];
    const stop = rows.find((row) => row.dataset.case === desk.chosen) || rows[0];
    for (const row of rows) {
      const index = row === stop ? 0 : -1;
      if (row.tabIndex !== index) row.tabIndex = index;
      if (row.gridwallRow) look(row, row.gridwallRow);
    }
  }

  const node_of = (case_no) => desk.list.querySelector(`.q[data-case="${CSS.escape(case_no)}"]`);

  function reveal(case_no) {
    const row = node_of(case_no);
    if (row) row.scrollIntoView({ block: "nearest" });
  }

  desk.choose = function (case_no) {
    desk.chosen = case_no;
    opened.add(case_no);
    roving();
  };

  desk.mark_rows = roving;

  /* J and K: by one row, onto the row; the case is shown, not yet held. */
  desk.step = function (by) {
    const rows = desk.shown_rows().map((row) => row.case_no);
    if (!rows.length) return;
    const at = rows.indexOf(desk.chosen);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
    desk.choose(rows[next]);
    reveal(rows[next]);
    const row = node_of(rows[next]);
    if (row) row.focus({ preventScroll: true });
    desk.preview(rows[next]);
  };

  desk.focus_first = function () {
    const first = desk.shown_rows()[0];
    if (!first) return;
    desk.choose(first.case_no);
    desk.focus_queue();
  };

  desk.focus_queue = function () {
    const row = (desk.chosen && node_of(desk.chosen)) || desk.list.querySelector(".q");
    if (!row) return;
    if (row.dataset.case !== desk.chosen) desk.choose(row.dataset.case);
    row.focus();
  };
})();
