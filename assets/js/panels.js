/* One panel: its head, its state, and the script of its kind. A script that fails leaves the other panels alone. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const dom = () => gridwall.dom;
  const panels = (gridwall.panels = {});
  const kinds = (gridwall.kinds = gridwall.kinds || {});
  const OWN_HEAD = new Set(["tiles", "notes", "cards", "map", "feed"]);
  const BLOCKS = { board: 6, bars: 5, cards: 2, feed: 3 };
  const DRAWN_WITHOUT_ROWS = new Set(["chart", "map", "cards", "tiles", "notes"]);

  panels.draw = function (name, view) {
    const section = document.querySelector(`[data-panel="${name}"]`);
    if (!section) return;
    const words = section.querySelector(":scope > .words");
    section.dataset.state = view.state;
    section.gridwallStale = view.stale;
    if (!OWN_HEAD.has(section.dataset.kind)) head(words, view);
    const draw = kinds[section.dataset.kind];
    const bare = view.state !== "ok" && !DRAWN_WITHOUT_ROWS.has(section.dataset.kind);
    draw(words, bare ? { ...view, body: undefined } : view, section);
    blocks(words, view, section);
    if (section.dataset.kind !== "map") panels.message(words, view);
  };

  function head(words, view) {
    const { node, part, text, figure, hide } = dom();
    const row = part(words, "head", () => node("h2", "head"));
    text(part(row, "name", () => node("span", "name")), view.title);
    const note = part(row, "note", () => node("small", "note"));
    figure(note, view.note_figure || { text: view.note || "" });
    panels.late(row);
    hide(row, !view.title);
  }

  /* The place of the ▲ note: filled while the data are late. */
  panels.late = function (parent) {
    const { node, part, sign } = dom();
    return part(parent, "late", () => node("small", "late", sign("triangle"), node("span", "words-of-late")));
  };

  function blocks(words, view, section) {
    const { node, part, hide } = dom();
    const count = BLOCKS[section.dataset.kind];
    if (!count) return;
    const loading = view.state === "loading";
    if (!loading && !(words.gridwallParts || {}).blocks) return;
    const place = part(words, "blocks", () => node("div", "blocks", ...Array.from({ length: count }, () => node("i"))));
    hide(place, !loading);
  }

  panels.message = function (parent, view) {
    const { node, part, text, hide, sign } = dom();
    const shown = !!view.message;
    if (!shown && !(parent.gridwallParts || {}).message) return;
    const place = part(parent, "message", () => node("div", "message"));
    hide(place, !shown);
    if (!shown) return;
    const line = part(place, "first", () => node("b", "", sign("cross"), node("span")));
    hide(line.firstChild, view.state !== "error");
    text(line.lastChild, view.message.head);
    const second = part(place, "second", () => node("span"));
    text(second, view.message.line || "");
    hide(second, !view.message.line);
  };

  /* While the data are late, each panel says from when its figures are. */
  panels.stamp = function (time, day, dated) {
    for (const section of document.querySelectorAll("[data-panel]")) {
      const template = section.gridwallStale;
      if (!template) continue;
      const words = (dated ? template.dated : template.today).replace("{time}", time).replace("{day}", day);
      for (const place of section.querySelectorAll(".words-of-late")) dom().text(place, words);
    }
  };
})();
