/* Exactly once, on this side: one key per intention, kept until it is answered.
   A double click is the same intention and sends nothing; a retry after a lost answer sends the same key;
   an intention that this page has seen answered is not sent again. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const KEPT = "gridwall.unanswered";
  const RETRIES_MS = [600, 1500, 3000];
  const answered = new Set();
  const underway = new Map(); /* print -> intention */

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const store = () => `${KEPT}.${desk.settings.person.id}`;

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(store())) || [];
    } catch (_) {
      return [];
    }
  }

  function keep(change) {
    try {
      sessionStorage.setItem(store(), JSON.stringify(change(kept())));
    } catch (_) {
      /* a full or closed store: the intention lives as long as the page */
    }
  }

  /* One intention for the same request as long as it has no answer; null when it is under way or was answered. */
  function armed(path, given, label) {
    const print = JSON.stringify([path, given]);
    if (answered.has(print)) return null;
    const known = underway.get(print);
    if (known) return known.sending ? null : known;
    const intention = { print, path, given: { ...given, key: key() }, label, sending: false };
    underway.set(print, intention);
    keep((list) => [...list, { print, path, given: intention.given, label }]);
    return intention;
  }

  function close(intention, done) {
    underway.delete(intention.print);
    if (done) answered.add(intention.print);
    keep((list) => list.filter((one) => one.given.key !== intention.given.key));
  }

  const pause = (ms) => new Promise((go) => setTimeout(go, ms));

  async function sent(intention) {
    for (let turn = 0; ; turn += 1) {
      try {
        return await desk.post(intention.path, intention.given);
      } catch (problem) {
        if (!problem.unknown || turn >= RETRIES_MS.length) throw problem;
        await pause(RETRIES_MS[turn]);
      }
    }
  }

  /* Sends once. Resolves to the answer, or to null where this click was a repetition. Throws the Problem:
     after an unknown one the intention stays armed, and the same call sends the same key. */
  desk.command = async function (path, given, label) {
    const intention = armed(path, given, label);
    return intention ? carry(intention) : null;
  };

  async function carry(intention) {
    intention.sending = true;
    desk.sending(intention, true);
    try {
      const answer = await sent(intention);
      close(intention, true);
      return answer;
    } catch (problem) {
      /* Signed out or a stale form token: nothing was written; the same key may go again after signing in. */
      if (!problem.unknown && problem.kind !== "signed_out") close(intention, false);
      throw problem;
    } finally {
      intention.sending = false;
      desk.sending(intention, false);
    }
  }

  desk.sending = function (intention, on) {
    desk.busy = on ? intention : null;
    if (desk.draw_actions) desk.draw_actions();
    if (desk.sheet_busy) desk.sheet_busy(on);
  };

  desk.again = function (path, given) {
    const print = JSON.stringify([path, given]);
    const intention = underway.get(print);
    return intention && !intention.sending ? carry(intention) : Promise.resolve(null);
  };

  desk.drop = function (path, given) {
    const intention = underway.get(JSON.stringify([path, given]));
    if (intention) close(intention, false);
  };

  /* What a reload left without an answer: asked about, never sent by itself. */
  desk.unanswered = function () {
    for (const left of kept()) if (!underway.has(left.print)) underway.set(left.print, { ...left, sending: false });
    return [...underway.values()];
  };
  desk.carry = carry;
  desk.forget = (intention) => close(intention, false);
})();
