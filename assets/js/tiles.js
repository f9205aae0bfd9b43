/* Tiles and the notes of the title row. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const kinds = (gridwall.kinds = gridwall.kinds || {});

  kinds.tiles = function (words, view) {
    const { node, part, keyed, classes } = gridwall.dom;
    const tiles = part(words, "tiles", () => node("div", "tiles"));
    classes(tiles, view.body && view.body.dense ? "tiles dense" : "tiles");
    keyed(tiles, view.body ? view.body.tiles : [], makeTile, updateTile);
  };

  function makeTile() {
    const { node, part, sign } = gridwall.dom;
    const tile = node("div");
    const label = part(tile, "label", () => node("div", "label"));
    part(label, "name", () => node("span", "name"));
    /* Note, failure and age share one place of one width: the strip does not move when the state changes. */
    const aside = part(label, "aside", () => node("span", "aside"));
    part(aside, "note", () => node("span", "note"));
    part(aside, "failed", () => node("span", "failed", sign("cross"), node("span")));
    gridwall.panels.late(aside);
    part(tile, "block", () => node("i", "block"));
    part(tile, "big", () => node("div", "big"));
    const track = part(tile, "track", () => node("div", "track"));
    part(track, "bar", () => node("i"));
    part(track, "tick", () => node("u"));
    return tile;
  }

  function updateTile(tile, view) {
    const { classes, text, hide, figure, style } = gridwall.dom;
    const parts = tile.gridwallParts;
    const label = { ...parts.label.gridwallParts, ...parts.label.gridwallParts.aside.gridwallParts };
    const loading = view.state === "loading";
    const failed = view.state === "error";
    classes(tile, ["tile", view.tone, view.group ? "group" : "", view.state].filter(Boolean).join(" "));
    tile.dataset.tile = view.key;
    text(label.name, view.label);
    hide(label.note, failed || !view.note);
    if (view.note && !failed) figure(label.note, view.note);
    hide(label.failed, !failed);
    if (failed) text(label.failed.lastChild, view.note.text);
    hide(parts.block, !loading);
    hide(parts.big, loading);
    figure(parts.big, view.figure, true);
    const track = parts.track.gridwallParts;
    const barred = view.bar !== undefined;
    classes(parts.track, barred || loading ? "track" : "track none");
    style(track.bar, "width", barred ? `${view.bar * 100}%` : "0%");
    hide(track.tick, view.tick === undefined);
    if (view.tick !== undefined) style(track.tick, "left", `${view.tick * 100}%`);
  }

  kinds.notes = function (words, view) {
    const { node, part, text, hide, keyed } = gridwall.dom;
    const notes = part(words, "notes", () => node("div", "notes"));
    const warning = part(notes, "warning", () => node("span", "warning", gridwall.dom.sign("triangle"), node("span")));
    hide(warning, !view.body || !view.body.warning);
    text(warning.lastChild, view.body ? view.body.warning : "");
    const given = view.body ? view.body.notes : [];
    const items = given.map((note) => ({ key: note, text: note }));
    keyed(part(notes, "list", () => node("span", "note")), items, () => node("span"), (place, item) => text(place, item.text));
    part(notes, "cause", () => node("span", "cause", gridwall.dom.sign("triangle"), node("span")));
  };

  /* The cause of late data stands where the notes stood. */
  gridwall.cause = function (words) {
    const notes = document.querySelector(".notes");
    if (!notes || !notes.gridwallParts) return;
    gridwall.dom.classes(notes, words ? "notes caused" : "notes");
    gridwall.dom.text(notes.gridwallParts.cause.lastChild, words || "");
  };
})();
