/* Questions over HTTP. An answer that is an error becomes a Problem with the server's own words. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const PATIENCE_MS = 15000;
  const AGAIN_MS = 700;
  const KINDS = { 401: "signed_out", 403: "denied", 404: "missing", 422: "refused", 503: "down" };

  /* `kind`: refused, denied, missing, signed_out, down, failed; `lost` where no answer came at all, `slow` where none came in time. */
  rankings.Problem = class extends Error {
    constructor(status, error) {
      super(error.what || error.kind);
      Object.assign(this, { status, kind: error.kind, error });
    }
    get sentence() {
      const own = [this.error.what, this.error.then].filter(Boolean).join("。");
      return own || rankings.words(["lost", "slow"].includes(this.kind) ? `error.${this.kind}` : "error.failed");
    }
  };

  /* GET /api/rankings/<path>. While the server is still at it (202), `progress` hears how far it is and the question is
     asked again; `signal` ends the asking. `alone`: a timer asks and not the person. */
  rankings.get = async function (path, params, { progress, signal, alone } = {}) {
    for (;;) {
      const answer = await fetched(`/api/rankings/${path}?${rankings.query(params)}`, alone, signal);
      const given = await read(answer);
      if (answer.status === 202) {
        if (progress) progress(given || {});
        await pause(AGAIN_MS, signal);
      } else if (answer.ok && given !== null) {
        return given;
      } else throw problem(answer, given);
    }
  };

  async function fetched(address, alone, signal) {
    const headers = { Accept: "application/json" };
    if (alone) headers["X-Gridwall-Unattended"] = "1";
    const ends = [AbortSignal.timeout(PATIENCE_MS), ...(signal ? [signal] : [])];
    try {
      return await fetch(address, { credentials: "same-origin", cache: "no-store", headers, signal: AbortSignal.any(ends) });
    } catch (error) {
      if (signal && signal.aborted) throw error;
      throw new rankings.Problem(0, { kind: error.name === "TimeoutError" ? "slow" : "lost" });
    }
  }

  async function read(answer) {
    try {
      return await answer.json();
    } catch (_) {
      return null;
    }
  }

  function problem(answer, given) {
    const error = (given && given.error) || {};
    const kind = error.kind || KINDS[answer.status] || "failed";
    if (kind === "signed_out") rankings.signed_out();
    return new rankings.Problem(answer.status, typeof error === "object" ? { ...error, kind } : { kind, what: error });
  }

  function pause(ms, signal) {
    return new Promise((go_on, stop) => {
      const timer = setTimeout(go_on, ms);
      if (signal) signal.addEventListener("abort", () => (clearTimeout(timer), stop(signal.reason)), { once: true });
    });
  }

  rankings.signed_out = function () {
    location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
  };
})();
