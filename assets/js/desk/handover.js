/* A shift that somebody has signed away waits for my signature: said until I sign. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const ADDRESS = "/api/desk/handover";
  const EVERY_MS = 60000;
  let told = 0; /* the handover that is being said */

  desk.look_for_handover = function () {
    if (!desk.settings.person.desk) return;
    look();
    setInterval(() => document.visibilityState === "visible" && desk.online() && look(), EVERY_MS);
  };

  async function look() {
    try {
      const { view } = await desk.read(ADDRESS, null, true);
      if (view.handover && view.handover.handover !== told) say(view.handover);
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem; /* asked again in a minute */
    }
  }

  function say(waiting) {
    told = waiting.handover;
    const receive = async () => {
      const done = await desk.commanded(`${ADDRESS}/${waiting.handover}/receive`, {}, desk.words("handover.receive"), {});
      if (done) desk.pull(true);
      else told = 0;
    };
    const read = () => {
      window.open(`/desk/document/${waiting.document}`, "_blank", "noopener");
      say(waiting); /* it still waits */
    };
    desk.toast(waiting.line, "warn", [[desk.words("handover.read"), read], [desk.words("handover.receive"), receive]]);
  }
})();
