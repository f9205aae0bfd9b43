/* Evaluated in a wall page: every visible text that overflows its box, overlaps another text, lies outside the
   window, or is set smaller than 20 px at 1080 lines. Answers a list of sentences; an empty list is a pass. */
(() => {
  const floor = 20 * Math.min(window.innerHeight / 1080, window.innerWidth / 1920) - 0.1;
  /* A row on its way to its place is no overlap: what can end is ended first (a pulse cannot, and says so). */
  for (const animation of document.getAnimations()) {
    try {
      animation.finish();
    } catch {
      continue;
    }
  }
  const found = [];
  const texts = [];
  const shown = (node) => {
    for (let at = node; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility === "hidden" || at.hidden) return false;
    }
    return true;
  };
  const where = (node) => {
    const panel = node.closest("[data-panel]");
    return `${panel ? panel.dataset.panel : "page"} .${(node.getAttribute("class") || node.tagName).trim()}`;
  };
  const walker = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest("style, script, title") || !shown(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    /* What an ellipsis hides is not on the screen: the box ends where its clipping ancestor ends. */
    let [left, right, top, bottom] = [box.left, box.right, box.top, box.bottom];
    for (let at = holder; at && at.id !== "wall"; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX === "visible" || style.display === "contents") continue;
      const edge = at.getBoundingClientRect();
      const cut = right > edge.right + 1 || left < edge.left - 1;
      if (cut && style.textOverflow !== "ellipsis" && !(holder instanceof SVGElement)) found.push(`clipped: ${where(holder)} “${text.data}”`);
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
    }
    const size = parseFloat(getComputedStyle(holder).fontSize);
    if (size < floor) found.push(`small type ${size.toFixed(1)} px: ${where(holder)} “${text.data}”`);
    if (right > window.innerWidth + 1 || bottom > window.innerHeight + 1 || left < -1 || top < -1) {
      found.push(`outside the window: ${where(holder)} “${text.data}”`);
    }
    /* Glyphs fill about the middle seven tenths of a line box: boxes that only touch there do not collide. */
    const inset = (bottom - top) * 0.15;
    texts.push({ text: text.data, holder, left, right, top: top + inset, bottom: bottom - inset });
  }
  for (const panel of document.querySelectorAll("[data-panel]")) {
    const outer = panel.getBoundingClientRect();
    for (const one of texts) {
      if (!panel.contains(one.holder)) continue;
      if (one.left < outer.left - 2 || one.right > outer.right + 2 || one.top < outer.top - 2 || one.bottom > outer.bottom + 2) {
        found.push(`outside its panel: ${where(one.holder)} “${one.text}”`);
      }
    }
  }
  for (let i = 0; i < texts.length; i += 1) {
    for (let j = i + 1; j < texts.length; j += 1) {
      const [a, b] = [texts[i], texts[j]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) found.push(`overlap: ${where(a.holder)} “${a.text}” and ${where(b.holder)} “${b.text}”`);
    }
  }
  return found;
})();
