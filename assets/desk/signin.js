/* The sign-in form works without this: it only tells of caps lock and shows what was typed. */
(function () {
  "use strict";
  if (!document.querySelector("[data-signin]")) return;

  function tellCaps(event) {
    if (!event.getModifierState) return;
    const hint = event.target.closest(".field").querySelector(".caps");
    const on = event.getModifierState("CapsLock");
    hint.dataset.plain = hint.dataset.plain || hint.textContent;
    hint.textContent = on ? hint.dataset.caps : hint.dataset.plain;
    hint.classList.toggle("on", on);
  }

  for (const input of document.querySelectorAll("input[type=password]")) {
    input.addEventListener("keydown", tellCaps);
    input.addEventListener("keyup", tellCaps);
  }

  for (const button of document.querySelectorAll("[data-show]")) {
    const words = button.dataset.words.split(" ");
    button.hidden = false;
    button.addEventListener("click", function () {
      const input = document.getElementById(button.dataset.show);
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = words[shown ? 0 : 1];
      input.focus();
    });
  }

  let sent = false;
  document.querySelector("[data-signin]").addEventListener("submit", function (event) {
    if (sent) event.preventDefault();
    sent = true;
  });
})();
