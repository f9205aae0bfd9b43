/* What must interrupt: somebody was first (409), the session has ended, all keys. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  /* ---- 409: who did what, when, and how the two differ. The default is to look, never to overwrite. ---- */

  desk.conflict = function (problem, mine) {
    const { node } = gridwall.dom;
    const error = problem.error;
    const winner = (error.winners || [])[error.winners ? error.winners.length - 1 : 0];
    const name = winner ? winner.name : error.held_by || "";
    const look = () => {
      desk.close_modal();
      desk.leave_sheet();
      desk.open_case(mine.case_no, { focus: true, again: true });
    };
    desk.modal({
      label: error.what,
      role: "alertdialog",
      enter: look,
      fill(box) {
        const title = node("h1", "", error.what);
        box.append(node("header", "", gridwall.dom.sign("triangle"), node("div", "", title, node("p", "", desk.words("conflict.line")))));
        box.append(happened(error, mine));
        if ((error.changes || []).length) box.append(differences(error.changes, name));
        const then = error.then || (mine.kept ? desk.words("conflict.draft") : "");
        if (then) box.append(node("p", "say", then));
        const primary = desk.button(desk.words("conflict.look"), look, "pri", "Enter");
        const others = [];
        if (mine.text && name) others.push(desk.button(desk.words("conflict.note", { name }), () => leave_note(mine, name)));
        if (error.held_by || problem.kind === "held") others.push(desk.button(desk.words("conflict.ask"), () => take_over(mine)));
        box.append(node("footer", "", ...others, primary));
        return primary;
      },
    });
  };

  function happened(error, mine) {
    const { node } = gridwall.dom;
    const rows = (error.winners || []).map((one, index, all) => {
      const cells = [desk.time(one.at, true), told(one), desk.words("conflict.version", { version: one.version })];
      return row(index === all.length - 1 ? "strong" : "", cells);
    });
    const you = desk.words("conflict.you", { label: mine.label, version: mine.version });
    rows.push(row("warn", [desk.now() === null ? "" : desk.time(desk.now(), true), you, desk.words("conflict.not_written")]));
    return node("table", "happened", node("tbody", "", ...rows));
  }

  /* Who did what; its time stands in a column of its own. */
  function told(one) {
    const words = one.sentence.replace(/^[-\d: ]+/, "");
    return words.includes(one.name) ? words : `${one.name} ${words}`;
  }

  function row(className, cells) {
    const { node } = gridwall.dom;
    return node("tr", className, ...cells.map((cell) => node("td", "", cell)));
  }

  function differences(changes, name) {
    const { node } = gridwall.dom;
    const head = node("thead", "", node("tr", "", node("td"), th(desk.words("conflict.theirs", { name })), th(desk.words("conflict.mine"))));
    const rows = changes.map((one) => {
      const label = th(one.label);
      label.scope = "row";
      return node("tr", "", label, node("td", "", one.theirs), node("td", "", node("b", "", one.mine)));
    });
    return node("section", "", node("h2", "", desk.words("conflict.differences")), node("table", "differ", head, node("tbody", "", ...rows)));
  }

  function th(text) {
    const head = gridwall.dom.node("th", "", text);
    head.scope = "col";
    return head;
  }

  async function leave_note(mine, name) {
    desk.close_modal();
    desk.leave_sheet();
    await desk.open_case(mine.case_no, { again: true });
    desk.set_memo(desk.words("conflict.message", { name, text: mine.text }));
  }

  async function take_over(mine) {
    desk.close_modal();
    desk.leave_sheet();
    await desk.open_case(mine.case_no, { again: true });
    desk.hold("ask");
  }

  /* ---- signed out: what was typed is kept; one way on ---- */

  let out = false;
  desk.signed_out = function () {
    if (out) return;
    out = true;
    desk.keep_sheet();
    const { node } = gridwall.dom;
    const next = encodeURIComponent(location.pathname + location.search);
    const again = () => location.assign(`/signin?next=${next}`);
    desk.modal({
      label: desk.words("out.head"),
      role: "alertdialog",
      enter: again,
      leave: () => (out = false),
      fill(box) {
        const words = node("div", "", node("h1", "", desk.words("out.head")), node("p", "", desk.words("out.line")));
        box.append(node("header", "", gridwall.dom.sign("triangle"), words, node("em", "code", "401")));
        const button = desk.button(desk.words("out.again"), again, "pri", "Enter");
        box.append(node("footer", "", button));
        return button;
      },
    });
  };

  /* ---- all keys ---- */

  desk.key_card = function () {
    const { node } = gridwall.dom;
    desk.modal({
      label: desk.words("key.card"),
      className: "key-card",
      enter: desk.close_modal,
      fill(box) {
        box.append(node("h1", "", desk.words("key.card")), node("p", "", desk.words("key.line")));
        box.append(node("dl", "", ...desk.keys.flatMap(([name, ...caps]) => desk.key_row(name, caps))));
        const print = node("a", "btn", desk.words("key.print"));
        Object.assign(print, { href: "/desk/print/keys", target: "_blank", rel: "noopener" });
        const close = desk.button(desk.words("sheet.close"), desk.close_modal, "pri", "Esc");
        box.append(node("footer", "", print, close));
        return close;
      },
    });
  };

  desk.key_row = function (name, caps) {
    const { node } = gridwall.dom;
    const keys = caps.map((cap) => node("kbd", "kbd", cap));
    return [node("div", "", node("dt", "", desk.words(`key.${name}`)), node("dd", "", ...keys))];
  };
})();
