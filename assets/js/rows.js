/* Everything with rows: boards, bars, cards, the case stream. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const kinds = (gridwall.kinds = gridwall.kinds || {});
  const STEP_MS = 6000;

  kinds.board = function (words, view) {
    const { node, part, keyed, text, hide, style, classes } = gridwall.dom;
    const board = part(words, "board", () => node("div", "board"));
    hide(board, !view.body);
    if (!view.body) return;
    style(board, "--places", String(view.body.places));
    const cells = view.body.rows.length ? view.body.rows[0].cells.length : 0;
    classes(board, `board c${cells}`);
    const columns = part(board, "columns", () => node("div", "columns"));
    const heads = view.body.columns.map((column) => ({ key: column.kind, label: column.label }));
    keyed(columns, heads, (column) => node("span", column.key), (place, column) => text(place, column.label));
    const rows = part(board, "rows", () => node("div", "rows"));
    keyed(rows, view.body.rows, () => node("div"), updateRow);
  };

  function updateRow(row, view, index) {
    const { node, keyed, classes, figure, style } = gridwall.dom;
    classes(row, view.tone ? `row ${view.tone}` : "row");
    style(row, "grid-row", String(index + 1));
    const cells = view.cells.map((cell) => ({ ...cell, key: cell.kind }));
    keyed(row, cells, (cell) => node("span", cell.kind), (place, cell) => {
      if (cell.kind === "bar") segments(place, cell.segments || []);
      else figure(place, cell.figure);
    });
  }

  function segments(place, given) {
    const { node, part, keyed, style } = gridwall.dom;
    const track = part(place, "track", () => node("i", "segments"));
    let left = 0;
    const items = given.map((one) => {
      const item = { key: one.tone, left, share: one.share };
      left += one.share;
      return item;
    });
    keyed(track, items, (one) => node("b", one.key), (bar, one) => {
      style(bar, "left", `${one.left * 100}%`);
      style(bar, "width", `${one.share * 100}%`);
    });
  }

  kinds.bars = function (words, view) {
    const { node, part, keyed, hide, style, classes } = gridwall.dom;
    const bars = part(words, "bars", () => node("div", "bars"));
    hide(bars, !view.body);
    if (!view.body) return;
    style(bars, "--places", String(view.body.places));
    classes(bars, view.body.rows.some((row) => row.kind) ? "bars" : "bars plain");
    keyed(bars, view.body.rows, makeBar, updateBar);
  };

  function makeBar() {
    const { node, part } = gridwall.dom;
    const bar = node("div", "bar");
    part(bar, "kind", () => node("span", "kind"));
    part(bar, "name", () => node("span", "name"));
    part(bar, "track", () => node("span", "track", node("i")));
    part(bar, "count", () => node("span", "count"));
    return bar;
  }

  function updateBar(bar, view) {
    const { text, figure, style, hide } = gridwall.dom;
    const parts = bar.gridwallParts;
    text(parts.kind, view.kind || "");
    hide(parts.kind, !view.kind);
    text(parts.name, view.name);
    style(parts.track.firstChild, "width", `${view.share * 100}%`);
    figure(parts.count, view.figure);
  }

  kinds.feed = function (words, view) {
    const { node, part, keyed, hide } = gridwall.dom;
    const feed = part(words, "feed", () => node("div", "feed"));
    hide(feed, !view.body);
    if (view.body) keyed(feed, view.body.rows, makeItem, updateItem);
  };

  function makeItem() {
    const { node, part } = gridwall.dom;
    const item = node("div", "item");
    for (const name of ["at", "step", "text", "unit"]) part(item, name, () => node("span", name));
    return item;
  }

  function updateItem(item, view) {
    const { text, classes } = gridwall.dom;
    const parts = item.gridwallParts;
    text(parts.at, view.time);
    text(parts.step, view.step);
    classes(parts.step, `step ${view.tone}`);
    text(parts.text, view.text);
    text(parts.unit, view.unit);
  }

  kinds.cards = function (words, view) {
    const { node, part, figure, text, hide, style } = gridwall.dom;
    const body = view.body;
    const count = part(words, "count", () => node("div", "count"));
    figure(part(count, "head", () => node("b")), body && view.state !== "error" ? body.head : { text: view.title });
    const under = part(count, "under", () => node("div", "under"));
    text(part(under, "sub", () => node("span", "sub")), body ? body.sub : "");
    gridwall.panels.late(under);
    const cards = part(words, "cards", () => node("div", "cards"));
    const shown = view.state === "ok" && body.cards.length > 0;
    hide(cards, !shown);
    if (!shown) return;
    style(cards, "--places", String(body.places));
    const newest = body.cards[0].key;
    if (cards.gridwallNewest !== newest) cards.gridwallOffset = 0;
    cards.gridwallNewest = newest;
    cards.gridwallBody = body;
    place(cards);
  };

  /* With more cards than places they step by whole cards, never as running text. */
  function place(cards) {
    const { cards: all, places } = cards.gridwallBody;
    const shown = all.filter((card) => card.spot);
    const others = all.filter((card) => !card.spot);
    const offset = all.length > places ? (cards.gridwallOffset || 0) % Math.max(others.length, 1) : 0;
    const turned = [...shown, ...others.slice(offset), ...others.slice(0, offset)].slice(0, places);
    gridwall.dom.keyed(cards, turned, makeCard, updateCard);
  }

  setInterval(() => {
    const cards = document.querySelector(".cards");
    if (!cards || !cards.gridwallBody || cards.hidden || !gridwall.motion.allowed()) return;
    if (cards.gridwallBody.cards.length <= cards.gridwallBody.places) return;
    cards.gridwallOffset = (cards.gridwallOffset || 0) + 1;
    place(cards);
  }, STEP_MS);

  function makeCard() {
    const { node, part } = gridwall.dom;
    const card = node("div", "card");
    const first = part(card, "first", () => node("div", "first"));
    part(first, "disc", () => node("span", "disc"));
    part(first, "title", () => node("b"));
    part(first, "minutes", () => node("span", "minutes"));
    part(card, "line", () => node("div", "line"));
    return card;
  }

  function updateCard(card, view) {
    const { text, figure, classes } = gridwall.dom;
    const parts = card.gridwallParts;
    classes(card, view.spot ? "card spot" : "card");
    text(parts.first.gridwallParts.disc, view.number || "");
    text(parts.first.gridwallParts.title, view.title);
    figure(parts.first.gridwallParts.minutes, view.figure);
    text(parts.line, view.line);
  }
})();
