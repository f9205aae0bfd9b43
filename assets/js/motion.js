/* Movement: numbers count to their new value, rows move to their new place. Nothing moves that has not changed. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const motion = (gridwall.motion = {});
  const NUMBER_MS = 600;
  const MOVE_MS = 400;
  const EASE = "cubic-bezier(.2,.7,.2,1)";
  const FORM = /^-?[\d,]+(\.\d+)?$/;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  motion.allowed = function () {
    const wall = document.getElementById("wall");
    return !!wall && wall.dataset.fresh === "live" && !still.matches && document.visibilityState === "visible";
  };

  /* Only a rise counts up: at midnight every figure starts anew, and a roll down to 0 would show numbers nobody counted. */
  motion.number = function (node, text) {
    const target = String(text);
    if (node.gridwallTarget === target) return;
    const from = parsed(node.textContent);
    const to = parsed(target);
    node.gridwallTarget = target;
    if (from === null || to === null || to <= from || !motion.allowed()) {
      gridwall.dom.text(node, target);
      return;
    }
    const decimals = (target.split(".")[1] || "").length;
    const start = performance.now();
    const step = (now) => {
      if (node.gridwallTarget !== target) return;
      const part = Math.min((now - start) / NUMBER_MS, 1);
      if (part === 1) return;
      gridwall.dom.text(node, written(from + (to - from) * (1 - (1 - part) ** 3), decimals));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    /* The end does not hang on animation frames: a covered window gets none. */
    setTimeout(() => {
      if (node.gridwallTarget === target) gridwall.dom.text(node, target);
    }, NUMBER_MS);
  };

  function parsed(text) {
    return FORM.test(text) ? Number(text.replace(/,/g, "")) : null;
  }

  function written(value, decimals) {
    const [whole, rest] = value.toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return rest ? `${grouped}.${rest}` : grouped;
  }

  motion.places = function (nodes) {
    if (!nodes.size || !motion.allowed()) return null;
    const places = new Map();
    for (const [key, node] of nodes) places.set(key, [node.offsetLeft, node.offsetTop]);
    return places;
  };

  motion.moved = function (nodes, before) {
    if (!before) return;
    const moves = [];
    for (const [key, node] of nodes) {
      const old = before.get(key);
      if (!old) moves.push([node, null]);
      else {
        const dx = old[0] - node.offsetLeft;
        const dy = old[1] - node.offsetTop;
        if (dx || dy) moves.push([node, `translate(${dx}px,${dy}px)`]);
      }
    }
    for (const [node, from] of moves) {
      const start = from ? { transform: from } : { opacity: 0 };
      const end = from ? { transform: "none" } : { opacity: 1 };
      node.animate([start, end], { duration: MOVE_MS, easing: EASE });
    }
  };
})();
