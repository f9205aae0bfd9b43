/* What if: two numbers, each no larger than there are cases, and the place they would give. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const PAUSE_MS = 350;
  let timer = 0;
  let asking = null;

  rankings.build_what_if = function (given) {
    const { node } = gridwall.dom;
    const box = node("fieldset", "what-if");
    box.setAttribute("aria-label", given.what_if.head);
    if (given.what_if.none) {
      box.append(node("p", "", given.what_if.none));
      return box;
    }
    const answer = node("output", "answer");
    const fields = given.what_if.fields.map((field) => {
      const input = node("input");
      Object.assign(input, { type: "number", min: 0, max: field.most, step: 1, value: "", placeholder: "0", name: field.name });
      input.inputMode = "numeric";
      input.addEventListener("input", () => soon(given, fields, answer));
      box.append(node("label", "", node("span", "", field.label), input, node("small", "", [rankings.why_words("what_if.case"), field.of].join(rankings.words("comma")))));
      return input;
    });
    box.append(answer);
    return box;
  };

  function soon(given, fields, answer) {
    clearTimeout(timer);
    timer = setTimeout(() => ask(given, fields, answer), PAUSE_MS);
  }

  async function ask(given, fields, answer) {
    if (asking) asking.abort();
    const own = (asking = new AbortController());
    const chosen = Object.fromEntries(fields.map((field) => [field.name, Math.max(0, Math.trunc(Number(field.value) || 0))]));
    if (!Object.values(chosen).some(Boolean)) return gridwall.dom.text(answer, "");
    gridwall.dom.text(answer, rankings.why_words("what_if.asking"));
    try {
      const found = await rankings.get("what-if", { ...rankings.behind(), key: given.key, ...chosen }, { signal: own.signal });
      if (own === asking) gridwall.dom.text(answer, found.says);
    } catch (error) {
      if (own !== asking || own.signal.aborted) return;
      if (!(error instanceof rankings.Problem)) throw error;
      gridwall.dom.text(answer, error.sentence);
    }
  }
})();
