/* Finds the skeleton of the rankings, which Dash puts in after the scripts are loaded, and brings it to life. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  let asking = null;
  let read = 0; /* when the shown view arrived */
  let retry = false; /* the last question had no answer, and may have one later */
  let drawn = ""; /* table or map, and of what */

  rankings.view = null; /* the last answer of /view */

  function start(root) {
    rankings.root = root;
    rankings.settings = JSON.parse(root.dataset.settings);
    document.documentElement.dataset.surface = "rankings";
    document.documentElement.lang = rankings.settings.lang;
    document.title = rankings.words("title");
    root.querySelector(".leave").addEventListener("click", leave);
    addEventListener("beforeprint", () => (document.documentElement.dataset.theme = "light"));
    addEventListener("afterprint", () => delete document.documentElement.dataset.theme);
    rankings.build_controls();
    rankings.follow();
    rankings.on("asked", () => load(false));
    rankings.on("own", (state) => rankings.view && arrange(state));
    rankings.start_age();
    load(false);
    setInterval(() => !document.hidden && again(), rankings.settings.refresh_ms);
    document.addEventListener("visibilitychange", () => !document.hidden && rankings.view_age() * 1000 > rankings.settings.refresh_ms && again());
  }

  /* Figures that may still change: not those that a link or a person has pinned, nor those of a settled period. */
  rankings.live = () => Boolean(rankings.view) && !rankings.state().as_of && (!rankings.view.over || Boolean(rankings.view.unfinished));

  /* Seconds since the shown view was read. */
  rankings.view_age = () => (read ? (performance.now() - read) / 1000 : 0);

  const again = () => (rankings.live() || retry) && load(true);

  rankings.reload = () => load(false);

  /* Asks for the view of the address; `alone` = by the clock. What is shown stays until the new one is there. */
  async function load(alone) {
    if (alone && asking) return;
    if (asking) asking.abort();
    const own = (asking = new AbortController());
    const asked = rankings.asked();
    rankings.unsettled = true;
    rankings.busy(true, alone);
    try {
      const given = await rankings.get("view", asked, { progress: rankings.progress, signal: own.signal, alone });
      if (own !== asking) return;
      rankings.view = given.table || given.watch;
      rankings.choices = given.choices;
      rankings.shown_address = rankings.view.address;
      rankings.shown_asked = rankings.query(asked);
      read = performance.now();
      retry = false;
      rankings.unsettled = false;
      rankings.failed(null);
      rankings.draw_controls();
      draw(rankings.state());
      rankings.tell("view", given);
    } catch (error) {
      if (own !== asking || own.signal.aborted) return;
      if (!(error instanceof rankings.Problem)) throw error;
      retry = ["lost", "slow", "down", "failed"].includes(error.kind);
      rankings.failed(error);
    } finally {
      if (own === asking) {
        asking = null;
        rankings.busy(false, alone);
      }
    }
  }

  function draw(state) {
    drawn = "";
    arrange(state);
  }

  /* What needs no new figures: order, search, the open row, table or map. */
  function arrange(state) {
    const heat = state.view === "heat" && !rankings.view.watch;
    rankings.draw_table(rankings.view, state);
    const wanted = `${heat} ${state.indicator || ""}`;
    if (wanted === drawn) return;
    drawn = wanted;
    rankings.root.dataset.view = heat ? "heat" : "table";
    rankings.draw_switch(heat);
    rankings.draw_streets(rankings.view, heat);
    rankings.draw_heat(heat ? state.indicator || rankings.view.indicators[0].key : null);
  }

  async function leave(event) {
    event.preventDefault();
    try {
      await fetch(rankings.settings.leave, { method: "POST", headers: { "X-CSRFToken": gridwall.form_token() } });
    } finally {
      location.assign("/signin");
    }
  }

  gridwall.arrive("rankings", start);
})();
