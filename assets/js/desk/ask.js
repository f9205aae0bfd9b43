/* Questions and commands over HTTP. An answer that is an error becomes a Problem with the server's own words. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const READ_MS = 8000;
  const WRITE_MS = 15000;

  /* `kind`: conflict, held, denied, missing, refused, signed_out, down; or `lost` where no answer came at all. */
  desk.Problem = class extends Error {
    constructor(status, error) {
      super(error.what || error.kind);
      Object.assign(this, { status, kind: error.kind, error });
    }
    /* Nothing is known about what happened: the same request may be sent again with the same key. */
    get unknown() {
      return this.kind === "lost" || this.kind === "failed";
    }
    get sentence() {
      return [this.error.what, this.error.then].filter(Boolean).join("。");
    }
  };

  const KINDS = { 401: "signed_out", 403: "denied", 404: "missing", 409: "conflict", 422: "refused", 503: "down" };

  async function fetched(address, options, patience) {
    try {
      return await fetch(address, { credentials: "same-origin", cache: "no-store", ...options, signal: AbortSignal.timeout(patience) });
    } catch (_) {
      throw new desk.Problem(0, { kind: "lost" });
    }
  }

  async function body(answer) {
    try {
      return await answer.json();
    } catch (_) {
      return null;
    }
  }

  async function judged(answer) {
    const given = await body(answer);
    if (answer.ok && given !== null) return given;
    const error = (given && given.error) || {};
    const kind = (typeof error === "object" && error.kind) || KINDS[answer.status] || (answer.ok ? "lost" : "failed");
    const problem = new desk.Problem(answer.status, typeof error === "object" ? { ...error, kind } : { kind, what: error });
    if (problem.kind === "signed_out") desk.signed_out();
    throw problem;
  }

  /* Reads; with the etag of what is at hand the answer may be null: nothing has changed. `alone`: a timer or a beat
     asks and not the person, whose session must not live longer by it. */
  desk.read = async function (address, etag, alone) {
    const headers = { Accept: "application/json" };
    if (alone) headers["X-Gridwall-Unattended"] = "1";
    if (etag) headers["If-None-Match"] = etag;
    const answer = await fetched(address, { headers }, READ_MS);
    if (answer.status === 304) return null;
    const given = await judged(answer);
    return { view: given, etag: answer.headers.get("ETag") };
  };

  desk.post = async function (address, given, patience) {
    const headers = { "X-CSRFToken": gridwall.form_token() };
    const form = given instanceof FormData;
    if (!form) headers["Content-Type"] = "application/json";
    const answer = await fetched(address, { method: "POST", headers, body: form ? given : JSON.stringify(given) }, patience || WRITE_MS);
    return judged(answer);
  };
})();
