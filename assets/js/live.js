/* Transport and age. Events carry only the version; views are fetched; nothing here ever gives up.
   The browser's own clock is never asked: the server's time plus a monotonic delta is the time. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const SILENCE_MS = 45000;
  const POLL_MS = 10000;
  const FETCH_MS = 8000;
  const LOADING_MS = 10000;
  const DRIFT_MS = 600000;
  const DRIFT = [[0, 0], [1, 0], [2, 1], [1, 2], [0, 1], [-1, 1], [-1, 0], [0, -1]];
  const QUIET_MINUTE = 3 * 60 + 40;
  const DAY_MS = 86400000;

  const live = (gridwall.live = {});
  let settings = null;
  let wall = null;
  let source = null;
  let poll = null;
  let busy = false;
  let again = false;
  let started = 0;
  let heard = 0; /* anything at all from the event stream */
  let answered = 0; /* the server's last good answer, by stream or fetch */
  let clock = null; /* {now, at}: server time and the monotonic instant it was received */
  let drawn = null; /* what is on the screen: {v, boot, asOf, mode} */
  let latest = null; /* the newest tick */
  let build = null;
  let failure = null;
  let complained = false;
  let reloadAt = 0;

  live.now = function () {
    if (!clock) return null;
    return clock.stands ? clock.now : clock.now + (performance.now() - clock.at);
  };

  function start(root) {
    wall = root;
    settings = gridwall.settings = JSON.parse(root.dataset.settings);
    document.documentElement.dataset.surface = "wall";
    document.documentElement.lang = settings.lang;
    document.title = root.querySelector("h1").textContent;
    started = heard = answered = performance.now();
    for (const [name, view] of Object.entries(settings.loading)) draw(name, view);
    connect();
    pull();
    /* Widths change when a font arrives: names on the map are placed by their width. */
    document.fonts.addEventListener("loadingdone", () => gridwall.map.marks());
    setInterval(beat, 250);
    setInterval(drift, DRIFT_MS);
    if (settings.map.measures.length > 1) setInterval(() => showing() && gridwall.map.turn(), settings.map.seconds * 1000);
  }

  const showing = () => wall.dataset.fresh === "live" || wall.dataset.fresh === "replay";

  /* ---- transport ---- */

  function connect() {
    if (source) source.close();
    heard = performance.now();
    const opened = (source = new EventSource(`/api/events?wall=${encodeURIComponent(settings.key)}`));
    opened.onopen = () => {
      heard = performance.now();
      polling(false);
    };
    opened.addEventListener("tick", (event) => {
      heard = performance.now();
      polling(false);
      tick(JSON.parse(event.data));
    });
    opened.onerror = () => {
      polling(true);
      /* An HTTP error closes an EventSource for good; a lost connection it repairs by itself. */
      if (opened.readyState === EventSource.CLOSED && opened === source) setTimeout(connect, 1500 + Math.random() * 2000);
    };
  }

  function polling(on) {
    if (on && !poll) poll = setInterval(pull, POLL_MS);
    if (!on && poll) {
      clearInterval(poll);
      poll = null;
    }
  }

  function tick(given) {
    latest = given;
    failure = given.failure || null;
    hear(given.now, drawn ? drawn.mode : "live");
    if (!drawn || given.v !== drawn.v || given.boot !== drawn.boot) setTimeout(pull, Math.random() * 60);
    else drawn.asOf = given.as_of;
    beat();
  }

  function hear(now, mode) {
    answered = performance.now();
    clock = { now, at: answered, stands: mode === "replay" };
  }

  /* A change announced during a fetch is fetched once more after it. */
  async function pull() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await fetchView();
      } while (again);
    } catch (_) {
      again = false; /* the next tick or poll asks again; age shows meanwhile */
    } finally {
      busy = false;
    }
  }

  async function fetchView() {
    const same = drawn && (!latest || latest.boot === drawn.boot);
    const address = `/api/view/${encodeURIComponent(settings.key)}` + (same ? `?have=${drawn.v}` : "");
    const headers = same ? { "If-None-Match": `"${drawn.boot}-${drawn.v}"` } : {};
    const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(FETCH_MS) });
    if (answer.status === 304 || answer.status === 204) {
      answered = performance.now();
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json());
  }

  function show(view) {
    if (build === null) build = view.build;
    else if (view.build !== build) {
      location.reload();
      return;
    }
    hear(view.now, view.mode);
    failure = view.failure || null;
    settings.stale_after_s = view.stale_after_s || settings.stale_after_s;
    settings.down_after_s = view.down_after_s || settings.down_after_s;
    settings.zone = view.zone || settings.zone;
    drawn = { v: view.v, boot: view.boot, asOf: view.as_of, mode: view.mode };
    complained = false;
    fresh();
    for (const [name, panel] of Object.entries(view.panels)) draw(name, panel);
    gridwall.map.shape(view.map);
    drawn.stamp = "";
    beat();
  }

  function draw(name, view) {
    try {
      gridwall.panels.draw(name, view);
    } catch (error) {
      console.error(`panel ${name} could not be drawn`, error);
    }
  }

  /* ---- age ---- */

  function beat() {
    if (!wall) return;
    if (performance.now() - heard > SILENCE_MS) connect();
    fresh();
    time();
    gridwall.map.pulse();
    quiet();
  }

  function state() {
    const silent = (performance.now() - answered) / 1000;
    if (silent >= settings.down_after_s) return "down";
    if (!drawn) return "loading";
    if (drawn.mode === "replay") return "replay";
    return (live.now() - drawn.asOf) / 1000 > settings.stale_after_s ? "stale" : "live";
  }

  function fresh() {
    const now = state();
    if (wall.dataset.fresh !== now) {
      wall.dataset.fresh = now;
      gridwall.redrawChart();
      gridwall.map.marks();
    }
    chip(now);
    if (!drawn && !complained && performance.now() - started > LOADING_MS) complain();
    gridwall.cause(now === "stale" && failure ? failure.text : "");
    if (drawn) stamp();
  }

  /* The words are kept ready while the data are fresh, so that their place has its width. */
  function stamp() {
    const [written, dated] = moment(drawn.asOf, false);
    const at = parts(drawn.asOf);
    const day = words("clock.short_day", { month: monthWord(at), day: at.day });
    if (`${written} ${day}` === drawn.stamp) return;
    drawn.stamp = `${written} ${day}`;
    gridwall.panels.stamp(written, day, dated);
  }

  function complain() {
    complained = true;
    const message = { head: words("fresh.failed"), line: words("fresh.retry") };
    for (const [name, view] of Object.entries(settings.loading)) {
      if (name !== "title" && name !== "kpi") draw(name, { ...view, state: "error", message });
    }
  }

  const SIGNS = { live: "dot", stale: "triangle", down: "cross" };

  function chip(now) {
    const { node, part, text, classes, hide } = gridwall.dom;
    const place = wall.querySelector(".fresh");
    classes(place, `fresh ${now}`);
    const sign = part(place, "sign", () => gridwall.dom.sign("dot"));
    hide(sign, !SIGNS[now]);
    classes(sign, `sign ${SIGNS[now] || ""}`);
    text(part(place, "state", () => node("b")), stateWords(now));
    text(part(place, "data", () => node("span")), dataWords(now));
  }

  function stateWords(now) {
    return now === "stale" ? words("fresh.stale", { age: age((live.now() - drawn.asOf) / 1000) }) : words(`fresh.${now}`);
  }

  function dataWords(now) {
    if (!drawn) return now === "loading" ? "" : words("fresh.none");
    if (now === "replay") return replayed(drawn.asOf);
    const [written, dated] = moment(drawn.asOf, true);
    return dated ? written : words("fresh.data", { time: written });
  }

  function age(seconds) {
    const whole = Math.floor(seconds);
    const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
    if (days >= 100) return words("duration.days", { days });
    if (days) return words("duration.days_hours", { days, hours });
    if (whole >= 3600) return words("duration.hours_minutes", { hours, minutes: two(minutes) });
    if (whole >= 60) return words("duration.minutes_seconds", { minutes, seconds: whole % 60 });
    return words("duration.seconds", { seconds: whole });
  }

  /* ---- time in the city's zone ---- */

  let formatter = null;
  function parts(instant) {
    if (!formatter || formatter.zone !== settings.zone) {
      const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };
      const format = new Intl.DateTimeFormat("en-GB", { ...fields, timeZone: settings.zone, hourCycle: "h23" });
      formatter = { zone: settings.zone, format };
    }
    const found = {};
    for (const { type, value } of formatter.format.formatToParts(instant)) found[type] = value;
    const [year, month, day] = [Number(found.year), Number(found.month), Number(found.day)];
    return { year, month, day, hour: found.hour, minute: found.minute, second: found.second };
  }

  function dayWords(at) {
    const weekday = words("clock.weekdays").split(" ")[(new Date(Date.UTC(at.year, at.month - 1, at.day)).getUTCDay() + 6) % 7];
    return words("clock.date", { month: monthWord(at), day: at.day, weekday });
  }

  const monthWord = (at) => words("clock.months").split(" ")[at.month - 1];
  const two = (number) => String(number).padStart(2, "0");

  /* A time that is not of today carries its date, so that no old time looks new. */
  function moment(instant, seconds) {
    const at = parts(instant);
    const today = parts(live.now());
    const written = `${at.hour}:${at.minute}` + (seconds ? `:${at.second}` : "");
    if (at.year === today.year && at.month === today.month && at.day === today.day) return [written, false];
    const dated = at.year === today.year ? "clock.dated" : "clock.replayed";
    const short = `${at.hour}:${at.minute}`;
    return [words(dated, { year: at.year, month: monthWord(at), day: at.day, time: short }), true];
  }

  function replayed(instant) {
    const at = parts(instant);
    return words("clock.replayed", { year: at.year, month: monthWord(at), day: at.day, time: `${at.hour}:${at.minute}` });
  }

  function time() {
    const now = live.now();
    if (now === null) return;
    const { node, part, text } = gridwall.dom;
    const place = wall.querySelector(".clock");
    const at = parts(now);
    text(part(place, "day", () => node("span", "day")), dayWords(at));
    text(part(place, "time", () => node("span", "time")), `${at.hour}:${at.minute}:${at.second}`);
  }

  function words(key, values) {
    const template = settings.words[key];
    return template.replace(/\{(\w+)\}/g, (_, name) => (values || {})[name]);
  }

  /* ---- weeks on ---- */

  let place = 0;
  function drift() {
    place = (place + 1) % DRIFT.length;
    wall.style.transform = `translate(${DRIFT[place][0]}px, ${DRIFT[place][1]}px)`;
  }

  /* One reload a night at a quiet hour of the city, spread over ten minutes, and only while all is well. */
  function quiet() {
    const now = live.now();
    if (now === null || wall.dataset.fresh !== "live") return;
    if (!reloadAt) {
      const at = parts(now);
      const minutes = QUIET_MINUTE - (Number(at.hour) * 60 + Number(at.minute)) + Math.random() * 10;
      reloadAt = now + minutes * 60000;
      if (reloadAt - now < 3600000) reloadAt += DAY_MS;
    }
    if (now < reloadAt || performance.now() - answered > 2000) return;
    reloadAt = 0;
    fetch(`/api/view/${encodeURIComponent(settings.key)}`, { cache: "no-store", signal: AbortSignal.timeout(FETCH_MS) })
      .then((answer) => answer.ok && location.reload())
      .catch(() => undefined);
  }

  gridwall.arrive("wall", start);
})();
