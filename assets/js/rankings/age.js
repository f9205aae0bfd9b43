/* How old the figures are: 实时, 滞后, 中断, or a moment of the past; as the desk says it. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const BEAT_MS = 10000;
  const SIGNS = { live: "dot", stale: "triangle", down: "cross" };
  let fresh = null; /* the last answer of /freshz */
  let heard = 0;

  rankings.start_age = function () {
    look();
    setInterval(look, BEAT_MS);
    setInterval(rankings.draw_age, 1000);
    rankings.on("view", rankings.draw_age);
  };

  async function look() {
    try {
      const answer = await fetch("/freshz", { cache: "no-store", signal: AbortSignal.timeout(5000), headers: { "X-Gridwall-Unattended": "1" } });
      fresh = await answer.json();
      heard = performance.now();
    } catch (_) {
      if (fresh) fresh = { ...fresh, lost: true };
      else fresh = { lost: true };
    }
    rankings.draw_age();
  }

  function state() {
    if (rankings.state().as_of) return "pinned";
    if (!fresh || !rankings.view) return fresh && fresh.lost ? "down" : "loading";
    if (fresh.lost) return "down";
    return age() > (fresh.limit_s || rankings.settings.stale_after_s) ? "stale" : "live";
  }

  /* Of the picture, or of the view where that has not been read again in time. */
  function age() {
    const picture = (fresh && typeof fresh.age_s === "number" ? fresh.age_s : 0) + (performance.now() - heard) / 1000;
    const late = rankings.live() && rankings.view_age() > 2 * (rankings.settings.refresh_ms / 1000);
    return late ? Math.max(picture, rankings.view_age()) : picture;
  }

  rankings.draw_age = function () {
    const { node, part, text, classes, hide } = gridwall.dom;
    const place = rankings.root.querySelector(".top-bar .age");
    const now = state();
    rankings.root.dataset.fresh = now;
    classes(place, `age ${now}`);
    const sign = part(place, "sign", () => gridwall.dom.sign("dot"));
    hide(sign, !SIGNS[now]);
    classes(sign, `sign ${SIGNS[now] || ""}`);
    const late = now === "stale" ? { age: rankings.duration(age()) } : undefined;
    text(part(place, "state", () => node("b")), rankings.words(`fresh.${now}`, late));
    const data = part(place, "data", () => node("span"));
    const view = rankings.view;
    hide(data, !view);
    if (view) text(data, now === "pinned" ? view.pinned : rankings.words("fresh.data", { time: rankings.time(view.as_of) }));
  };
})();
