/* The drawer beside the table: opened by the address, filled from /why, closed by Esc, with the focus given back. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const PULL = 60; /* px down from where the head was held */
  const SHUT = { open: null, tab: null, page: null, in_score: null, full: null };
  let shown = null; /* the key that is drawn, or being asked for */
  let asking = null;

  rankings.why = null; /* the last answer of /why */
  rankings.why_words = (key, values) => {
    const words = rankings.settings.why[key];
    return values ? words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : words;
  };

  /* What stands behind the shown figures is asked of their instant, so that proof and lists agree with the table. */
  rankings.behind = () => ({ ...rankings.view.address, as_of: rankings.view.instant });

  const place = () => document.getElementById("rankings-drawer");
  const sheet = matchMedia("(max-width: 640px)"); /* there it lies over the page, which then waits */

  function cover() {
    document.getElementById("rankings-main").inert = sheet.matches && !place().hidden;
  }
  sheet.addEventListener("change", cover);

  rankings.on("view", () => arrived(rankings.state(), true));
  rankings.on("open", () => arrived(rankings.state(), false));
  rankings.on("own", (state) => rankings.why && state.open === rankings.why.key && rankings.draw_cases(state));

  function arrived(state, again) {
    const key = state.open || null;
    if (!key) return shut();
    if (key === shown && !again) return;
    load(key, key === shown && rankings.why !== null);
  }

  /* `quietly`: what is shown stays until the new figures are there. */
  async function load(key, quietly) {
    if (asking) asking.abort();
    const own = (asking = new AbortController());
    const fresh = key !== shown;
    shown = key;
    place().hidden = false;
    cover();
    if (!quietly) waiting();
    try {
      const given = await rankings.get("why", { ...rankings.behind(), key }, { signal: own.signal, alone: quietly });
      if (own !== asking) return;
      const before = rankings.why;
      rankings.why = given;
      if (quietly && JSON.stringify(before) === JSON.stringify(given)) return;
      draw(given, fresh);
    } catch (error) {
      if (own !== asking || own.signal.aborted) return;
      if (!(error instanceof rankings.Problem)) throw error;
      if (!quietly) said(error.sentence);
    }
  }

  const grip = () => gridwall.dom.node("i", "grip");

  function shell(name, ...more) {
    const { node } = gridwall.dom;
    const heading = node("h2", "", name);
    heading.tabIndex = -1;
    const close = rankings.button(rankings.why_words("close"), "shut", () => rankings.go(SHUT));
    close.append(gridwall.dom.node("kbd", "", "Esc"));
    return node("div", "drawer-head", heading, ...more, close);
  }

  function waiting() {
    const { node } = gridwall.dom;
    rankings.why = null;
    const row = rankings.row(shown);
    const name = row ? row.querySelector(".open").title : shown;
    const blocks = node("div", "blocks", node("i"), node("i"), node("i"), node("i"));
    const line = node("p", "unseen", rankings.why_words("loading"));
    line.setAttribute("role", "status");
    place().replaceChildren(grip(), shell(name), line, blocks);
  }

  function said(sentence) {
    rankings.why = null;
    const line = gridwall.dom.node("p", "refused", sentence);
    line.setAttribute("role", "alert");
    const row = rankings.row(shown);
    place().replaceChildren(grip(), shell(row ? row.querySelector(".open").title : shown), line);
  }

  function draw(given, fresh) {
    const { node } = gridwall.dom;
    const kept = fresh ? null : keep();
    const marks = [];
    if (given.grade) marks.push(node("span", `grade ${given.grade.tone}`, given.grade.text));
    if (given.crossed) marks.push(node("b", "crossed", `▲ ${given.crossed}`));
    if (given.calm) marks.push(node("span", "calm", given.calm));
    const head = shell(given.name, ...marks);
    const proof = node("div", "proof");
    place().replaceChildren(grip(), head, node("p", "meta", given.meta), proof);
    if (given.kind === "watch") rankings.draw_watched(proof, given);
    else rankings.draw_proof(proof, given);
    place().append(rankings.build_cases(given));
    if (kept) restore(kept);
    rankings.draw_cases(rankings.state());
    if (fresh) place().scrollTop = 0;
    if (fresh || (kept.focused && !place().contains(document.activeElement))) head.querySelector("h2").focus({ preventScroll: true });
  }

  /* New figures for the same unit: what a person has unfolded, typed and scrolled to stays. */
  function keep() {
    const inside = document.activeElement;
    return {
      scrolled: place().scrollTop,
      focused: place().contains(inside),
      named: inside && inside.name,
      open: [...place().querySelectorAll("details[open]")].map((one) => one.className),
      typed: [...place().querySelectorAll("input")].map((one) => [one.name, one.value]),
    };
  }

  function restore(kept) {
    for (const name of kept.open) {
      const folded = place().querySelector(`details.${name}`);
      if (folded) folded.open = true;
    }
    for (const [name, value] of kept.typed) {
      const field = place().querySelector(`input[name="${name}"]`);
      if (!field || !value) continue;
      field.value = value;
      field.dispatchEvent(new Event("input"));
      if (kept.named === name) field.focus({ preventScroll: true });
    }
    place().scrollTop = kept.scrolled;
  }

  function shut() {
    const was = shown;
    if (asking) asking.abort();
    asking = shown = rankings.why = null;
    if (place().hidden) return;
    const focused = place().contains(document.activeElement) || document.activeElement === document.body;
    place().hidden = true;
    cover();
    place().replaceChildren();
    delete rankings.root.dataset.full;
    const row = was && rankings.row(was);
    if (row && focused) row.querySelector(".open").focus({ preventScroll: true });
  }

  /* On a phone the sheet is pulled down by its head. */
  let pulled = null;
  addEventListener("pointerdown", (event) => {
    const held = sheet.matches && shown && event.target.closest && event.target.closest(".drawer-head, #rankings-drawer > .grip");
    pulled = held && !event.target.closest("button") ? event.clientY : null;
  });
  addEventListener("pointerup", (event) => {
    if (pulled !== null && event.clientY - pulled > PULL) rankings.go(SHUT);
    pulled = null;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !shown || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    rankings.go(rankings.state().full ? { full: null } : SHUT);
  });
})();
