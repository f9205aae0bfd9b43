/* What the desk's scripts share: settings, words from Python, and time in the city's zone. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  desk.settings = null;
  desk.words = function (key, values) {
    const template = desk.settings.words[key];
    if (template === undefined) throw new Error(`no words for ${key}`);
    return values ? template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : template;
  };
  desk.has_words = (key) => desk.settings.words[key] !== undefined;

  /* ---- the server's time: its last word plus a monotonic delta; the browser's own clock is never asked ---- */

  let clock = null;
  desk.hear = function (now, stands) {
    clock = { now, at: performance.now(), stands };
  };
  desk.now = function () {
    if (!clock) return null;
    return clock.stands ? clock.now : clock.now + (performance.now() - clock.at);
  };

  let format = null;
  function parts(instant) {
    if (!format) {
      const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };
      format = new Intl.DateTimeFormat("en-GB", { ...fields, timeZone: desk.settings.zone, hourCycle: "h23" });
    }
    const found = {};
    for (const { type, value } of format.formatToParts(instant)) found[type] = value;
    return found;
  }

  /* 14:32:05; of another day 5-18 14:32, so that no old time looks new. */
  desk.time = function (instant, seconds) {
    const at = parts(instant);
    const today = desk.now() === null ? at : parts(desk.now());
    const written = `${at.hour}:${at.minute}`;
    if (at.year !== today.year || at.month !== today.month || at.day !== today.day) return `${at.month}-${at.day} ${written}`;
    return seconds ? `${written}:${at.second}` : written;
  };

  /* The city's local time as fields carry it: 2026-05-19T16:00. */
  desk.local = function (instant) {
    const at = parts(instant);
    const month = two(at.month);
    return `${at.year}-${month}-${two(at.day)}T${at.hour}:${at.minute}`;
  };

  desk.duration = function (ms) {
    const whole = Math.max(0, Math.floor(ms / 1000));
    const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
    if (days) return desk.words("age.days", { days, hours });
    if (whole >= 3600) return desk.words("age.hours", { hours, minutes: two(minutes) });
    if (whole >= 60) return desk.words("age.minutes", { minutes, seconds: whole % 60 });
    return desk.words("age.seconds", { seconds: whole });
  };

  const two = (number) => String(number).padStart(2, "0");

  function written(ms) {
    const whole = Math.floor(ms / 1000);
    const hours = Math.floor(whole / 3600);
    if (hours >= 100) return desk.words("clock.days", { days: Math.floor(hours / 24), hours: two(hours % 24) });
    return `${two(hours)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  }

  /* How much of [from, to] lies in the working stretches. Stretches are sorted and apart. */
  desk.worked = function (stretches, from, to) {
    let sum = 0;
    for (const [start, end] of stretches || []) {
      if (start >= to) break;
      sum += Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
    return sum;
  };

  /* A deadline's countdown at this second. Overdue counts real time from the due instant, as on the wall; what is left
     runs on the limit's own clock from the figure that Python gave at `asOf`; a paused clock stands. */
  desk.countdown = function (given, asOf, working) {
    const now = desk.now();
    if (!given || now === null || given.kind === "none" || (given.due === null && !given.paused)) {
      return { text: (given && given.ended) || "—", label: (given && given.label) || desk.words("clock.none"), tone: "", late: false };
    }
    const label = given.label || "";
    if (given.left < 0) return late(given.paused || given.due === null ? -given.left : now - given.due, given, label);
    if (given.paused) return { text: written(given.left), label, tone: given.tone, late: false, paused: true };
    const passed = given.kind === "working" ? desk.worked(working, asOf, now) : Math.max(0, now - asOf);
    const left = given.left - passed;
    if (left <= 0 && now >= given.due) return late(now - given.due, given, desk.words("clock.overdue"));
    return { text: written(Math.max(0, left)), label, tone: given.tone, late: false };
  };

  function late(ms, given, label) {
    return { text: `+${written(Math.max(0, ms))}`, label, tone: "alarm", late: true, paused: given.paused };
  }

})();
