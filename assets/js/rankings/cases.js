/* The cases behind a number: tabs, a page of rows, exports; in the drawer, or over the whole page. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  let box = null;
  let drawn = "";
  let asking = null;
  let found = null; /* the page of cases that is shown */

  rankings.open_cases = function (which) {
    rankings.go({ tab: which, page: null });
    if (box) box.scrollIntoView({ block: "nearest" });
  };

  /* One list for as long as the same unit is open: its rows stay until others are there. */
  rankings.build_cases = function (given) {
    const { node, keyed, text } = gridwall.dom;
    if (!box || box.gridwallKey !== given.key) make(given.key);
    const tabs = given.tabs.filter((one, index) => one.count || !index);
    const button = (tab) => {
      const made = rankings.button("", "", () => rankings.go({ tab: tab.which, page: null }));
      made.dataset.which = tab.which;
      return made;
    };
    keyed(box.tabs, tabs.map((tab) => ({ ...tab, key: tab.which })), button, (made, tab) => text(made, `${tab.name} ${tab.count.toLocaleString("en-US")}`));
    return box;
  };

  function make(key) {
    const { node } = gridwall.dom;
    box = node("section", "behind");
    box.gridwallKey = key;
    box.setAttribute("aria-label", rankings.why_words("cases.label"));
    const parts = { head: "case-head", tabs: "case-tabs", list: "case-list", pages: "case-pages", foot: "case-foot" };
    for (const [name, className] of Object.entries(parts)) box.append((box[name] = node("div", className)));
    box.heading = node("h3");
    box.heading.tabIndex = -1;
    box.head.append(box.heading);
    box.shown = node("span");
    box.before = rankings.button(rankings.why_words("cases.before"), "btn quiet", () => turn(-1));
    box.after = rankings.button(rankings.why_words("cases.after"), "btn quiet", () => turn(1));
    box.pages.append(box.shown, box.before, box.after);
    box.links = ["xlsx", "csv"].map((kind) => {
      const link = node("a", "btn", `${rankings.why_words("cases.export")} ${kind === "xlsx" ? "Excel" : "CSV"}`);
      link.dataset.kind = kind;
      return link;
    });
    box.over = rankings.button("", "btn", () => {
      rankings.go({ full: rankings.state().full ? null : 1 });
      (rankings.state().full ? box.heading : box.over).focus({ preventScroll: true });
    });
    box.foot.append(...box.links, box.over);
    pages(null);
    drawn = "";
  }

  const turn = (by) => rankings.go({ page: found.page + by, tab: found.which });

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
    for (const button of box.tabs.children) {
      const on = button.dataset.which === params.which;
      gridwall.dom.classes(button, on ? "on" : "");
      button.setAttribute("aria-pressed", String(on));
    }
    foot(params, Boolean(state.full));
    const wanted = rankings.query(params);
    if (wanted !== drawn) load(params, wanted);
  };

  async function load(params, wanted) {
    const { node, text } = gridwall.dom;
    if (asking) asking.abort();
    const own = (asking = new AbortController());
    const list = found && found.key === params.key && found.which === params.which;
    const other = !list || String(found.page) !== String(params.page);
    drawn = wanted;
    box.list.setAttribute("aria-busy", "true");
    if (other) {
      box.list.replaceChildren(node("div", "blocks", node("i"), node("i"), node("i")));
      if (list) text(box.shown, ""); /* the buttons stay where they are pressed */
      else pages(null);
    }
    try {
      const given = await rankings.get("cases", params, { signal: own.signal });
      if (own !== asking) return;
      found = given;
      text(box.heading, given.head);
      box.list.replaceChildren(node("ol", "", ...given.lines.map(line)));
      pages(given);
    } catch (error) {
      if (own !== asking || own.signal.aborted) return;
      if (!(error instanceof rankings.Problem)) throw error;
      drawn = "";
      found = null;
      pages(null);
      box.list.replaceChildren(node("p", "refused", error.sentence));
    } finally {
      if (own === asking) box.list.removeAttribute("aria-busy");
    }
  }

  function pages(given) {
    const { text, hide } = gridwall.dom;
    text(box.shown, given ? given.shown : "");
    if (!given) text(box.heading, "");
    hide(box.head, !given);
    for (const [button, by] of [[box.before, -1], [box.after, 1]]) {
      hide(button, !given || given.pages < 2);
      button.disabled = !given || given.page + by < 1 || given.page + by > given.pages;
    }
  }

  function line(given) {
    const { node } = gridwall.dom;
    const title = node("span", "what", given.title);
    const right = given.late ? node("b", given.open ? "past" : "past over", given.late) : node("span", "when", given.times);
    const id = node("span", "nr", given.no, node("small", "", given.stage));
    return node("li", "", title, right, id, node("span", "did", given.done || (given.late ? given.times : "")));
  }

  function foot(params, full) {
    const { page, ...all } = params;
    for (const link of box.links) link.href = `/rankings/export/cases.${link.dataset.kind}?${rankings.query(all)}`;
    gridwall.dom.text(box.over, rankings.why_words(full ? "cases.back" : "cases.all"));
  }
})();
