/* The note box: goes along with the next action, or alone as a note. Kept while it is not sent. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const LONGEST = 500;
  let box = null;
  let of = null; /* the case whose words are in the box */

  desk.build_memo = function () {
    const { node } = gridwall.dom;
    box = node("textarea", "");
    Object.assign(box, { rows: 2, maxLength: LONGEST, placeholder: desk.words("case.memo") });
    box.setAttribute("aria-label", desk.words("case.memo_label"));
    box.addEventListener("input", () => {
      desk.keep_memo();
      tools();
    });
    const send = desk.button(desk.words("case.send_note"), desk.send_note, "", "Ctrl Enter");
    const memo = node("div", "memo", desk.photo_button(), box, node("kbd", "kbd", "N"), send);
    memo.hidden = !desk.settings.person.notes;
    return memo;
  };

  function tools() {
    box.parentNode.classList.toggle("written", box.value.trim() !== "");
  }

  desk.draw_memo = function () {
    if (of === desk.case_no) return;
    of = desk.case_no;
    box.value = (desk.draft(of, "memo") || {}).text || "";
    tools();
  };

  desk.keep_memo = function () {
    if (!box || !of) return;
    if (box.value) desk.keep_draft(of, "memo", { text: box.value });
    else desk.drop_draft(of, "memo");
  };

  desk.memo = () => (of === desk.case_no && box ? box.value.trim() : "");
  desk.set_memo = function (text) {
    box.value = text;
    desk.keep_memo();
    tools();
    box.focus();
  };
  desk.clear_memo = (case_no) => {
    desk.drop_draft(case_no, "memo");
    if (of === case_no) box.value = "";
    tools();
  };
  desk.focus_memo = () => box && box.offsetParent !== null && box.focus();
  desk.in_memo = (node) => node === box;

  desk.send_note = function () {
    if (desk.memo()) desk.act("note", { text: desk.memo() }, desk.words("case.memo_label"));
  };
})();
