/* The cases behind a number: tabs, a page of rows, exports; in the drawer, or over the whole page. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  let box = null;
  let drawn = "";
  let asking = null;

  rankings.open_cases = function (which) {
    rankings.go({ tab: which, page: null });
    if (box) box.scrollIntoView({ block: "nearest" });
  };

  rankings.build_cases = function (given) {
    const { node } = gridwall.dom;
    box = node("section", "behind");
    box.setAttribute("aria-label", rankings.why_words("cases.label"));
    const tabs = node("div", "case-tabs");
    for (const tab of given.tabs.filter((one, index) => one.count || !index)) {
      const button = rankings.button(`${tab.name} ${tab.count.toLocaleString("en-US")}`, "", () => rankings.go({ tab: tab.which, page: null }));
      button.dataset.which = tab.which;
      tabs.append(button);
    }
    box.append(node("div", "case-head"), tabs, node("div", "case-list"), node("div", "case-pages"), node("div", "case-foot"));
    drawn = "";
    return box;
  };

  const asked = (given, state) => ({
    ...rankings.behind(),
    key: given.key,
    which: state.tab || (given.tabs.find((tab) => tab.count) || given.tabs[0]).which,
    in_score: given.in_score && state.tab !== "exempted" ? given.in_score : "",
    page: state.page || 1,
  });

  /* The list that the address asks for; drawn again only when it asks for another one. */
  rankings.draw_cases = function (state) {
    const given = rankings.why;
    if (!given || !box || !given.tabs.length) return;
    const full = state.full ? "1" : "";
    if ((rankings.root.dataset.full || "") !== full) {
      if (full) rankings.root.dataset.full = full;
      else delete rankings.root.dataset.full;
      box.parentNode.scrollTop = full ? 0 : box.offsetTop;
    }
    const params = asked(given, state);
    for (const button of box.querySelectorAll(".case-tabs button")) {
      const on = button.dataset.which === params.which;
      gridwall.dom.classes(button, on ? "on" : "");
      button.setAttribute("aria-pressed", String(on));
    }
    foot(params, Boolean(state.full));
    const wanted = rankings.query(params);
    if (wanted !== drawn) load(params, wanted);
  };

  async function load(params, wanted) {
    if (asking) asking.abort();
    const own = (asking = new AbortController());
    drawn = wanted;
    try {
      const found = await rankings.get("cases", params, { signal: own.signal });
      if (own === asking) fill(found);
    } catch (error) {
      if (own !== asking || own.signal.aborted) return;
      if (!(error instanceof rankings.Problem)) throw error;
      drawn = "";
      box.querySelector(".case-list").replaceChildren(gridwall.dom.node("p", "refused", error.sentence));
    }
  }

  function fill(found) {
    const { node } = gridwall.dom;
    box.querySelector(".case-head").replaceChildren(node("h3", "", found.head));
    box.querySelector(".case-list").replaceChildren(node("ol", "", ...found.lines.map(line)));
    const pages = [node("span", "", found.shown)];
    const step = (by, word) => {
      const button = rankings.button(rankings.why_words(word), "btn quiet", () => rankings.go({ page: found.page + by, tab: found.which }));
      button.disabled = found.page + by < 1 || found.page + by > found.pages;
      return button;
    };
    if (found.pages > 1) pages.push(step(-1, "cases.before"), step(1, "cases.after"));
    box.querySelector(".case-pages").replaceChildren(...pages);
  }

  function line(given) {
    const { node } = gridwall.dom;
    const title = node("span", "what", given.title);
    const right = given.late ? node("b", given.open ? "past" : "past over", given.late) : node("span", "when", given.times);
    const id = node("span", "nr", given.no, node("small", "", given.stage));
    return node("li", "", title, right, id, node("span", "did", given.done || (given.late ? given.times : "")));
  }

  function foot(params, full) {
    const { node } = gridwall.dom;
    const { page, ...all } = params;
    const exports = ["xlsx", "csv"].map((kind) => {
      const link = node("a", "btn", `${rankings.why_words("cases.export")} ${kind === "xlsx" ? "Excel" : "CSV"}`);
      link.href = `/rankings/export/cases.${kind}?${rankings.query(all)}`;
      return link;
    });
    const over = rankings.button(rankings.why_words(full ? "cases.back" : "cases.all"), "btn", () => rankings.go({ full: full ? null : 1 }));
    box.querySelector(".case-foot").replaceChildren(...exports, over);
  }
})();
