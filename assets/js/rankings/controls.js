/* Heading and controls: periods, classes, objects, schemes, filters, search, exports; and the states of the page. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const place = {};
  let typing = 0;

  rankings.build_controls = function () {
    const { node } = gridwall.dom;
    const main = document.getElementById("rankings-main");
    for (const name of ["head", "choosing", "states", "body", "heat", "under"]) place[name] = main.querySelector(`:scope > .${name}`);
    rankings.place = place;
    place.title = node("h1", "", rankings.words("title"));
    place.segments = segment("period.label");
    place.classes = segment("control.classes");
    place.views = segment("control.view");
    place.exports = node("div", "exports");
    place.head.append(place.title, more(main), place.segments, place.classes, place.exports);
    place.menus = node("div", "menus");
    place.find = found();
    place.line = node("div", "line");
    place.legend = node("div", "score-keys");
    place.sub = node("div", "sub", place.line, place.legend);
    place.choosing.append(place.views, place.menus, place.find, links());
    place.body.append(place.sub, loading());
  };

  function segment(label) {
    const made = gridwall.dom.node("div", "choose-row");
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", rankings.words(label));
    made.hidden = true;
    return made;
  }

  /* On a phone everything but period and class waits behind a button. */
  function more(main) {
    const button = rankings.button(rankings.words("control.filters"), "btn quiet more", () => {
      const on = main.classList.toggle("wide");
      button.setAttribute("aria-expanded", String(on));
    });
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  function loading() {
    const { node } = gridwall.dom;
    const blocks = node("div", "loading", node("p", "unseen", rankings.words("state.loading")));
    for (let row = 0; row < 10; row += 1) blocks.append(node("i"));
    return blocks;
  }

  function found() {
    const field = gridwall.dom.node("input", "find");
    field.type = "search";
    field.placeholder = rankings.words("control.find");
    field.setAttribute("aria-label", rankings.words("control.find"));
    field.value = rankings.state().q || "";
    rankings.on("own", (state) => {
      if (document.activeElement !== field) field.value = state.q || "";
    });
    field.addEventListener("compositionend", () => field.dispatchEvent(new Event("input")));
    field.addEventListener("input", (event) => {
      if (event.isComposing) return; /* letters on their way to a character */
      clearTimeout(typing);
      typing = setTimeout(() => rankings.go({ q: field.value.trim() }, true), 120);
    });
    return field;
  }

  function links() {
    const copy = rankings.button(rankings.words("control.link"), "btn quiet", async () => {
      try {
        rankings.go({}, true); /* the address itself says it whole, also where copying is not allowed */
        await navigator.clipboard.writeText(location.href);
        rankings.say(rankings.words("control.copied"));
      } catch (_) {
        rankings.say(rankings.words("control.not_copied"));
      }
    });
    const print = rankings.button(rankings.words("control.print"), "btn quiet", () => window.print());
    return gridwall.dom.node("div", "links", copy, print);
  }

  rankings.draw_controls = function () {
    const { text, hide } = gridwall.dom;
    const { view, choices } = rankings;
    text(place.title, view.title);
    document.title = `${view.title} ${rankings.words("title")}`;
    const custom = { key: "custom", label: choices.custom.label, on: choices.custom.on, act: rankings.open_picker };
    buttons(place.segments, [...choices.segments.map((one) => ({ ...one, act: () => rankings.go({ ...one.address, as_of: null }) })), custom]);
    buttons(place.classes, view.classes.map((one) => ({ ...one, act: () => rankings.go({ class: one.key, open: null }) })));
    hide(place.choosing, false);
    menus(choices);
    exports_(view);
    text(place.line, view.line);
    legend(view);
    states(view);
  };

  /* One of a few: pressed is the chosen one. The buttons stay, so that the focus stays where it was. */
  function buttons(parent, items) {
    const { node, keyed, text, classes, hide } = gridwall.dom;
    hide(parent, !items.length);
    const make = () => {
      const button = rankings.button("", "", () => button.act());
      button.append(node("span"), " ", node("small"));
      return button;
    };
    keyed(parent, items, make, (button, item) => {
      button.act = item.act;
      button.dataset.key = item.key;
      text(button.children[0], item.label);
      text(button.children[1], item.size === undefined ? "" : item.size);
      classes(button, item.on ? "on" : "");
      button.setAttribute("aria-pressed", String(Boolean(item.on)));
    });
  }

  rankings.draw_switch = function (heat) {
    const both = rankings.view.watch ? [] : ["table", "heat"];
    buttons(place.views, both.map((key) => ({
      key,
      label: rankings.words(`control.${key}`),
      on: heat === (key === "heat"),
      act: () => rankings.go({ view: key === "heat" ? "heat" : null }),
    })));
    gridwall.dom.hide(place.heat, !heat);
    gridwall.dom.hide(place.find, heat);
  };

  function menus(choices) {
    const items = [];
    if (choices.objects.length > 1) items.push(menu("by", rankings.words("control.object"), choices.objects, object));
    if (choices.scores.length > 1) items.push(menu("score", rankings.words("control.score"), choices.scores, scheme));
    for (const filter of choices.filters) items.push(menu(filter.key, filter.label, all(filter), (key) => rankings.go({ [filter.key]: key })));
    gridwall.dom.keyed(place.menus, items, make_menu, fill_menu);
  }

  const object = (key) => rankings.go({ by: key, score: null, class: null, open: null, sort: null });
  const scheme = (key) => rankings.go({ score: key, class: null, open: null, sort: null });
  const menu = (key, label, options, act) => ({ key, label, options, act });

  function all(filter) {
    const any = { key: "", label: rankings.words("control.all"), on: !filter.chosen };
    return [any, ...filter.options.map((one) => ({ ...one, on: one.key === filter.chosen }))];
  }

  function make_menu() {
    const { node } = gridwall.dom;
    const select = node("select");
    select.addEventListener("change", () => select.act(select.value));
    return node("label", "menu", node("span"), select);
  }

  function fill_menu(label, item) {
    const { node, keyed, text } = gridwall.dom;
    const select = label.lastChild;
    text(label.firstChild, item.label);
    select.act = item.act;
    keyed(select, item.options, () => node("option"), (option, one) => {
      option.value = one.key;
      text(option, one.label);
    });
    select.value = (item.options.find((one) => one.on) || item.options[0]).key;
    label.classList.toggle("narrows", Boolean(item.options[0].key === "" && select.value));
  }

  /* Links and no scripts: what is downloaded is asked by the address that is shown. */
  function exports_(view) {
    const { node, keyed, text } = gridwall.dom;
    const query = rankings.query(view.address);
    const make = () => node("a", "btn", node("span"), node("em"));
    keyed(place.exports, view.exports.map((one) => ({ ...one, key: one.kind })), make, (link, one) => {
      link.href = `/rankings/export/table.${one.kind}?${query}`;
      link.title = one.title;
      text(link.children[0], one.label);
      text(link.children[1], one.said);
      link.dataset.kind = one.kind;
    });
  }

  function legend(view) {
    const { node, keyed, text, part, hide } = gridwall.dom;
    const keys = part(place.legend, "keys", () => node("div", "keys"));
    const make = (item) => node("span", "", node("i", item.tone), node("span", "long"), node("span", "short"));
    keyed(keys, view.legend.map((one, index) => ({ ...one, key: `${index}${one.tone}` })), make, (item, one) => {
      text(item.children[1], one.words);
      text(item.children[2], one.short);
    });
    const line = part(place.legend, "line", () => node("span", "pass", node("span", "long"), node("span", "short")));
    hide(line, !view.line_words);
    if (!view.line_words) return;
    text(line.children[0], view.line_words.words);
    text(line.children[1], view.line_words.short);
  }

  /* ---- what is so: 未定稿, filtered, a moment of the past, an error, a replay under way ---- */

  function states(view) {
    const { node, part, text, hide, style } = gridwall.dom;
    const open = part(place.states, "open", () => {
      const bar = node("div", "track", node("i"), node("span"), node("span"), node("span"));
      bar.setAttribute("aria-hidden", "true");
      return node("div", "unfinished", node("b", "tag"), node("p", "", node("b"), node("span")), bar);
    });
    hide(open, !view.unfinished);
    if (view.unfinished) {
      const [tag, words, bar] = open.children;
      text(tag, view.unfinished.tag);
      text(words.children[0], view.unfinished.head);
      text(words.children[1], view.unfinished.line);
      style(bar.children[0], "width", view.unfinished.share);
      text(bar.children[1], view.unfinished.first);
      text(bar.children[2], view.unfinished.now);
      style(bar.children[2], "left", view.unfinished.share);
      const near = parseFloat(view.unfinished.share);
      hide(bar.children[2], near < 24 || near > 76);
      text(bar.children[3], view.unfinished.last);
    }
    const narrowed = part(place.states, "narrowed", () => {
      const clear = rankings.button(rankings.words("control.clear"), "btn quiet", () => {
        rankings.go(Object.fromEntries(rankings.choices.filters.map((one) => [one.key, null])));
      });
      return node("div", "narrowed", node("span"), clear);
    });
    hide(narrowed, !view.narrowed);
    text(narrowed.firstChild, view.narrowed);
    const pinned = part(place.states, "pinned", () => {
      const now = rankings.button(rankings.words("control.now"), "btn quiet", () => rankings.go({ as_of: null }));
      return node("div", "moment", node("span"), now);
    });
    hide(pinned, !view.pinned);
    text(pinned.firstChild, view.pinned);
  }

  rankings.busy = function (on, alone) {
    place.body.setAttribute("aria-busy", String(on && !alone));
    rankings.root.classList.toggle("asking", on && !alone);
    if (!on) rankings.progress(null);
  };

  rankings.progress = function (given) {
    const { node, part, text, hide, style } = gridwall.dom;
    const bar = part(place.states, "progress", () => {
      const made = node("div", "progress", node("span"), node("i", "", node("b")));
      made.setAttribute("role", "progressbar");
      made.setAttribute("aria-label", rankings.words("state.loading"));
      return made;
    });
    hide(bar, !given);
    if (!given) return;
    const percent = Math.round((given.progress || 0) * 100);
    bar.setAttribute("aria-valuenow", String(percent));
    text(bar.firstChild, given.words || rankings.words("state.progress", { share: percent }));
    style(bar.lastChild.firstChild, "width", `${percent}%`);
  };

  /* What is shown stays; what went wrong, and what to do, is said above it. */
  rankings.failed = function (problem) {
    const { node, part, text, hide } = gridwall.dom;
    const bar = part(place.states, "failed", () => {
      const again = rankings.button(rankings.words("state.again"), "btn", rankings.reload);
      const back = node("a", "btn", rankings.words("state.back"));
      back.href = location.pathname;
      const made = node("div", "failed", gridwall.dom.sign("cross"), node("p", "", node("b"), node("span")), back, again);
      made.setAttribute("role", "alert");
      return made;
    });
    hide(bar, !problem);
    if (problem && rankings.choices) menus(rankings.choices); /* back to what is shown */
    const first = place.body.querySelector(".loading");
    if (first) first.remove();
    if (!problem) return;
    text(bar.children[1].children[0], problem.sentence);
    hide(bar.children[2], Boolean(rankings.view)); /* a link that cannot be answered needs a way on */
    text(bar.children[1].children[1], rankings.view ? rankings.words("state.kept") : "");
    rankings.draw_age();
  };
})();
