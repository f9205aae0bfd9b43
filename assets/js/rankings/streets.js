/* Below the table: the rules of its marks, the totals of a watch list, and places by one rate as dots on a line. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const PERIOD = ["period", "on", "from", "to", "as_of", "category", "channel"];
  let asked = "";
  let shown = ""; /* what the drawn places answer */
  let asking = null;

  rankings.draw_streets = function (view, heat) {
    const { node, part, hide } = gridwall.dom;
    const under = rankings.place.under;
    const totals = part(under, "totals", () => node("section", "totals"));
    const streets = part(under, "streets", () => node("section", "streets"));
    const notes = part(under, "notes", () => node("section", "fine-print"));
    hide(under, heat);
    hide(totals, !view.watch);
    if (view.watch) draw_totals(totals, view);
    draw_notes(notes, view.notes);
    places(streets, view);
  };

  function draw_notes(parent, given) {
    const { node, keyed, text, hide } = gridwall.dom;
    hide(parent, !given.length);
    const make = () => node("div", "", node("h3"), node("p"));
    keyed(parent, given.map((one) => ({ ...one, key: one.head })), make, (note, one) => {
      text(note.firstChild, one.head);
      text(note.lastChild, one.line);
    });
  }

  function draw_totals(parent, view) {
    const { node, part, keyed, text } = gridwall.dom;
    const head = part(parent, "head", () => node("h2", "", node("span"), node("small")));
    text(head.firstChild, view.totals.head);
    text(head.lastChild, view.totals.line);
    const items = part(parent, "items", () => node("div", "items"));
    keyed(items, view.totals.items.map((one, index) => ({ ...one, key: index })), () => node("p", "", node("span"), node("b")), (item, one) => {
      text(item.firstChild, one.words);
      text(item.lastChild, one.value);
    });
    text(part(parent, "method", () => node("p", "method")), view.method);
  }

  /* A table of units shows its city's streets below; asked for when the table stands. */
  async function places(parent, view) {
    const units = view.address.by === "unit" && !view.watch;
    const able = units && rankings.choices.objects.some((one) => one.key === "street");
    gridwall.dom.hide(parent, !able);
    if (!able) return;
    const period = Object.fromEntries(Object.entries(view.address).filter(([name]) => PERIOD.includes(name)));
    const params = { ...period, by: "street" };
    const own = `${rankings.query(params)} ${view.read_at}`;
    if (own === asked) return;
    asked = own;
    if (asking) asking.abort();
    const stop = (asking = new AbortController());
    const question = rankings.query(params);
    gridwall.dom.hide(parent, shown !== question); /* never the places of another period under this one's table */
    try {
      const given = await rankings.get("view", params, { alone: true, signal: stop.signal });
      if (own !== asked) return;
      shown = question;
      const streets = given.table && given.table.streets;
      gridwall.dom.hide(parent, !streets);
      if (streets) draw(parent, streets);
    } catch (error) {
      if (stop.signal.aborted) return;
      if (!(error instanceof rankings.Problem)) throw error;
      if (own === asked) asked = ""; /* with the next view again */
    }
  }

  function draw(parent, given) {
    const { node, part, keyed, text, style, hide } = gridwall.dom;
    const head = part(parent, "head", () => node("h2", "", node("span"), node("small")));
    text(head.firstChild, given.head);
    text(head.lastChild, given.line);
    const list = part(parent, "list", () => node("ol", "dots"));
    style(list, "--rows", String(Math.ceil(given.rows.length / 2)));
    const make = () => {
      const line = node("span", "line", node("i"), node("u"));
      line.setAttribute("aria-hidden", "true");
      return node("li", "", node("span", "rank"), node("span", "name"), line, node("b"), node("small"));
    };
    keyed(list, given.rows, make, (item, row) => {
      const [rank, name, line, value, exact] = item.children;
      text(rank, row.rank);
      text(name, row.name);
      for (const mark of line.children) hide(mark, row.at === null);
      if (row.at !== null) {
        style(line.children[0], "width", row.at);
        style(line.children[1], "left", row.at);
      }
      text(value, row.value);
      text(exact, row.exact);
    });
  }
})();
