/* Finds the desk's skeleton, which Dash puts in after the scripts are loaded, and brings it to life. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  function start(root) {
    desk.root = root;
    desk.settings = JSON.parse(root.dataset.settings);
    document.documentElement.dataset.surface = "desk";
    document.documentElement.lang = desk.settings.lang;
    document.title = desk.words("title");
    desk.build_queue(document.getElementById("desk-queue"));
    desk.build_sheets(root);
    desk.draw_side(null);
    desk.draw_case();
    desk.listen_to_keys();
    for (const button of root.querySelectorAll(".open-sheet")) {
      button.addEventListener("click", () => desk.open_sheet(button.dataset.sheet, ""));
    }
    root.querySelector(".leave").addEventListener("click", leave);
    addEventListener("popstate", arrived);
    /* Back from the browser's memory: what it shows may be hours old. */
    addEventListener("pageshow", (event) => event.persisted && desk.reconnect());
    desk.connect();
    desk.pull(true);
    arrived();
    desk.ask_about_unanswered();
    desk.look_for_handover();
  }

  function arrived() {
    const case_no = new URLSearchParams(location.search).get("case");
    if (case_no && case_no !== desk.case_no) desk.open_case(case_no, { back: true });
    else if (!case_no && desk.case_no) desk.close_case(true);
  }

  async function leave(event) {
    event.preventDefault();
    desk.release_hold();
    try {
      await desk.post(desk.settings.leave, {});
    } catch (_) {
      /* signed out already, or the answer is a page: the next address says what is so */
    }
    sessionStorage.clear(); /* who leaves by choice leaves no caller's words on a shared screen */
    location.assign("/signin");
  }

  gridwall.arrive("desk", start);
})();
