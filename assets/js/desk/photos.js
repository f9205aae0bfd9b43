/* Photos of a case: chosen or taken, sent as one act. A lost answer is asked again with the same key. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const MOST = 6;
  const LARGEST = 12 * 1024 * 1024;
  const UPLOAD_MS = 300000; /* six large photos over a telephone in the street */

  /* The button beside the note box. A unit's photos show what it has done. */
  desk.photo_button = function () {
    const { node } = gridwall.dom;
    const files = node("input");
    Object.assign(files, { type: "file", multiple: true, accept: "image/jpeg,image/png,image/webp", hidden: true });
    files.addEventListener("change", () => {
      if (files.files.length) choose([...files.files]);
      files.value = "";
    });
    const button = desk.button(desk.words("ask.photos"), () => files.click(), "quiet photo-button");
    button.title = desk.words("ask.photo_hint");
    button.hidden = desk.settings.person.leader && !desk.settings.person.desk;
    button.append(files);
    return button;
  };

  function choose(files) {
    const view = desk.case_view();
    if (!view) return;
    if (files.length > MOST) return void desk.toast(desk.words("photo.many", { most: MOST }), "warn");
    const large = files.find((file) => file.size > LARGEST);
    if (large) return void desk.toast(desk.words("photo.large", { name: large.name }), "warn");
    send({ files, case_no: view.case_no, version: view.version, key: crypto.randomUUID() });
  }

  async function send(given) {
    const form = new FormData();
    const kind = desk.settings.person.desk ? "attachment" : "handled";
    for (const [name, value] of Object.entries({ case_no: given.case_no, version: given.version, key: given.key, kind })) form.append(name, value);
    for (const file of given.files) form.append("photos", file, file.name);
    const away = desk.toast(desk.words("photo.sending", { count: given.files.length }), "");
    try {
      const { done } = await desk.post("/api/desk/photos", form, UPLOAD_MS);
      desk.toast(desk.words("send.done", { sentence: done.sentence }), "");
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      failed(problem, given);
    } finally {
      away();
      desk.pull(true);
    }
  }

  function failed(problem, given) {
    const label = desk.words("ask.photos");
    if (problem.kind === "signed_out") return;
    if (problem.kind === "conflict" || problem.kind === "held") {
      desk.conflict(problem, { case_no: given.case_no, version: given.version, label, text: "", kept: false });
    } else if (problem.unknown) {
      desk.toast(desk.words("send.lost", { label }), "alarm", [[desk.words("send.again"), () => send(given)], [desk.words("send.drop"), () => {}]]);
    } else desk.toast(problem.sentence, "warn");
  }
})();
