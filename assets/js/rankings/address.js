/* The page's address is its state: everything chosen stands in it, so that a link shows the same view. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});

  /* What only the page itself reads; everything else is asked of the server. */
  const OWN = ["sort", "q", "open", "tab", "which", "page", "in_score", "full", "view", "indicator"];
  const PERIOD = ["period", "on", "from", "to"];
  const listeners = {};

  rankings.on = function (name, listen) {
    (listeners[name] = listeners[name] || []).push(listen);
  };

  rankings.tell = function (name, value) {
    for (const listen of listeners[name] || []) listen(value);
  };

  rankings.state = function () {
    return Object.fromEntries(new URLSearchParams(location.search));
  };

  /* What the server must know of this state to give the same figures. */
  rankings.asked = function (state) {
    return Object.fromEntries(Object.entries(state || rankings.state()).filter(([name]) => !OWN.includes(name)));
  };

  rankings.query = function (state) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) if (value !== undefined && value !== null && value !== "") query.set(name, value);
    return query.toString();
  };

  /* The address that `changes` lead to: null takes a parameter away. What the shown view was asked by is written out,
     so that tomorrow the link still means the same days; a new period takes the place of the old one whole. */
  rankings.next = function (changes) {
    const before = rankings.state();
    const answered = rankings.shown_asked === rankings.query(rankings.asked(before)); /* the shown view is of this address */
    const given = { ...(answered ? rankings.shown_address : {}), ...before };
    if (PERIOD.some((name) => before[name])) for (const name of PERIOD) if (!before[name]) delete given[name];
    if (PERIOD.some((name) => changes[name])) for (const name of PERIOD) delete given[name];
    return { ...given, ...changes };
  };

  /* Goes there; `quietly` without a step back in the browser's history. */
  rankings.go = function (changes, quietly) {
    const before = rankings.state();
    const query = rankings.query(rankings.next(changes));
    if (query === location.search.slice(1)) return;
    history[quietly ? "replaceState" : "pushState"](null, "", `${location.pathname}?${query}`);
    arrived(before);
  };

  /* Tells what has changed: "asked" when other figures are needed, "open" for the drawer, "own" for the rest. */
  function arrived(before) {
    const now = rankings.state();
    const [was, is, shown] = [before, now, rankings.shown_address || {}].map((state) => JSON.stringify(Object.entries(rankings.asked(state)).sort()));
    if (was !== is && (is !== shown || rankings.unsettled)) rankings.tell("asked", now);
    if ((before.open || "") !== (now.open || "")) rankings.tell("open", now.open || null);
    rankings.tell("own", now);
    last = now;
  }

  let last = rankings.state();
  rankings.follow = function () {
    last = rankings.state();
    addEventListener("popstate", () => arrived(last));
  };
})();
