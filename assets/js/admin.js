/* Keys of the administration: / looks for something, Esc closes the drawer, PgUp and PgDn turn pages. */
(function () {
  "use strict";

  function button(ending) {
    return [...document.querySelectorAll(".admin button:not(:disabled)")].find((one) => one.id.includes(ending));
  }

  const KEYS = { Escape: '"name":"close"', PageUp: '"name":"back"', PageDown: '"name":"on"' };

  document.addEventListener("keydown", function (event) {
    if (!document.querySelector(".admin") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/" && !event.target.matches("input, select, textarea")) {
      const search = document.querySelector(".ad-search input");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    const found = KEYS[event.key] && button(KEYS[event.key]);
    if (found) {
      event.preventDefault();
      found.click();
    }
  });
})();
