/* Beside the case: where it is, which camera sees it, how loaded its unit is, what happened there before. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const MARKS = { online: "diamond", late: "triangle", offline: "cross" };

  desk.draw_side = function (view) {
    const { node, part, hide } = gridwall.dom;
    const root = document.getElementById("desk-side");
    const map = part(root, "map", () => {
      const made = node("div", "place", node("div", "place-map"), node("span", "caption"), node("span", "scale"));
      made.setAttribute("role", "img");
      made.setAttribute("aria-label", desk.words("side.map"));
      return made;
    });
    const rest = part(root, "rest", () => {
      const made = node("div", "side-rest");
      made.tabIndex = 0;
      made.setAttribute("role", "region");
      made.setAttribute("aria-label", desk.words("area.side"));
      return made;
    });
    const parts = ["cameras", "load", "same", "keys"].map((name) => part(rest, name, () => section(name)));
    for (const one of parts.slice(0, 3)) hide(one, !view);
    hide(map, !view);
    keys(parts[3]);
    if (!view) return;
    desk.draw_place(map, view);
    cameras(parts[0], view);
    load(parts[1], view.load);
    same(parts[2], view.same_grid);
  };

  function section(name) {
    const { node, part } = gridwall.dom;
    const made = node("section", name);
    part(made, "head", () => node("h2", "", node("span"), node("small")));
    part(made, "body", () => node("div", "body"));
    return made;
  }

  function title(place, words, note) {
    const head = place.gridwallParts.head;
    gridwall.dom.text(head.firstChild, words);
    gridwall.dom.text(head.lastChild, note || "");
  }

  function cameras(place, view) {
    const { node, keyed, text, classes, hide } = gridwall.dom;
    const list = view.cameras || [];
    title(place, desk.words("side.cameras"), view.cameras_note || (list.length ? "" : desk.words("side.no_cameras")));
    const make = () => node("div", "", node("i"), node("span", "name"), node("span", "metres"), node("span", "state"));
    keyed(place.gridwallParts.body, list.map((one) => ({ ...one, key: one.letter })), make, (row, one) => {
      classes(row, `camera is-${one.state}`);
      classes(row.children[0], `shape ${MARKS[one.state] || "diamond"}`);
      text(row.children[1], `${one.letter} ${one.name}`);
      text(row.children[2], typeof one.metres === "number" ? desk.words("side.scale", { metres: one.metres }) : one.metres);
      text(row.children[3], one.line || "");
      hide(row.children[3], !one.line);
    });
  }

  function load(place, given) {
    const { node, keyed, text, classes, hide } = gridwall.dom;
    hide(place, !given);
    if (!given) return;
    title(place, given.title, given.note);
    const make = () => node("div", "", node("span"), node("b"));
    keyed(place.gridwallParts.body, given.items.map((one) => ({ ...one, key: one.label })), make, (item, one) => {
      classes(item, one.tone || "");
      text(item.firstChild, one.label);
      text(item.lastChild, one.value);
    });
  }

  function same(place, given) {
    const { node, keyed, text, hide } = gridwall.dom;
    hide(place, !given);
    if (!given) return;
    title(place, given.title, given.note || (given.rows.length ? "" : desk.words("side.no_same")));
    const make = () => node("div", "", node("span"), node("span"), node("span"));
    keyed(place.gridwallParts.body, given.rows.map((one, index) => ({ ...one, key: index })), make, (row, one) => {
      [one.day, one.what, one.how].forEach((words, at) => text(row.children[at], words));
    });
  }

  function keys(place) {
    if (place.gridwallDone) return;
    place.gridwallDone = true;
    title(place, desk.words("side.keys"), "");
    const known = new Map(desk.keys.map(([name, ...caps]) => [name, caps]));
    const rows = desk.short_keys.flatMap((name) => desk.key_row(name, known.get(name)));
    place.gridwallParts.body.append(gridwall.dom.node("dl", "", ...rows));
  }
})();
