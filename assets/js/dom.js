/* Placing and patching: nodes are kept by key, text nodes change only when their text changes. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const dom = (gridwall.dom = {});

  dom.node = function (tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children);
    return node;
  };

  dom.text = function (node, text) {
    const next = text === undefined || text === null ? "" : String(text);
    if (!node.firstChild) node.append(document.createTextNode(""));
    if (node.firstChild.data !== next) node.firstChild.data = next;
  };

  dom.classes = function (node, className) {
    if (node.className !== className) node.className = className;
  };

  dom.hide = function (node, hidden) {
    if (node.hidden !== hidden) node.hidden = hidden;
  };

  dom.attribute = function (node, name, value) {
    if (value === undefined || value === null || value === "") node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  };

  dom.style = function (node, name, value) {
    if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
  };

  /* A part of a node, made once and found again by name. */
  dom.part = function (parent, name, make) {
    const parts = (parent.gridwallParts = parent.gridwallParts || {});
    if (!parts[name]) {
      parts[name] = make();
      parent.append(parts[name]);
    }
    return parts[name];
  };

  /* Children in the order of `items`: kept by key, moved by FLIP, new ones made, missing ones removed. */
  dom.keyed = function (parent, items, make, update) {
    const kept = (parent.gridwallKeyed = parent.gridwallKeyed || new Map());
    const before = gridwall.motion.places(kept);
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, node] of kept) {
      if (!wanted.has(key)) {
        node.remove();
        kept.delete(key);
      }
    }
    items.forEach((item, index) => {
      let node = kept.get(item.key);
      if (!node) {
        node = make(item);
        kept.set(item.key, node);
      }
      if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] || null);
      update(node, item, index);
    });
    gridwall.motion.moved(kept, before);
  };

  /* A number with its words: only `number` carries the address. */
  dom.figure = function (node, figure, tween) {
    const given = figure || { text: "" };
    const number = node.gridwallNumber || (node.gridwallNumber = makeNumber(node));
    const tone = given.tone ? `number ${given.tone}` : "number";
    dom.classes(number, tone);
    dom.attribute(number, "data-figure", given.address);
    dom.attribute(number, "data-value", given.value);
    edge(node, "before", given.before, number, given.tone);
    edge(node, "after", given.after, null, given.tone);
    if (tween) gridwall.motion.number(number, given.text);
    else dom.text(number, given.text);
  };

  function makeNumber(node) {
    const number = dom.node("span", "number");
    node.append(number);
    return number;
  }

  function edge(node, side, words, next, tone) {
    const name = side === "before" ? "gridwallBefore" : "gridwallAfter";
    if (!words && !node[name]) return;
    if (!node[name]) {
      node[name] = dom.node("span", side);
      node.insertBefore(node[name], next);
    }
    dom.classes(node[name], tone ? `${side} ${tone}` : side);
    dom.text(node[name], words || "");
  }

  dom.sign = function (kind) {
    return dom.node("i", `sign ${kind}`);
  };

  dom.rem = function () {
    return parseFloat(getComputedStyle(document.documentElement).fontSize);
  };

  const tokens = {};
  dom.token = function (name) {
    if (!tokens[name]) tokens[name] = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    return tokens[name];
  };
})();
