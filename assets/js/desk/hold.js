/* The hold on the open case: taken on opening, renewed by work, shown to everybody, asked for and handed over. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const RENEW_MS = 60000;

  let renewed = 0;
  let asked = ""; /* the case this person has asked to take over */
  let mine_seen = "";

  const hold = () => (desk.case_view() ? desk.case_view().hold : null);
  desk.held_by_me = () => !!(hold() && hold().mine);
  desk.held_by_other = () => !!(hold() && !hold().mine && desk.settings.person.holds && (desk.now() === null || hold().until > desk.now()));

  desk.hold = async function (what, case_no) {
    const number = case_no || desk.case_no;
    if (!number || !desk.settings.person.holds || desk.replay) return;
    try {
      const answer = await desk.post("/api/desk/hold", { case_no: number, do: what });
      if (what === "release" || what === "hand_over") mine_seen = ""; /* given away, not lost */
      renewed = performance.now();
      if (what === "ask") asked = number;
      if (number === desk.case_no && desk.case_view()) {
        desk.outdate_case();
        desk.case_view().hold = answer.hold;
        desk.hold_seen(null, answer.hold);
        desk.draw_hold();
        desk.draw_actions();
      }
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      if (problem.kind === "held" || problem.kind === "conflict") desk.refresh_case();
      else if (problem.kind !== "signed_out" && what !== "release" && what !== "renew") desk.toast(problem.sentence || desk.words("hold.offline"), "warn");
    }
  };

  desk.take_hold = function () {
    if (!desk.held_by_me() && !desk.held_by_other()) desk.hold("take");
  };

  desk.release_hold = function () {
    if (desk.case_no && desk.held_by_me()) {
      desk.hold("release", desk.case_no);
    }
  };

  /* Work renews the lease: keys and the pointer on the case, at most once a minute. */
  desk.worked_on = function () {
    if (desk.held_by_me() && performance.now() - renewed > RENEW_MS) {
      renewed = performance.now();
      desk.hold("renew");
    }
  };

  /* Losing a hold is the one thing that is said at once. */
  desk.hold_seen = function (_, now) {
    const case_no = desk.case_no;
    if (now && now.mine) {
      mine_seen = case_no;
      if (asked === case_no) asked = "";
    } else if (mine_seen === case_no && now && !now.mine) {
      mine_seen = "";
      const words = desk.words("hold.lost", { case_no, name: now.name });
      desk.toast(words, "warn");
      desk.alert(words);
    } else if (mine_seen === case_no && !now) {
      mine_seen = "";
      desk.toast(desk.words("hold.lapsed"), "warn");
      desk.alert(desk.words("hold.lapsed"));
    }
  };

  /* ---- the bar ---- */

  desk.draw_hold = function () {
    const root = document.getElementById("desk-case");
    const body = root && root.gridwallParts && root.gridwallParts.body;
    if (!body || !desk.case_view()) return;
    const bar = body.gridwallParts.hold;
    gridwall.dom.hide(bar, !desk.settings.person.holds);
    const [tone, words, choices] = said(hold());
    const print = JSON.stringify([tone, words, choices.map(([label]) => label)]);
    if (bar.gridwallPrint === print) return;
    bar.gridwallPrint = print;
    const { node, classes } = gridwall.dom;
    classes(bar, `hold ${tone}`);
    const buttons = choices.map(([label, act, keys]) => desk.button(label, act, "", keys));
    bar.replaceChildren(node("i", "person"), node("span", "", ...bold(words)), ...buttons);
  };

  /* The first name in the sentence is bold where another person is meant. */
  function bold([words, name]) {
    const { node } = gridwall.dom;
    if (!name || !words.includes(name)) return [words];
    const at = words.indexOf(name);
    return [words.slice(0, at), node("b", "", name), words.slice(at + name.length)];
  }

  function said(now) {
    if (!desk.online()) return ["other", [desk.words("hold.offline")], []];
    const live = now && (desk.now() === null || now.until > desk.now());
    if (!live) return ["nobody", [desk.words("hold.none")], [[desk.words("hold.take"), () => desk.hold("take"), "Enter"]]];
    if (now.mine && now.asked_by) {
      const name = now.asked_by;
      const words = desk.words("hold.asked_me", { name, at: desk.time(now.asked_at, true) });
      return ["other", [words, name], [[desk.words("hold.hand_over", { name }), () => desk.hold("hand_over")], [desk.words("hold.keep"), () => desk.hold("renew")]]];
    }
    if (now.mine) {
      return ["mine", [desk.words("hold.mine", { until: desk.time(now.until) })], [[desk.words("hold.release"), () => desk.hold("release")]]];
    }
    const words = desk.words("hold.other", { name: now.name, since: desk.time(now.since, true) });
    if (asked === desk.case_no) return ["other", [desk.words("hold.asked", { name: now.name }), now.name], []];
    return ["other", [words, now.name], [[desk.words("hold.ask"), () => desk.hold("ask")]]];
  }
})();
