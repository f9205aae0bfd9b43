/* Transport and age of the desk. The stream carries versions, views are fetched with their etag; nothing gives up. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const SILENCE_MS = 45000;
  const POLL_MS = 10000;
  const SIGNS = { live: "dot", stale: "triangle", down: "cross" };

  let source = null;
  let poll = null;
  let heard = 0;
  let answered = 0;
  let attempts = 0;
  let as_of = null;
  let seen = { d: null, v: null }; /* the newest desk and snapshot versions asked for */
  let next = 0;

  desk.connect = function () {
    heard = answered = performance.now();
    open();
    setInterval(check, 1000);
  };

  function open() {
    if (source) source.close();
    clearTimeout(next);
    heard = performance.now();
    const opened = (source = new EventSource("/api/desk/events"));
    opened.onopen = () => {
      heard = performance.now();
      polling(false);
    };
    opened.addEventListener("beat", (event) => {
      heard = performance.now();
      polling(false);
      beat(JSON.parse(event.data));
    });
    opened.onerror = () => {
      polling(true);
      /* An HTTP error closes an EventSource for good; a lost connection it repairs by itself. */
      if (opened === source && opened.readyState === EventSource.CLOSED) later();
    };
  }

  function later() {
    attempts += 1;
    next = setTimeout(open, Math.min(15000, 1500 * attempts) * (0.8 + Math.random() * 0.4));
  }

  function polling(on) {
    if (on && !poll) poll = setInterval(() => desk.pull(true), POLL_MS);
    if (!on && poll) {
      clearInterval(poll);
      poll = null;
    }
  }

  function beat(given) {
    desk.heard(given);
    const acted = given.d !== seen.d; /* somebody at the desk acted: seen at once */
    if (acted || given.v !== seen.v) desk.pull(acted);
    seen = { d: given.d, v: given.v };
  }

  /* Anything that shows that the server lives: a beat, or an answer with its time. */
  desk.heard = function (given) {
    answered = performance.now();
    attempts = 0;
    if (given && given.mode) desk.replay = given.mode === "replay"; /* a frozen replay: its clock stands, every write is refused */
    if (given && given.now) desk.hear(given.now, desk.replay);
    if (given && given.as_of) as_of = Math.max(as_of || 0, given.as_of);
    desk.draw_age();
  };

  desk.reconnect = function () {
    open();
    desk.pull(true);
  };

  function check() {
    if (performance.now() - heard > SILENCE_MS) open();
    desk.draw_age();
    desk.each_second();
  }

  function state() {
    const silent = (performance.now() - answered) / 1000;
    if (silent >= desk.settings.down_after_s) return "down";
    if (as_of === null) return "loading";
    if (desk.replay) return "replay";
    return (desk.now() - as_of) / 1000 > desk.settings.stale_after_s ? "stale" : "live";
  }

  desk.online = () => desk.root.dataset.fresh !== "down";

  desk.draw_age = function () {
    const { node, part, text, classes, hide } = gridwall.dom;
    const now = state();
    const changed = desk.root.dataset.fresh !== now;
    desk.root.dataset.fresh = now;
    const place = desk.root.querySelector(".top-bar .age");
    classes(place, `age ${now}`);
    const sign = part(place, "sign", () => gridwall.dom.sign("dot"));
    hide(sign, !SIGNS[now]);
    classes(sign, `sign ${SIGNS[now] || ""}`);
    const late = now === "stale" ? { age: desk.duration(desk.now() - as_of) } : undefined;
    text(part(place, "state", () => node("b")), desk.words(`fresh.${now}`, late));
    const data = as_of === null ? desk.words("fresh.none") : desk.words("fresh.data", { time: desk.time(as_of, true) });
    text(part(place, "data", () => node("span")), data);
    if (changed) {
      desk.draw_actions();
      desk.draw_hold();
    }
    offline(now === "down");
  };

  function offline(down) {
    const { node, part, text, hide } = gridwall.dom;
    const bar = part(desk.root, "offline", () => {
      const made = node("div", "offline");
      made.setAttribute("role", "status");
      return made;
    });
    hide(bar, !down);
    if (!down) return;
    part(bar, "sign", () => gridwall.dom.sign("cross"));
    text(part(bar, "head", () => node("b")), desk.words("down.head"));
    const time = as_of === null ? "—" : desk.time(as_of, true);
    text(part(bar, "line", () => node("span")), desk.words("down.line", { time, count: Math.max(1, attempts) }));
    part(bar, "again", () => desk.button(desk.words("down.again"), desk.reconnect));
  }
})();
