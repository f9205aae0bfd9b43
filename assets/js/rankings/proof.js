/* The proof of a score: a line a part, the sum, sentences, what a case is worth, the rule. Words come from Python. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});

  rankings.draw_proof = function (place, given) {
    const { node } = gridwall.dom;
    if (given.unranked) place.append(node("p", "unranked", given.unranked));
    if (given.parts.length) {
      const list = node("div", "parts", ...given.parts.map(part));
      if (given.sum) list.append(sum(given.sum));
      place.append(list);
    }
    const told = given.says.map((sentence) => node("p", "", ...sentence.map(run)));
    if (told.length) place.append(node("div", "says", ...told));
    if (given.what_if) place.append(folded("supposed", given.what_if.head, rankings.build_what_if(given)));
    place.append(folded("costs", given.costs.head, ...given.costs.lines.map((line) => node("p", "", line))));
    const rule = given.rule.lines.map((line) => node("p", "", node("b", "", line.name), " ", line.text));
    place.append(folded("rule", given.rule.head, ...rule));
  };

  /* 3,446 ÷ 3,876 = 88.91% × 40 = 35.56 */
  function part(given) {
    const { node } = gridwall.dom;
    const line = node("div", "part");
    const fraction = node("span", "fraction");
    given.fraction.forEach((number, index) => fraction.append(...(index ? [" ÷ "] : []), run(number)));
    if (given.fraction.length) fraction.append(node("span", "is", "＝"), given.rate);
    const made = node("div", "made", fraction, node("small", "", given.means));
    if (given.bar !== null) made.append(bar(given));
    line.append(node("b", "name", given.name), made, node("span", "weight", given.weight), node("b", "worth", given.points));
    return line;
  }

  function bar(given) {
    const { node } = gridwall.dom;
    const filled = node("i", given.tone);
    filled.style.setProperty("width", `${given.bar * 100}%`);
    const made = node("span", "bar", filled);
    if (given.median !== null && given.median !== undefined) {
      const tick = node("u");
      tick.style.setProperty("left", `${given.median * 100}%`);
      tick.title = given.median_words;
      made.append(tick, node("span", "unseen", given.median_words));
    }
    return made;
  }

  function sum(given) {
    const { node } = gridwall.dom;
    const made = node("div", "made", node("small", "", given.terms), node("small", "", given.maximum));
    return node("div", "part sum", node("b", "name", given.name), made, node("span", "weight"), node("b", "worth", given.score));
  }

  /* A piece of a sentence: plain, strong, or a number that opens its cases. */
  function run(given) {
    const { node } = gridwall.dom;
    if (given.strong) return node("b", "", given.text);
    if (!given.which) return document.createTextNode(given.text);
    const link = rankings.button(given.text, "opens", () => rankings.open_cases(given.which));
    if (given.words) link.setAttribute("aria-label", given.words);
    return link;
  }

  function folded(name, head, ...lines) {
    const { node } = gridwall.dom;
    return node("details", name, node("summary", "", head), ...lines);
  }
})();
