/* The blocks of a sheet that somebody fills in. Each draws itself anew over what is there; the focused one keeps its
   text and its caret. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const blocks = (desk.blocks = desk.blocks || {});
  let numbers = 0;

  desk.draw_blocks = function (parent, given) {
    const { node, keyed } = gridwall.dom;
    const seen = new Map();
    const items = given.map((block) => {
      const name = `${block.kind} ${block.name || ""}`;
      seen.set(name, (seen.get(name) || 0) + 1);
      return { key: `${name} ${seen.get(name)}`, block };
    });
    keyed(parent, items, ({ block }) => node("div", `block ${block.kind}`), (place, { block }) => blocks[block.kind](place, block));
  };

  const id = () => `field-${(numbers += 1)}`;

  /* Label, hint and error of a field. A field whose error came back is said so and keeps its text. */
  function frame(place, block, hint) {
    const { node, part, text, hide } = gridwall.dom;
    const label = part(place, "label", () => node(place.gridwallGroup ? "div" : "label", "label", node("span"), node("em")));
    text(label.firstChild, block.label);
    text(label.lastChild, hint === undefined ? block.hint : hint);
    const error = part(place, "error", () => node("p", "error", gridwall.dom.sign("cross"), node("span")));
    if (!error.id) error.id = id();
    text(error.lastChild, block.error);
    hide(error, !block.error);
    return error;
  }

  function box(place, input, block, error) {
    const { attribute } = gridwall.dom;
    attribute(input, "aria-invalid", block.error ? "true" : "");
    attribute(input, "aria-describedby", block.error ? error.id : "");
    place.append(error);
  }

  function set(input, value) {
    if (document.activeElement !== input && input.value !== value) input.value = value;
  }

  const value_of = (block) => String(desk.sheet_value(block) ?? "");

  blocks.text = function (place, block) {
    const { node, part, text, hide, attribute } = gridwall.dom;
    const input = field(place, block.rows > 1 ? "textarea" : "input");
    const used = value_of(block).length;
    const counter = block.longest ? desk.words("sheet.text_left", { used, longest: block.longest }) : "";
    const error = frame(place, block, [block.required ? desk.words("sheet.required") : "", block.hint, counter].filter(Boolean).join("，"));
    place.gridwallBlock = block;
    attribute(input, "placeholder", block.placeholder);
    input.readOnly = block.read_only;
    input.required = block.required;
    if (block.longest) input.maxLength = block.longest;
    if (block.rows > 1) input.rows = block.rows;
    set(input, value_of(block));
    const note = part(input.parentNode, "note", () => node("span", "note"));
    text(note, block.note);
    hide(note, !block.note);
    box(place, input, block, error);
  };

  function field(place, tag) {
    const { node, part } = gridwall.dom;
    if (!place.gridwallInput) {
      const input = (place.gridwallInput = node(tag));
      input.id = id();
      const label = part(place, "label", () => node("label", "label", node("span"), node("em")));
      label.htmlFor = input.id;
      part(place, "box", () => node("div", "box", input));
      input.addEventListener("input", () => {
        const block = place.gridwallBlock;
        desk.sheet_changed(block.name, input.value);
        count(place, block, input);
      });
    }
    return place.gridwallInput;
  }

  function count(place, block, input) {
    if (!block.longest) return;
    const counter = desk.words("sheet.text_left", { used: input.value.length, longest: block.longest });
    const words = [block.required ? desk.words("sheet.required") : "", block.hint, counter];
    gridwall.dom.text(place.gridwallParts.label.lastChild, words.filter(Boolean).join("，"));
  }

  blocks.moment = function (place, block) {
    const { node, part, text, hide } = gridwall.dom;
    const input = field(place, "input");
    place.gridwallBlock = block;
    const error = frame(place, block);
    input.type = block.date_only ? "date" : "datetime-local";
    set(input, value_of(block));
    const note = part(input.parentNode, "note", () => node("span", "note"));
    text(note, block.note);
    hide(note, !block.note);
    box(place, input, block, error);
  };

  blocks.check = function (place, block) {
    const { node, part, text, hide } = gridwall.dom;
    const label = part(place, "check", () => {
      const input = node("input");
      input.type = "checkbox";
      input.addEventListener("change", () => desk.sheet_changed(place.gridwallBlock.name, input.checked, true));
      return node("label", "", input, node("span", "", node("span"), node("small")));
    });
    place.gridwallBlock = block;
    label.firstChild.checked = !!desk.sheet_value(block);
    text(label.lastChild.firstChild, block.label);
    text(label.lastChild.lastChild, block.line);
    hide(label.lastChild.lastChild, !block.line);
  };

  /* Radios that look like chips, cards or tabs: arrows, numbers and the pointer choose. */
  function radios(place, block, draw) {
    const { node, part, keyed, attribute } = gridwall.dom;
    place.gridwallGroup = true;
    place.gridwallBlock = block;
    const group = (place.gridwallName = place.gridwallName || id());
    attribute(place, "role", "radiogroup");
    attribute(place, "aria-label", block.label || block.name);
    const error = block.label ? frame(place, block) : null;
    const list = part(place, "list", () => node("div", "choices"));
    const make = (choice) => {
      const input = node("input");
      Object.assign(input, { type: "radio", name: group, value: choice.key });
      input.addEventListener("change", () => desk.sheet_changed(place.gridwallBlock.name, input.value, true));
      return draw.make(node("label", "choice", input));
    };
    const value = value_of(block);
    keyed(list, block.choices.map((one) => ({ ...one, key: one.value })), make, (label, choice, index) => {
      label.firstChild.checked = choice.value === value;
      label.firstChild.disabled = !!choice.why_not;
      draw.update(label, choice, index);
    });
    if (error) place.append(error);
  }

  const chip = {
    make: (label) => (label.append(gridwall.dom.node("kbd", "kbd"), gridwall.dom.node("span")), label),
    update(label, choice, index) {
      const { text, hide, attribute } = gridwall.dom;
      const first = label.closest(".sheet").querySelector(".block.chips") === label.closest(".block.chips");
      text(label.children[1], String(index + 1));
      hide(label.children[1], !first || index > 8);
      text(label.children[2], choice.label);
      attribute(label, "title", choice.why_not || choice.line);
    },
  };
  const card = {
    make: (label) => (label.append(gridwall.dom.node("span", "", gridwall.dom.node("span"), gridwall.dom.node("small"))), label),
    update(label, choice) {
      const [strong, ...rest] = choice.label.split("，");
      const words = label.children[1].firstChild;
      if (words.textContent !== choice.label) words.replaceChildren(gridwall.dom.node("b", "", strong), rest.length ? `，${rest.join("，")}` : "");
      gridwall.dom.text(label.children[1].lastChild, choice.why_not || choice.line);
    },
  };
  const tab = {
    make: (label) => (label.append(gridwall.dom.node("span")), label),
    update: (label, choice) => gridwall.dom.text(label.children[1], choice.label),
  };
  blocks.chips = (place, block) => radios(place, block, chip);
  blocks.cards = (place, block) => radios(place, block, card);
  blocks.tabs = (place, block) => radios(place, block, tab);

  blocks.pick = function (place, block) {
    const { node, part, keyed, text, classes, attribute } = gridwall.dom;
    place.gridwallBlock = block;
    const group = (place.gridwallName = place.gridwallName || id());
    const table = part(place, "table", () => node("table", "pick-table", node("thead", "", node("tr")), node("tbody")));
    const heads = block.heads.map((words, index) => ({ key: index, words }));
    keyed(table.tHead.rows[0], heads, () => Object.assign(node("th"), { scope: "col" }), (cell, head) => text(cell, head.words));
    const chosen = new Set(value_of(block).split(",").filter(Boolean));
    keyed(table.tBodies[0], block.rows.map((row) => ({ ...row, key: row.value })), (row) => picked(place, group, row), (line, row) => {
      const input = line.querySelector("input");
      Object.assign(input, { type: block.many ? "checkbox" : "radio", checked: chosen.has(row.value), disabled: !!row.why_not });
      classes(line, chosen.has(row.value) ? "chosen" : row.why_not ? "closed" : "");
      attribute(line, "title", row.why_not);
      text(line.querySelector("b"), row.name);
      text(line.querySelector("small"), row.why_not || row.note);
      const cells = row.cells.map(([words, tone], index) => ({ key: index, words, tone }));
      const kept = [...line.children].slice(1);
      cells.forEach((one, index) => {
        const cell = kept[index] || line.appendChild(node("td"));
        text(cell, one.words);
        classes(cell, `number ${one.tone}`);
      });
    });
    const error = part(place, "error", () => node("p", "error", gridwall.dom.sign("cross"), node("span")));
    text(error.lastChild, block.error);
    error.hidden = !block.error;
  };

  function picked(place, group, row) {
    const { node } = gridwall.dom;
    const input = node("input");
    Object.assign(input, { name: group, value: row.value });
    input.addEventListener("change", () => {
      const all = [...place.querySelectorAll("input:checked")].map((one) => one.value);
      desk.sheet_changed(place.gridwallBlock.name, all.join(","), true);
    });
    return node("tr", "", node("td", "", node("label", "", input, node("b"), node("small"))));
  }
})();
