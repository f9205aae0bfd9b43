/* What was typed and not sent: kept per person, case and sheet in this tab, and brought back after signing in again. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  /* Of the tab and not of the browser: a caller's number must not outlive the shift on a shared computer. */
  const name = (case_no, sheet) => `gridwall.draft.${desk.settings.person.id}.${case_no || "-"}.${sheet}`;

  desk.keep_draft = function (case_no, sheet, fields) {
    try {
      sessionStorage.setItem(name(case_no, sheet), JSON.stringify(fields));
    } catch (_) {
      /* a full store: the words stay in the open sheet */
    }
  };

  desk.draft = function (case_no, sheet) {
    try {
      return JSON.parse(sessionStorage.getItem(name(case_no, sheet)));
    } catch (_) {
      return null;
    }
  };

  desk.drop_draft = (case_no, sheet) => sessionStorage.removeItem(name(case_no, sheet));
})();
