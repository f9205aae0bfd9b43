/* Tabs, search, filters and the top bar's counts; and the one question that keeps queue and open case new. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const TYPING_MS = 250;
  const CALM_MS = 3000;
  const FILTERS = ["unit", "alert", "street"];

  const asked = { tab: "due", q: "", unit: "", alert: "", street: "" };
  let etag = null;
  let busy = false;
  let again = false;
  let pulled = -CALM_MS;
  let typing = 0;
  let failed = false;
  let entered = false; /* Enter was pressed in the search: the answer takes the focus, and looks everywhere if need be */

  desk.build_queue = function (root) {
    const { node } = gridwall.dom;
    const head = node("div", "queue-head");
    desk.tabs = node("div", "segments");
    desk.tabs.setAttribute("role", "group");
    desk.search = node("input", "find");
    Object.assign(desk.search, { type: "search", placeholder: desk.words("queue.find"), autocomplete: "off" });
    desk.search.setAttribute("aria-label", desk.words("queue.find"));
    const filter = desk.button(desk.words("queue.filter"), toggle, "quiet");
    filter.setAttribute("aria-expanded", "false");
    const line = node("div", "find-line", desk.search, node("kbd", "kbd", "/"), filter);
    desk.filters = node("div", "filters");
    desk.filters.hidden = true;
    desk.bar = node("button", "waiting", node("b"), node("span", "", desk.words("queue.apply")), node("kbd", "kbd", "U"));
    Object.assign(desk.bar, { type: "button", hidden: true });
    desk.bar.addEventListener("click", desk.apply_queue);
    const count = (desk.counted = node("p", "unseen"));
    count.setAttribute("aria-live", "polite");
    desk.list = node("div", "list", node("div", "groups"));
    head.append(desk.tabs, line, desk.filters);
    root.append(head, desk.bar, count, desk.list);
    desk.search.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => ask({ q: desk.search.value.trim() }), TYPING_MS);
    });
    function toggle() {
      desk.filters.hidden = !desk.filters.hidden;
      filter.setAttribute("aria-expanded", String(!desk.filters.hidden));
    }
    choosers();
    desk.watch_queue();
  };

  /* ---- what is asked for ---- */

  function ask(change) {
    Object.assign(asked, change);
    etag = null;
    pull(true);
  }

  desk.filtered = () => !!(asked.q || FILTERS.some((name) => asked[name]));
  /* One filter less, as an empty list proposes. */
  desk.drop_filter = function (name) {
    if (name === "q") desk.search.value = "";
    ask({ [name]: "" });
  };
  desk.clear_filters = function () {
    desk.search.value = "";
    ask({ q: "", unit: "", alert: "", street: "" });
    choosers();
  };
  desk.search_now = function () {
    clearTimeout(typing);
    entered = true;
    ask({ q: desk.search.value.trim() });
  };
  function answered(view) {
    if (!entered) return;
    if (!view.total && asked.tab !== "all" && asked.q) return ask({ tab: "all" });
    entered = false;
    desk.focus_first(); /* of what these words find, and never of what was listed before */
  }
  desk.find = function (words) {
    desk.search.value = words;
    ask({ tab: "all", q: words, unit: "", alert: "", street: "" });
  };

  function choosers() {
    const choices = (desk.queue_view() || {}).choices || {};
    const print = JSON.stringify([choices, asked]);
    if (desk.filters.gridwallPrint === print) return;
    desk.filters.gridwallPrint = print;
    desk.filters.replaceChildren(...FILTERS.map((name) => chooser(name, choices[name] || [])));
  }

  function chooser(name, options) {
    const { node } = gridwall.dom;
    const select = node("select");
    for (const { value, label, count } of [{ value: "", label: desk.words("queue.anything") }, ...options]) {
      const option = node("option", "", count === undefined ? label : `${label} ${count}`);
      option.value = value;
      option.selected = value === asked[name];
      select.append(option);
    }
    select.addEventListener("change", () => ask({ [name]: select.value }));
    return node("label", "", desk.words(`queue.${name}`), select);
  }

  /* ---- one question at a time; a change announced meanwhile is asked for once more ---- */

  desk.pull = (urgent) => pull(false, urgent);

  async function pull(now, urgent) {
    if (busy) {
      again = now ? "asked" : again || "again";
      return;
    }
    /* Pictures follow each other every second; a list that people read need not. Their own actions do not wait. */
    const calm = CALM_MS - (performance.now() - pulled);
    if (!now && !urgent && calm > 0) {
      clearTimeout(desk.soon);
      desk.soon = setTimeout(() => pull(false, true), calm);
      return;
    }
    busy = true;
    pulled = performance.now();
    try {
      await Promise.all([queue(now), desk.case_no ? desk.refresh_case(!now) : null]);
      failed = false;
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      failed = true; /* the next beat or poll asks again; the age shows meanwhile */
      first_failure();
    } finally {
      busy = false;
      const turn = again;
      again = false;
      if (turn) pull(turn === "asked", true);
    }
  }

  async function queue(now) {
    const wanted = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    const answer = await desk.read(`/api/desk/queue?${wanted}`, etag, !now);
    if (!answer) {
      desk.heard(null);
      if (now) answered(desk.queue_view());
      return undefined;
    }
    etag = answer.etag;
    const view = answer.view;
    desk.heard(view);
    tabs(view.tabs || []);
    desk.accept_queue(view, now);
    if (now && wanted.get("q") === (asked.q || null)) answered(view);
    if (!desk.filters.contains(document.activeElement)) choosers();
    return undefined;
  }

  function first_failure() {
    if (desk.queue_view()) return;
    const { node, part, text } = gridwall.dom;
    const place = part(desk.list, "failed", () => node("div", "none"));
    text(part(place, "head", () => node("b")), failed ? desk.words("queue.failed") : "");
    text(part(place, "line", () => node("p")), desk.words("queue.failed_line"));
  }

  function tabs(given) {
    const { node, keyed, text, attribute, classes } = gridwall.dom;
    const failure = desk.list.gridwallParts && desk.list.gridwallParts.failed;
    if (failure) failure.hidden = true;
    keyed(desk.tabs, given.map((tab) => ({ ...tab, key: tab.name })), makeTab, (button, tab) => {
      text(button.firstChild, tab.label);
      text(button.lastChild, tab.count === undefined || tab.count === null || tab.name === "due" ? "" : ` ${tab.count}`);
      classes(button, tab.name === asked.tab ? "on" : "");
      attribute(button, "aria-pressed", String(tab.name === asked.tab));
    });
    function makeTab(tab) {
      const button = node("button", "", node("span"), node("span"));
      button.type = "button";
      button.addEventListener("click", () => ask({ tab: tab.name }));
      return button;
    }
  }

  /* ---- counts ---- */

  desk.draw_heads = function (view) {
    const { node, keyed, text, classes } = gridwall.dom;
    const place = desk.root.querySelector(".heads");
    const make = () => node("span", "", node("span"), node("b"));
    keyed(place, (view.heads || []).map((head) => ({ ...head, key: head.name })), make, (one, head) => {
      classes(one, head.tone || "");
      text(one.firstChild, head.label);
      text(one.lastChild, head.text);
    });
  };

  desk.count_queue = function () {
    const view = desk.queue_view();
    gridwall.dom.text(desk.counted, desk.words("queue.count", { count: view.total }));
  };
})();
