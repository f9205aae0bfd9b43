/* Short messages: said politely, gone by themselves unless something is left to decide. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const STAYS_MS = 8000;
  const OFFERED_MS = 20000;
  const MOST = 4;

  /* `choices`: [[label, what to do]]; a message with choices waits for one, unless they are only `offered`. */
  desk.toast = function (text, tone, choices, offered) {
    const { node } = gridwall.dom;
    const place = document.getElementById("desk-toasts");
    const sign = node("i", `sign ${{ alarm: "cross", warn: "triangle" }[tone] || "dot"}`);
    const toast = node("div", `toast ${tone || ""}`, sign, node("span", "", text));
    const away = () => toast.remove();
    for (const [label, act] of choices || []) {
      const button = node("button", "btn", label);
      button.type = "button";
      button.addEventListener("click", () => {
        away();
        act();
      });
      toast.append(button);
    }
    const close = node("button", "close");
    close.type = "button";
    close.setAttribute("aria-label", desk.words("send.closed"));
    close.append(gridwall.dom.sign("cross"));
    close.addEventListener("click", away);
    toast.append(close);
    place.append(toast);
    while (place.children.length > MOST) place.firstChild.remove();
    if (offered || !(choices || []).length) setTimeout(away, (choices || []).length ? OFFERED_MS : STAYS_MS);
    return away;
  };

  /* Said at once, over everything else: only for losing a hold. */
  desk.alert = function (text) {
    gridwall.dom.text(document.getElementById("desk-alert"), "");
    setTimeout(() => gridwall.dom.text(document.getElementById("desk-alert"), text), 50);
  };
})();
