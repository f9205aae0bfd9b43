/* A list to choose from, with type-ahead: an input, its suggestions, and what has been chosen. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const blocks = (desk.blocks = desk.blocks || {});
  const MOST = 60;
  let numbers = 0;
  let listed = null; /* the field whose list is open */

  blocks.select = function (place, block) {
    const { node, part, text, hide, attribute } = gridwall.dom;
    const first = !place.gridwallInput;
    if (first) build(place);
    place.gridwallBlock = block;
    const { label, box, error } = place.gridwallParts;
    text(label.firstChild, block.label);
    text(label.lastChild, block.hint || (block.many && !block.note ? desk.words("sheet.many") : ""));
    const input = place.gridwallInput;
    if (document.activeElement !== input || listed !== place) input.value = named(block);
    attribute(input, "placeholder", desk.words("sheet.choose"));
    attribute(input, "aria-invalid", block.error ? "true" : "");
    const note = part(box, "note", () => node("span", "note"));
    text(note, block.note);
    hide(note, !block.note);
    text(error.lastChild, block.error);
    hide(error, !block.error);
    if (listed === place) suggest(place);
  };

  const values = (block) => String(desk.sheet_value(block) || "").split(",").filter(Boolean);

  function named(block) {
    const chosen = new Set(block.many ? values(block) : [String(desk.sheet_value(block) ?? "")]);
    return block.choices.filter((one) => chosen.has(one.value)).map((one) => one.label).join("、");
  }

  function build(place) {
    const { node, part } = gridwall.dom;
    const input = (place.gridwallInput = node("input"));
    const number = (numbers += 1);
    Object.assign(input, { id: `select-${number}`, autocomplete: "off" });
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", `list-${number}`);
    const label = part(place, "label", () => node("label", "label", node("span"), node("em")));
    label.htmlFor = input.id;
    part(place, "box", () => node("div", "box arrow", input));
    const list = part(place, "list", () => node("ul", "suggestions"));
    Object.assign(list, { id: `list-${number}`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-labelledby", input.id);
    part(place, "error", () => node("p", "error", gridwall.dom.sign("cross"), node("span")));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => show(place, ""));
    input.addEventListener("input", () => show(place, input.value));
    input.addEventListener("blur", () => setTimeout(() => listed === place && document.activeElement !== input && hide_list(), 120));
    input.addEventListener("keydown", (event) => keyed_down(place, event));
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li[data-value]");
      if (item) choose(place, item.dataset.value);
    });
  }

  function show(place, words) {
    listed = place;
    place.gridwallWords = words.trim().toLowerCase();
    place.gridwallAt = 0;
    suggest(place);
  }

  /* What begins with the words comes before what merely contains them. */
  function found(place) {
    const words = place.gridwallWords;
    const of = (one) => [one.label, one.line, one.value].map((text) => String(text).toLowerCase());
    const matching = place.gridwallBlock.choices.filter((one) => !words || of(one).some((text) => text.includes(words)));
    const starts = (one) => (of(one).some((text) => text.startsWith(words)) ? 0 : 1);
    return words ? matching.sort((a, b) => starts(a) - starts(b)).slice(0, MOST) : matching.slice(0, MOST);
  }

  function suggest(place) {
    const { node } = gridwall.dom;
    const { list } = place.gridwallParts;
    const input = place.gridwallInput;
    const chosen = new Set(values(place.gridwallBlock));
    const items = found(place).map((one, index) => {
      const item = node("li", index === place.gridwallAt ? "at" : "", node("span", "", one.label), node("small", "", one.why_not || one.line));
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(chosen.has(one.value)));
      if (one.why_not) item.setAttribute("aria-disabled", "true");
      else item.dataset.value = one.value;
      return item;
    });
    list.replaceChildren(...(items.length ? items : [none()]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (items.length) {
      input.setAttribute("aria-activedescendant", `${list.id}-${place.gridwallAt}`);
      items[place.gridwallAt].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function none() {
    const item = gridwall.dom.node("li", "", desk.words("sheet.none_found"));
    item.setAttribute("role", "option");
    item.setAttribute("aria-disabled", "true");
    return item;
  }

  function hide_list() {
    const place = listed;
    listed = null;
    place.gridwallParts.list.hidden = true;
    place.gridwallInput.setAttribute("aria-expanded", "false");
    place.gridwallInput.removeAttribute("aria-activedescendant");
    place.gridwallInput.value = named(place.gridwallBlock);
  }

  /* Esc closes an open list before it closes the sheet. */
  desk.close_list = function () {
    if (!listed) return false;
    hide_list();
    return true;
  };

  function choose(place, value) {
    const block = place.gridwallBlock;
    let next = value;
    if (block.many) {
      const chosen = new Set(values(block));
      if (!chosen.delete(value)) chosen.add(value);
      next = [...chosen].join(",");
    }
    desk.sheet_changed(block.name, next, true);
    if (block.many) suggest(place);
    else hide_list();
  }

  function keyed_down(place, event) {
    if (event.ctrlKey || event.metaKey) return;
    const open = listed === place;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void show(place, "");
      const count = found(place).length;
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (count) place.gridwallAt = (place.gridwallAt + by + count) % count;
      suggest(place);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      const one = found(place)[place.gridwallAt];
      if (one && !one.why_not) choose(place, one.value);
    }
  }
})();
