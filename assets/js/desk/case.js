/* The case: what is so, how it came about, and what can be done. Kept by parts, patched where something changed. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const SETTLE_MS = 220;

  let view = null;
  let etag = null;
  let as_of = 0;
  let asking = 0; /* the newest question: an older answer is not drawn */
  let settle = 0;

  desk.case_no = null;
  desk.case_view = () => view;

  /* Shown while passing by with J and K: read, not held. */
  desk.preview = function (case_no) {
    clearTimeout(settle);
    settle = setTimeout(() => desk.open_case(case_no, {}), SETTLE_MS);
  };

  /* `hold`: take the lease; `focus`: move there; `again`: also when it is open already. */
  desk.open_case = async function (case_no, { hold, focus, again, back } = {}) {
    clearTimeout(settle);
    const other = desk.case_no !== case_no;
    if (other) {
      if (desk.case_no) desk.leave_case();
      desk.case_no = case_no;
      view = null;
      remember(case_no, back);
    }
    if (other || again) etag = null;
    desk.root.dataset.view = "case";
    desk.choose(case_no);
    if (other) draw();
    await desk.refresh_case();
    if (desk.case_no !== case_no) return;
    if (hold) desk.take_hold();
    if (focus) document.getElementById("desk-case").focus();
  };

  function remember(case_no, back) {
    const address = case_no ? `/dispatch?case=${encodeURIComponent(case_no)}` : "/dispatch";
    if (!back && location.pathname + location.search !== address) history.pushState(null, "", address);
  }

  desk.close_case = function (back) {
    desk.leave_case();
    desk.case_no = view = etag = null;
    desk.root.dataset.view = "queue";
    remember(null, back);
    draw();
    desk.mark_rows();
    desk.focus_queue();
  };

  desk.leave_case = function () {
    desk.keep_memo();
    desk.release_hold();
  };

  /* What was asked before this moment is older than what is known now, and is not drawn. */
  desk.outdate_case = function () {
    asking += 1;
    etag = null;
  };

  desk.refresh_case = async function (alone) {
    const case_no = desk.case_no;
    if (!case_no) return;
    const mine = (asking += 1);
    try {
      const answer = await desk.read(`/api/desk/case/${encodeURIComponent(case_no)}`, etag, alone);
      if (mine !== asking || case_no !== desk.case_no) return;
      if (!answer) return;
      etag = answer.etag;
      const was = view;
      view = answer.view;
      as_of = view.as_of || desk.now();
      if (view.now) desk.heard(view);
      desk.hold_seen(was && was.hold, view.hold);
      draw();
      if (!was) desk.case_arrived();
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      if (problem.kind === "missing" || problem.kind === "denied") gone(case_no, problem);
      else if (problem.kind !== "signed_out" && problem.kind !== "lost") throw problem;
    }
  };

  function gone(case_no, problem) {
    view = null;
    draw(problem.kind === "missing" ? { head: desk.words("missing.head", { case_no }), line: problem.error.then || desk.words("missing.line") } : { head: problem.error.what, line: problem.error.then });
  }

  /* ---- drawing ---- */

  function draw(notice) {
    const { node, part, hide } = gridwall.dom;
    const root = document.getElementById("desk-case");
    const none = part(root, "none", () => node("div", "no-case", node("div", "", node("h1"), node("p"))));
    const body = part(root, "body", build);
    hide(none, !!view);
    hide(body, !view);
    if (!view) {
      const words = notice || (desk.case_no ? { head: desk.words("case.loading"), line: desk.case_no } : { head: desk.words("case.none"), line: desk.words("case.none_line") });
      gridwall.dom.text(none.firstChild.firstChild, words.head);
      gridwall.dom.text(none.firstChild.lastChild, words.line || "");
      desk.draw_side(null);
      return;
    }
    const parts = body.gridwallParts;
    head(parts.head);
    facts(parts.middle.gridwallParts.facts);
    description(parts.middle.gridwallParts.description);
    desk.draw_stages(parts.middle.gridwallParts.stages, view.stages || []);
    desk.draw_pending(parts.middle.gridwallParts.pending, view);
    desk.draw_log(parts.middle.gridwallParts.log, view.log || []);
    desk.draw_hold();
    desk.draw_actions();
    desk.draw_memo();
    desk.draw_countdown();
    desk.draw_side(view);
  }

  desk.draw_case = () => draw();

  function build() {
    const { node, part } = gridwall.dom;
    const body = node("div", "case-parts");
    part(body, "hold", () => node("div", "hold"));
    const header = part(body, "head", () => node("header", "case-head"));
    const name = part(header, "name", () => node("div"));
    part(header, "back", () => desk.button(desk.words("queue.back"), () => desk.close_case(), "back"));
    part(name, "title", () => node("h1"));
    part(name, "line", () => node("p"));
    const count = part(header, "count", () => node("div", "count-big"));
    part(count, "text", () => node("span"));
    part(count, "label", () => node("small"));
    const middle = part(body, "middle", () => {
      const made = node("div", "case-middle");
      made.tabIndex = 0;
      made.setAttribute("role", "region");
      made.setAttribute("aria-label", desk.words("area.case"));
      return made;
    });
    part(middle, "facts", () => node("dl", "facts"));
    part(middle, "description", () => node("div", "description"));
    part(middle, "stages", () => node("ol", "stages"));
    part(middle, "pending", () => node("div", "pending"));
    part(middle, "log", () => node("ol", "log"));
    part(body, "memo", desk.build_memo);
    part(body, "actions", () => {
      const made = node("div", "actions");
      made.setAttribute("role", "group");
      made.setAttribute("aria-label", desk.words("area.actions"));
      return made;
    });
    return body;
  }

  function head(header) {
    const { text } = gridwall.dom;
    text(header.gridwallParts.name.gridwallParts.title, view.title);
    text(header.gridwallParts.name.gridwallParts.line, view.line);
  }

  desk.countdown_of_case = function () {
    const queue = desk.queue_view();
    return view ? desk.countdown(view.clock, as_of, view.working || (queue && queue.working)) : null;
  };

  desk.draw_countdown = function () {
    const now = desk.countdown_of_case();
    if (now) {
      const body = document.getElementById("desk-case").gridwallParts.body;
      clock(body.gridwallParts.head.gridwallParts.count, now);
    }
    if (desk.sheet_countdown) desk.sheet_countdown(now);
  };

  function clock(place, now) {
    const { text, classes } = gridwall.dom;
    classes(place, `count-big ${now.tone}${now.paused ? " paused" : ""}`);
    text(place.gridwallParts.text, now.text);
    text(place.gridwallParts.label, [now.label, view.clock.due_text].filter(Boolean).join("，"));
  }
  desk.due_text = () => (view ? view.clock.due_text : "");

  function facts(list) {
    const { node, keyed, text } = gridwall.dom;
    const items = [...(view.facts || [])];
    if (view.reporter) items.push({ label: "", value: desk.words("case.reporter", view.reporter) });
    const make = () => node("div", "", node("dt"), node("dd"));
    keyed(list, items.map((one, index) => ({ ...one, key: index })), make, (place, one) => {
      text(place.firstChild, one.label || "\u00a0");
      text(place.lastChild, one.value);
    });
  }

  function description(place) {
    const { node, part, text, keyed, hide } = gridwall.dom;
    hide(place, !view.description && !(view.photos || []).length);
    text(part(place, "words", () => node("p")), view.description || "");
    const photos = part(place, "photos", () => node("div", "photos"));
    hide(photos, !(view.photos || []).length);
    keyed(photos, (view.photos || []).map((one) => ({ ...one, key: one.id })), photo, (link, one) => {
      text(link.lastChild, one.label);
    });
  }

  function photo(one) {
    const { node } = gridwall.dom;
    const image = node("img");
    image.loading = "lazy";
    image.alt = desk.words("case.photo", one);
    image.src = one.src.includes("?") ? one.src : `${one.src}?small`;
    const link = node("a", "photo", image, node("span"));
    Object.assign(link, { href: one.src, target: "_blank", rel: "noopener" });
    return link;
  }
})();
