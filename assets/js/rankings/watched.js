/* The drawer of the watch list: bars of reasons, the line of twelve periods, what waits. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [370, 60];

  rankings.draw_watched = function (place, given) {
    const { node } = gridwall.dom;
    for (const group of given.bars) place.append(head(group.head, group.sum), ...rows(group));
    if (given.trend) place.append(head(given.trend.head, given.trend.sum), line(given.trend));
    place.append(head(given.todo.head, ""), ...given.todo.lines.map((words) => node("p", "todo", words)));
  };

  const head = (words, sum) => gridwall.dom.node("h3", "", words, gridwall.dom.node("small", "", sum));

  function rows(group) {
    const { node } = gridwall.dom;
    const note = group.note ? [node("p", "told", group.note)] : [];
    if (group.none) return [node("p", "none", group.none), ...note];
    const drawn = group.rows.map((row) => {
      const filled = node("i");
      filled.style.setProperty("width", `${row.share * 100}%`);
      return node("div", "reason", node("span", "", row.name), node("span", "bar", filled), node("b", "", String(row.count)));
    });
    return [...drawn, ...note];
  }

  function line(given) {
    const svg = made("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "periods", role: "img", "aria-label": given.words });
    const y = (share) => (HEIGHT - 4 - share * (HEIGHT - 8)).toFixed(1);
    const x = (index) => (4 + (index * (WIDTH - 8)) / Math.max(1, given.points.length - 1)).toFixed(1);
    svg.append(made("line", { class: "threshold", x1: 0, x2: WIDTH, y1: y(given.line), y2: y(given.line) }));
    let path = "";
    given.points.forEach((share, index) => {
      if (share !== null) path += `${index && given.points[index - 1] !== null ? "L" : "M"}${x(index)} ${y(share)}`;
    });
    svg.append(made("path", { d: path }));
    const last = given.points.findLastIndex((share) => share !== null);
    if (last >= 0) svg.append(made("circle", { cx: x(last), cy: y(given.points[last]), r: 3.5 }));
    return svg;
  }

  function made(name, attributes) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }
})();
