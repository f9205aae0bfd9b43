/* The table: rows from JSON whose numbers and words are decided in Python. A real table, sorted and filtered here. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const TREND_MS = 600000; /* the server keeps finished periods as long */
  const CHUNK = 25; /* rows drawn in one frame */
  const SVG = "http://www.w3.org/2000/svg";
  let table = null;
  let shape = ""; /* the columns that the table at hand was made for */
  let drawing = 0;
  let trend = null; /* {address, lines} of the sparklines */

  rankings.draw_table = function (view, state) {
    const wanted = JSON.stringify([view.columns.map((one) => [one.key, one.label]), Boolean(view.watch)]);
    if (wanted !== shape) build(view);
    shape = wanted;
    table.caption.firstChild.data = [view.title, view.scheme, view.line].join(rankings.words("comma"));
    const order = sorted(view, state.sort || "");
    heads(view, state.sort || "");
    fill(view, order, (state.q || "").toLowerCase(), state.open);
    none(view, state);
    sparks(view);
  };

  function build(view) {
    const { node } = gridwall.dom;
    const made = node("table", view.watch ? "watch" : "ranking");
    made.setAttribute("role", "table");
    const caption = node("caption", "unseen", "");
    caption.append("");
    const head = node("tr");
    head.setAttribute("role", "row");
    view.columns.forEach((column, index) => {
      const cell = node("th", `${name_of(column)}${column.left ? " l" : ""}${column.first ? " g" : ""}`);
      cell.scope = "col";
      cell.setAttribute("role", "columnheader");
      if (column.sorts) cell.append(rankings.button(column.label, "sort", () => sort(index)));
      else cell.append(node("span", column.kind === "move" ? "unseen" : "", column.label));
      head.append(cell);
    });
    const rows = node("thead", "", head);
    const body = node("tbody");
    rows.setAttribute("role", "rowgroup");
    body.setAttribute("role", "rowgroup");
    made.append(caption, rows, body);
    body.addEventListener("click", (event) => open(event.target.closest("tr")));
    body.addEventListener("keydown", move);
    if (table) table.replaceWith(made);
    else rankings.place.body.append(made);
    table = made;
  }

  const name_of = (column) => `c-${column.kind} c-${column.key.replace(/[^a-z0-9_]/g, "-")}`;

  function open(row) {
    if (row && row.dataset.key) rankings.go({ open: row.dataset.key, tab: null, page: null });
  }

  /* Enter opens; up and down walk from row to row. */
  function move(event) {
    const row = event.target.closest("tr");
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!row || !step) return;
    event.preventDefault();
    let next = row[step];
    while (next && next.hidden) next = next[step];
    if (next) next.querySelector(".open").focus();
  }

  /* ---- order: that of Python, or by a column; a second time the other way, a third time back ---- */

  function sort(index) {
    const key = rankings.view.columns[index].key;
    const now = rankings.state().sort;
    rankings.go({ sort: now === key ? `-${key}` : now === `-${key}` ? null : key }, true);
  }

  function sorted(view, by) {
    const back = by.startsWith("-");
    const index = view.columns.findIndex((column) => column.key === (back ? by.slice(1) : by));
    if (index < 0) return view.rows;
    const words = view.columns[index].kind === "name";
    const first = words || ["rank", "grade"].includes(view.columns[index].kind) ? 1 : -1;
    const sign = back ? -first : first;
    const of = (row) => row.cells[index].sort;
    const compare = words ? new Intl.Collator(rankings.settings.lang).compare : (a, b) => a - b;
    return [...view.rows].sort((a, b) => {
      const [left, right] = [of(a), of(b)];
      if (left === null || right === null) return (left === null) - (right === null);
      return sign * compare(left, right);
    });
  }

  function heads(view, by) {
    const cells = table.tHead.rows[0].cells;
    view.columns.forEach((column, index) => {
      const on = by.replace(/^-/, "") === column.key;
      const down = on && by.startsWith("-") === ["rank", "grade", "name"].includes(column.kind);
      gridwall.dom.attribute(cells[index], "aria-sort", on ? (down ? "descending" : "ascending") : column.sorts ? "none" : "");
      cells[index].classList.toggle("up", on && !down);
      cells[index].classList.toggle("down", on && down);
    });
  }

  /* ---- rows: kept by key, filled a few per frame so that the page never stands still ---- */

  function fill(view, order, find, opened) {
    const body = table.tBodies[0];
    const kept = (body.gridwallRows = body.gridwallRows || new Map());
    const wanted = new Set(order.map((row) => row.key));
    for (const [key, row] of kept) {
      if (wanted.has(key)) continue;
      row.remove();
      kept.delete(key);
    }
    const own = (drawing += 1);
    let at = 0;
    const draw = () => {
      if (own !== drawing) return;
      for (const until = Math.min(at + CHUNK, order.length); at < until; at += 1) place(body, kept, view, order, at, find, opened);
      if (at < order.length) requestAnimationFrame(draw);
      else if (trend && trend.address === address(view)) draw_sparks();
      table.dataset.drawn = String(at);
    };
    table.setAttribute("aria-rowcount", String(order.length + 1));
    draw();
  }

  /* A row that is moved keeps its focus. */
  function put(body, row, here) {
    if (row === here) return;
    const focused = row.contains(document.activeElement) ? document.activeElement : null;
    body.insertBefore(row, here);
    if (focused) focused.focus({ preventScroll: true });
  }

  function place(body, kept, view, order, at, find, opened) {
    const given = order[at];
    let row = kept.get(given.key);
    if (!row) {
      row = make(view, given);
      kept.set(given.key, row);
    }
    const inOrder = order === view.rows;
    put(body, row, at ? kept.get(order[at - 1].key).nextSibling : body.firstChild);
    if (row.gridwallGiven !== given) update(row, view, given);
    row.gridwallGiven = given;
    gridwall.dom.hide(row, Boolean(find) && !given.find.includes(find));
    gridwall.dom.classes(row, `${given.tone} ${given.close && inOrder && !find ? "close" : ""} ${given.key === opened ? "selected" : ""}`.trim());
    gridwall.dom.attribute(row.gridwallOpen, "aria-expanded", String(given.key === opened));
  }

  function make(view, given) {
    const { node } = gridwall.dom;
    const row = node("tr");
    row.dataset.key = given.key;
    row.setAttribute("role", "row");
    row.gridwallCells = view.columns.map((column) => {
      const cell = node(column.kind === "name" ? "th" : "td", `${name_of(column)}${column.left ? " l" : ""}${column.first ? " g" : ""}`);
      cell.setAttribute("role", column.kind === "name" ? "rowheader" : "cell");
      cell.dataset.label = column.label; /* said before the value where a phone leaves the heads out */
      if (column.kind === "name") {
        cell.scope = "row";
        row.gridwallOpen = rankings.button("", "open", () => undefined);
        cell.append(row.gridwallOpen, node("small", "phone"));
      }
      row.append(cell);
      return cell;
    });
    return row;
  }

  function update(row, view, given) {
    row.gridwallOpen.setAttribute("aria-label", given.words);
    row.gridwallOpen.title = given.full;
    view.columns.forEach((column, index) => {
      const draw = drawers[column.kind] || drawers.number;
      const was = row.gridwallGiven && row.gridwallGiven.cells[index];
      if (!was || JSON.stringify(was) !== JSON.stringify(given.cells[index])) draw(row.gridwallCells[index], given.cells[index], given);
    });
    const phone = row.gridwallOpen.nextElementSibling;
    if (!given.phone.rate) return;
    if (!given.phone.late) return phone.replaceChildren(given.phone.rate);
    const late = gridwall.dom.node("b", given.phone.tone, given.phone.late);
    phone.replaceChildren(`${given.phone.rate}${rankings.words("comma")}${rankings.words("column.overdue_open")} `, late);
  }

  const drawers = {
    number(cell, given) {
      gridwall.dom.text(cell, given.text);
      tone(cell, given.tone);
    },
    rank(cell, given) {
      const { node } = gridwall.dom;
      cell.replaceChildren(given.text, ...(given.after ? [node("small", "tied", given.after)] : []));
    },
    move(cell, given) {
      const { node } = gridwall.dom;
      const mark = node("span", given.tone || "", given.text);
      mark.setAttribute("aria-hidden", "true");
      cell.replaceChildren(mark, ...(given.words ? [node("span", "unseen", given.words)] : []));
      cell.title = given.words || "";
    },
    name(cell, given) {
      gridwall.dom.text(cell.firstChild, given.text);
    },
    gap(cell, given) {
      const { node } = gridwall.dom;
      cell.replaceChildren(...(given.tag ? [node("b", "tag", given.tag), " "] : []), given.text);
    },
    grade(cell, given) {
      const { node } = gridwall.dom;
      if (!given.text) return cell.replaceChildren();
      const box = node("span", `grade ${given.tone}`, given.text);
      cell.replaceChildren(box, ...(given.words ? [node("span", "unseen", `${rankings.words("comma")}${given.words}`)] : []));
    },
    bar(cell, given) {
      const { node } = gridwall.dom;
      cell.title = given.note || ""; /* where the column is narrow the words end in … */
      if (given.note) return cell.replaceChildren(node("span", "note", given.note));
      const stack = node("div", "stack");
      for (const part of given.parts) {
        const strip = node("i", part.tone);
        strip.style.width = part.width;
        stack.append(strip);
      }
      const axis = node("div", "axis", stack);
      if (given.line) {
        const line = node("span", "pass-line");
        line.style.left = given.line;
        axis.append(line);
      }
      axis.setAttribute("aria-hidden", "true");
      cell.title = given.words;
      cell.replaceChildren(axis, node("span", "unseen", given.words));
    },
    dot(cell, given) {
      const { node } = gridwall.dom;
      const mark = node("i", given.tone === "w" ? "over" : "");
      mark.style.left = given.at;
      const range = node("span", "range", node("u"), mark);
      range.setAttribute("aria-hidden", "true");
      cell.replaceChildren(range, node("span", "unseen", given.words));
    },
    spark() {},
  };

  function tone(cell, name) {
    for (const one of ["od", "w"]) cell.classList.toggle(one, one === name);
  }

  /* ---- sparklines: asked for when the table stands ---- */

  const address = (view) => rankings.query(view.address);

  async function sparks(view) {
    if (view.watch || !view.columns.some((column) => column.kind === "spark")) return;
    const wanted = address(view);
    if (trend && trend.address === wanted && view.read_at - trend.read_at < TREND_MS) return;
    trend = { address: wanted, read_at: view.read_at, lines: trend && trend.address === wanted ? trend.lines : null };
    try {
      const given = await rankings.get("trend", view.address, { alone: true });
      if (trend.address !== wanted) return;
      trend.lines = given.lines;
      draw_sparks();
    } catch (error) {
      if (!(error instanceof rankings.Problem)) throw error;
      if (trend.address === wanted) trend = null; /* asked again with the next view; the column stays empty */
    }
  }

  function draw_sparks() {
    if (!trend || !trend.lines) return;
    const waiting = [...table.tBodies[0].rows];
    const index = rankings.view.columns.findIndex((column) => column.kind === "spark");
    const own = drawing;
    const draw = () => {
      if (own !== drawing || index < 0) return;
      for (const row of waiting.splice(0, CHUNK)) spark(row.cells[index], trend.lines[row.dataset.key] || []);
      if (waiting.length) requestAnimationFrame(draw);
    };
    draw();
  }

  function spark(cell, values) {
    const wanted = JSON.stringify(values);
    if (cell.gridwallSpark === wanted) return;
    cell.gridwallSpark = wanted;
    const known = values.map((value, index) => [value, index]).filter(([value]) => value !== null);
    if (!known.length) return cell.replaceChildren();
    const x = (index) => (2 + (82 * index) / Math.max(1, values.length - 1)).toFixed(1);
    const y = (value) => (21 - 18 * value).toFixed(1);
    let path = "";
    values.forEach((value, index) => {
      if (value !== null) path += `${index && values[index - 1] !== null ? "L" : "M"}${x(index)} ${y(value)}`;
    });
    const [last, at] = known[known.length - 1];
    const drawn = svg("svg", { class: "spark", viewBox: "0 0 88 24", width: 88, height: 24, "aria-hidden": "true" });
    drawn.append(svg("path", { d: path }), svg("circle", { cx: x(at), cy: y(last), r: 2.5 }));
    cell.replaceChildren(drawn);
  }

  function svg(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /* ---- nothing to show ---- */

  function none(view, state) {
    const { node, part, text, hide } = gridwall.dom;
    const find = (state.q || "").toLowerCase();
    const message = part(rankings.place.body, "none", () => {
      const made = node("p", "none", node("b"), node("span"));
      made.setAttribute("role", "status");
      return made;
    });
    rankings.place.body.append(message);
    const empty = !view.rows.length;
    const missed = !empty && find && !view.rows.some((row) => row.find.includes(find));
    hide(table, empty);
    hide(message, !empty && !missed);
    text(message.firstChild, empty ? rankings.words("state.empty") : missed ? rankings.words("state.none_found", { find: state.q }) : "");
    text(message.lastChild, empty ? rankings.words("state.empty_line") : "");
  }

  rankings.row = (key) => table && [...table.tBodies[0].rows].find((row) => row.dataset.key === key);
})();
