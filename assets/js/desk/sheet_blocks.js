/* The blocks of a sheet that are read: quotes, effects, limits, sums, tables, the document itself. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const blocks = (desk.blocks = desk.blocks || {});
  const A4 = 794;
  const LATE = 0.7;
  const NS = "http://www.w3.org/2000/svg";

  function title(place, words, note) {
    const { node, part, text, hide } = gridwall.dom;
    const head = part(place, "title", () => node("h2", "", node("span"), node("small")));
    text(head.firstChild, words);
    text(head.lastChild, note || "");
    hide(head, !words && !note);
  }

  const indexed = (rows) => rows.map((row, index) => ({ row, key: index }));

  blocks.row = function (place, block) {
    desk.draw_blocks(place, block.blocks);
  };

  blocks.quote = function (place, block) {
    const { node, part, text } = gridwall.dom;
    text(part(place, "head", () => node("small")), block.head);
    text(part(place, "text", () => node("span")), block.text);
    text(part(place, "strong", () => node("b")), block.strong);
  };

  blocks.note = function (place, block) {
    const { node, part, text, hide } = gridwall.dom;
    const head = part(place, "head", () => node("small"));
    text(head, block.head);
    hide(head, !block.head);
    text(part(place, "text", () => node("span")), block.text);
  };

  blocks.warning = function (place, block) {
    const { node, part, text, classes } = gridwall.dom;
    classes(place, `block warning ${block.tone}`);
    part(place, "sign", () => gridwall.dom.sign("triangle"));
    const words = part(place, "words", () => node("p", "", node("b"), node("span")));
    text(words.firstChild, block.strong);
    text(words.lastChild, block.text);
  };

  blocks.effects = function (place, block) {
    const { node, part, keyed, text, classes } = gridwall.dom;
    title(place, block.title, block.note);
    const list = part(place, "list", () => node("dl"));
    const make = () => node("div", "", node("dt"), node("dd", "old"), node("dd", "arrow"), node("dd", "new"));
    keyed(list, indexed(block.rows), make, (line, { row }) => {
      text(line.children[0], row.label);
      text(line.children[1], row.old);
      text(line.children[2], row.old ? "→" : "");
      text(line.children[3], row.new);
      classes(line.children[3], `new ${row.tone}`);
    });
  };

  blocks.limits = function (place, block) {
    const { node, part, keyed, text, classes, style, hide } = gridwall.dom;
    title(place, block.title, block.note);
    const list = part(place, "list", () => node("div"));
    const make = () => node("div", "", node("i"), node("span"), node("b"), node("span", "meter", node("i"), node("u")), node("small"));
    keyed(list, indexed(block.rows), make, (line, { row }) => {
      classes(line, row.ok ? "limit" : "limit no");
      classes(line.children[0], row.ok ? "tick" : "sign triangle");
      text(line.children[1], row.label);
      text(line.children[2], row.value);
      hide(line.children[3], row.share === null);
      style(line.children[3].firstChild, "width", `${Math.min(1, row.share || 0) * 100}%`);
      hide(line.children[3].lastChild, row.tick === null);
      style(line.children[3].lastChild, "left", `calc(${Math.min(1, row.tick || 0) * 100}% - 2px)`);
      text(line.children[4], row.line);
      hide(line.children[4], !row.line);
    });
  };

  desk.draw_arithmetic = function (place, rows) {
    const { node, part, keyed, text, classes } = gridwall.dom;
    const table = part(place, "table", () => {
      const heads = ["segment", "hours", "total"].map((name) => Object.assign(node("th", "", desk.words(`sheet.${name}`)), { scope: "col" }));
      return node("table", "sums", node("thead", "", node("tr", "", ...heads)), node("tbody"));
    });
    keyed(table.tBodies[0], indexed(rows), () => node("tr", "", node("td"), node("td"), node("td")), (line, { row }) => {
      classes(line, row.ruled ? "ruled" : "");
      [row.text, row.hours, row.total].forEach((words, at) => text(line.children[at], words));
    });
  };

  blocks.arithmetic = function (place, block) {
    title(place, block.title, block.note);
    desk.draw_arithmetic(place, block.rows);
  };

  blocks.chain = function (place, block) {
    const { node, part, keyed, text, classes } = gridwall.dom;
    title(place, block.title, block.note);
    const list = part(place, "list", () => node("dl"));
    keyed(list, indexed(block.rows), () => node("div", "", node("dt"), node("dd")), (line, { row }) => {
      text(line.firstChild, row.label);
      text(line.lastChild, row.value);
      classes(line.lastChild, row.tone || "");
    });
  };

  blocks.table = function (place, block) {
    const { node, part, keyed, text, classes, hide } = gridwall.dom;
    title(place, block.title, block.note);
    const table = part(place, "table", () => node("table", "lines", node("thead", "", node("tr")), node("tbody")));
    const scope = () => Object.assign(node("th"), { scope: "col" });
    keyed(table.tHead.rows[0], indexed(block.heads), scope, (cell, { row }) => text(cell, row));
    hide(table.tHead, !block.heads.length);
    hide(table, !block.rows.length);
    keyed(table.tBodies[0], indexed(block.rows), () => node("tr"), (line, { row, key }) => {
      keyed(line, indexed(row), () => node("td", "", node("span")), (cell, { row: [words, tone], key: at }) => {
        classes(cell, tone);
        const link = at === 0 && block.links[key];
        if (link) linked(cell, words, link);
        else text(cell.firstChild, words);
      });
    });
    const empty = part(place, "empty", () => node("p", "muted"));
    text(empty, block.empty);
    hide(empty, !!block.rows.length || !block.empty);
  };

  function linked(cell, words, case_no) {
    if (cell.gridwallLink === `${case_no} ${words}`) return;
    cell.gridwallLink = `${case_no} ${words}`;
    const open = () => {
      desk.leave_sheet();
      desk.open_case(case_no, { focus: true });
    };
    cell.replaceChildren(desk.button(words, open, "link"));
  }

  blocks.numbers = function (place, block) {
    const { node, part, keyed, text, classes } = gridwall.dom;
    const list = part(place, "list", () => node("dl"));
    keyed(list, indexed(block.items), () => node("div", "", node("dt"), node("dd", "", node("b"), node("small"))), (item, { row: [label, number, tone, small] }) => {
      classes(item, tone);
      text(item.firstChild, label);
      text(item.lastChild.firstChild, number);
      text(item.lastChild.lastChild, small);
    });
  };

  blocks.found = function (place, block) {
    const { node, part, keyed, text, hide } = gridwall.dom;
    title(place, block.title, block.note);
    const list = part(place, "list", () => node("div"));
    const make = () => {
      const line = node("div", "", node("b", "", node("span"), node("em")), node("span"));
      line.append(desk.button("", () => found(line.gridwallRow)));
      return line;
    };
    keyed(list, indexed(block.rows), make, (line, { row }) => {
      line.gridwallRow = row;
      text(line.children[0].firstChild, row.head);
      text(line.children[0].lastChild, row.mark ? `▲ ${row.mark}` : "");
      text(line.children[1], row.line);
      text(line.children[2], row.label);
      hide(line.children[2], !row.label);
      line.children[2].setAttribute("aria-label", `${row.label} ${row.head}`);
    });
  };

  /* `look` opens the case and keeps what was written as a draft; anything else is a field of the sheet. */
  function found(row) {
    if (row.act !== "look") return void desk.sheet_changed(row.act, row.value, true);
    desk.leave_sheet();
    desk.open_case(row.value, { focus: true });
  }

  /* Bars on a time axis; shares of the width. */
  blocks.timeline = function (place, block) {
    const { part } = gridwall.dom;
    title(place, block.title, "");
    const print = JSON.stringify(block);
    const drawing = part(place, "drawing", () => svg("svg", { class: "bars-of-time", role: "img" }));
    if (drawing.gridwallPrint === print) return;
    drawing.gridwallPrint = print;
    const [width, step] = [384, 50];
    const height = 20 + step * block.bars.length + 24;
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawing.setAttribute("aria-label", [block.title, ...block.bars.map(([label]) => label), block.now_text].join("，"));
    const x = (share) => 24 + share * (width - 48);
    const nodes = [];
    for (const [at, words] of block.ticks) {
      nodes.push(svg("line", { class: "grid", x1: x(at), x2: x(at), y1: 0, y2: height - 22 }), label(words, x(at), height - 6, "tick-text"));
    }
    block.bars.forEach(([words, from, to, tone], index) => {
      const y = 30 + index * step;
      nodes.push(svg("rect", { class: `span ${tone}`, x: x(from), y, width: Math.max(1, x(to) - x(from)), height: 8 }));
      nodes.push(svg("rect", { class: "end", x: x(to) - 1, y: y - 5, width: 2, height: 18 }), label(words, x(from), y - 9, "bar-text", from));
    });
    nodes.push(svg("line", { class: "now", x1: x(block.now), x2: x(block.now), y1: 4, y2: height - 22 }), label(block.now_text, x(block.now) + (block.now > LATE ? -6 : 6), 12, "now-text", block.now));
    drawing.replaceChildren(...nodes);
  };

  function svg(tag, attributes) {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  /* Words that begin far at the right end there instead. */
  function label(words, x, y, className, share) {
    const made = svg("text", { x, y, class: share > LATE ? `${className} to-the-left` : className });
    made.textContent = words;
    return made;
  }

  /* The document itself, scaled to the column. Its HTML is Python's, with every word escaped; scripts cannot run here. */
  blocks.paper = function (place, block) {
    const { node, part } = gridwall.dom;
    title(place, block.title, block.note);
    const sheet = part(place, "sheet", () => {
      const inner = node("div", "paper-scaled");
      const outer = node("div", "paper-place", inner);
      const fit = () => {
        const scale = outer.clientWidth / A4;
        gridwall.dom.style(inner, "--paper-scale", String(scale));
        gridwall.dom.style(outer, "height", `${inner.offsetHeight * scale}px`);
      };
      new ResizeObserver(fit).observe(outer);
      outer.gridwallFit = fit;
      return outer;
    });
    if (sheet.gridwallHtml !== block.html) {
      sheet.gridwallHtml = block.html;
      sheet.firstChild.innerHTML = block.html;
      sheet.gridwallFit();
    }
  };

  blocks.spot = function (place, block) {
    const { node, part, text, hide } = gridwall.dom;
    place.gridwallBlock = block;
    const map = part(place, "map", () => node("div", "spot-map"));
    const hint = part(place, "hint", () => node("span", "caption"));
    text(hint, block.hint || desk.words("sheet.map"));
    hide(hint, false);
    desk.draw_spot(map, block);
  };
})();
