/* A modal: the focus stays inside, the rest cannot be reached, and the focus goes back to where it was. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const REACHABLE = "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex='0']";
  let open = null;

  desk.modal_open = () => !!open;

  /* Keeps Tab within a node. */
  desk.trap = function (root, event) {
    if (event.key !== "Tab") return;
    const stops = [...root.querySelectorAll(REACHABLE)].filter((one) => one.offsetParent !== null);
    if (!stops.length) return;
    const first = stops[0];
    const last = stops[stops.length - 1];
    const inside = root.contains(document.activeElement);
    if (event.shiftKey && (document.activeElement === first || !inside)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && (document.activeElement === last || !inside)) {
      event.preventDefault();
      first.focus();
    }
  };

  /* `fill` builds the content; it may return the node to focus. `enter` is what Enter does outside of fields. */
  desk.modal = function ({ label, role, className, fill, enter, submit, leave }) {
    desk.close_modal();
    const { node } = gridwall.dom;
    const box = node("div", `modal ${className || ""}`);
    box.setAttribute("role", role || "dialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-label", label);
    const scrim = node("div", "scrim", box);
    const before = document.activeElement;
    const root = document.getElementById("desk");
    root.append(scrim);
    for (const area of root.children) if (area !== scrim && !area.matches(".toasts, .unseen")) area.inert = true;
    open = { scrim, box, before, enter, submit, leave, root };
    const focus = fill(box);
    (focus || box.querySelector(REACHABLE)).focus();
    return box;
  };

  desk.close_modal = function () {
    if (!open) return;
    const { scrim, before, root } = open;
    open = null;
    for (const area of root.children) area.inert = false;
    scrim.remove();
    if (before && before.isConnected && before !== document.body) before.focus();
    else document.getElementById("desk-case").focus();
  };

  /* Keys while a modal is open; true = they were for it. */
  desk.modal_key = function (event) {
    if (!open) return false;
    const typing = event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
    if (event.key === "Escape") {
      event.preventDefault();
      const leave = open.leave;
      desk.close_modal();
      if (leave) leave();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && open.submit) {
      event.preventDefault();
      open.submit();
    } else if (event.key === "Enter" && open.enter && !typing && !event.target.matches("button, a")) {
      event.preventDefault();
      open.enter();
    } else desk.trap(open.box, event);
    return true;
  };

  desk.button = function (label, act, className, keys) {
    const { node } = gridwall.dom;
    const button = node("button", `btn ${className || ""}`, label);
    button.type = "button";
    if (keys) button.append(node("kbd", "kbd", keys));
    button.addEventListener("click", act);
    return button;
  };
})();
