/* How the case came about: the six stages with their times, what is pending, the log with the newest first. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  desk.draw_stages = function (list, stages) {
    const { node, keyed, text, classes, attribute } = gridwall.dom;
    attribute(list, "aria-label", desk.words("case.steps"));
    const make = () => node("li", "", node("b"), node("span"), node("span"));
    keyed(list, stages.map((one, index) => ({ ...one, key: index })), make, (item, one) => {
      classes(item, `stage ${one.state === "late" ? "is-late" : one.state}${one.tone ? ` ${one.tone}` : ""}`);
      attribute(item, "aria-current", one.state === "now" || one.state === "late" ? "step" : "");
      text(item.children[0], one.name);
      text(item.children[1], one.at);
      text(item.children[2], one.line);
    });
  };

  /* Applications, supervisions and the arithmetic of the deadline: whatever Python has put into words. */
  desk.draw_pending = function (place, view) {
    const { node, part, keyed, text, hide, classes } = gridwall.dom;
    const rows = [...(view.applications || []), ...(view.supervisions || [])].map((one, index) => ({ ...one, key: index }));
    const list = part(place, "list", () => node("ul"));
    hide(list, !rows.length);
    const make = () => {
      const paper = node("a", "", desk.words("send.document"));
      Object.assign(paper, { target: "_blank", rel: "noopener" });
      return node("li", "", gridwall.dom.sign("triangle"), node("span"), paper, node("b"));
    };
    keyed(list, rows, make, (item, one) => {
      classes(item, one.tone || "");
      classes(item.children[0], `sign ${one.tone === "done" ? "dot" : "triangle"}`);
      text(item.children[1], one.text || one.label || "");
      hide(item.children[2], !one.document);
      if (one.document) item.children[2].href = `/desk/document/${one.document}`;
      text(item.children[3], one.value || "");
    });
    const sums = (view.arithmetic && (view.arithmetic.rows || view.arithmetic)) || [];
    const details = part(place, "sums", () => node("details", "", node("summary", "", desk.words("case.arithmetic")), node("div")));
    hide(details, !sums.length);
    if (sums.length && desk.draw_arithmetic) desk.draw_arithmetic(details.lastChild, sums);
    hide(place, !rows.length && !sums.length);
  };

  desk.draw_log = function (list, rows) {
    const { node, keyed, text, classes, attribute } = gridwall.dom;
    attribute(list, "aria-label", desk.words("case.log"));
    const make = () => node("li", "", node("span", "at"), node("span", "who"), node("span", "what"));
    /* Counted from the oldest: a new line keeps the others' places. */
    const items = rows.map((one, index) => ({ ...one, key: rows.length - index }));
    keyed(list, items, make, (item, one) => {
      classes(item, one.tone || "");
      text(item.children[0], one.at);
      text(item.children[1], one.who);
      text(item.children[2], one.what);
    });
  };
})();
