/* Pages are put in by Dash after the scripts are loaded: a script waits for its root to arrive, with its settings. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});

  gridwall.arrive = function (id, start) {
    function find() {
      const root = document.getElementById(id);
      if (!root || !root.dataset.settings) return false;
      start(root);
      return true;
    }
    if (find()) return;
    const watcher = new MutationObserver(() => {
      if (find()) watcher.disconnect();
    });
    watcher.observe(document.documentElement, { childList: true, subtree: true });
  };

  /* What everything posted must carry. */
  gridwall.form_token = function () {
    const found = document.cookie.split("; ").find((one) => one.startsWith("_csrf_token="));
    return found ? decodeURIComponent(found.slice("_csrf_token=".length)) : "";
  };
})();
