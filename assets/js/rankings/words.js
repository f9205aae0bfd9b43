/* What the scripts of the rankings share: settings, words from Python, small controls, the city's wall clock. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});

  rankings.settings = null;
  rankings.words = function (key, values) {
    const template = rankings.settings.words[key];
    if (template === undefined) throw new Error(`no words for ${key}`);
    return values ? template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : template;
  };

  rankings.button = function (label, className, act) {
    const button = gridwall.dom.node("button", className, label);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  };

  /* Said politely and gone by itself. */
  rankings.say = function (text) {
    const place = document.getElementById("rankings-said");
    gridwall.dom.text(place, text);
    clearTimeout(rankings.saying);
    rankings.saying = setTimeout(() => gridwall.dom.text(place, ""), 6000);
  };

  /* 14:32:05 in the city's zone, with the day where that is not today's. */
  rankings.time = function (instant) {
    const zone = { timeZone: rankings.settings.zone };
    const day = (at) => new Intl.DateTimeFormat("sv-SE", { ...zone, dateStyle: "short" }).format(at);
    const time = new Intl.DateTimeFormat("en-GB", { ...zone, timeStyle: "medium", hourCycle: "h23" }).format(instant);
    return day(instant) === day(Date.now()) ? time : `${day(instant)} ${time}`;
  };

  rankings.duration = function (seconds) {
    const whole = Math.floor(seconds);
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    if (hours) return rankings.words("age.hours", { hours, minutes });
    if (minutes) return rankings.words("age.minutes", { minutes, seconds: whole % 60 });
    return rankings.words("age.seconds", { seconds: whole });
  };
})();
