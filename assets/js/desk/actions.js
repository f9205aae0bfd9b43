/* The buttons of the case, and the one way an action is sent: once, with the version that was looked at. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});

  const given = () => (desk.case_view() ? desk.case_view().actions || [] : []);
  const frozen_out = () => !desk.online() || desk.held_by_other();

  desk.draw_actions = function () {
    const root = document.getElementById("desk-case");
    const body = root && root.gridwallParts && root.gridwallParts.body;
    if (!body || !desk.case_view()) return;
    const { node, keyed, classes, text } = gridwall.dom;
    const place = body.gridwallParts.actions;
    const groups = new Map();
    for (const action of given()) groups.set(action.group, [...(groups.get(action.group) || []), action]);
    classes(place, `actions${frozen_out() ? " off" : ""}`);
    const items = [...groups].map(([name, actions]) => ({ key: name, name, actions }));
    const last = items.length - 1;
    keyed(place, items, () => node("div", "", node("span", "group-name"), node("div", "buttons"), node("span", "why")), (group, item, index) => {
      const rest = index === last && item.actions.every((one) => !one.key || one.group === items[last].name) && last >= 4;
      classes(group, rest ? "action-group rest" : `action-group of${Math.min(item.actions.length, 4)}`);
      text(group.children[0], item.name);
      keyed(group.children[1], item.actions.map((one) => ({ ...one, key: one.name, cap: one.key })), make, update);
      const closed = item.actions.every((one) => !one.enabled) && item.actions.find((one) => one.why);
      text(group.children[2], closed && !rest ? closed.why : "");
    });
  };

  function make(action) {
    const { node } = gridwall.dom;
    const button = node("button", "btn", node("span"), node("kbd", "kbd"));
    button.type = "button";
    button.dataset.action = action.name;
    button.addEventListener("click", () => desk.press(action.name));
    return button;
  }

  function update(button, action) {
    const { text, classes, attribute, hide } = gridwall.dom;
    const busy = desk.busy && desk.busy.given.action === action.name && desk.busy.given.case_no === desk.case_no;
    text(button.firstChild, busy ? desk.words("send.busy") : action.label);
    text(button.lastChild, action.cap || "");
    hide(button.lastChild, !action.cap);
    const off = !action.enabled || frozen_out() || !!desk.busy;
    classes(button, `btn${action.primary && !off ? " pri" : ""}${busy ? " busy" : ""}`);
    attribute(button, "aria-disabled", off ? "true" : "");
    attribute(button, "aria-keyshortcuts", action.cap || "");
    attribute(button, "title", !action.enabled ? action.why : "");
    if (!action.enabled && action.why) attribute(button, "aria-description", action.why);
    else button.removeAttribute("aria-description");
  }

  desk.action_by_key = (cap) => given().find((one) => one.key === cap);

  desk.press = function (name) {
    const action = given().find((one) => one.name === name);
    if (!action || desk.busy) return;
    if (!desk.online()) return void desk.toast(desk.words("hold.offline"), "warn");
    if (!action.enabled) return void desk.toast(desk.words("case.why", action), "");
    if (desk.held_by_other()) return void desk.draw_hold();
    desk.take_hold();
    const sheet = action.sheet || name; /* what needs more than a reason has a sheet, whatever the button says */
    if (action.mode === "sheet" || desk.settings.sheets.includes(sheet)) return void desk.open_sheet(sheet, desk.case_no);
    if (name === "spotlight") return void desk.show_on_wall();
    if (action.ask_reason || desk.asks(name)) return void desk.ask_and_act(action);
    return void desk.act(name, {}, action.label);
  };

  /* `kept`: what becomes of the words if somebody was first. Resolves to what was done, or null. */
  desk.act = async function (action, fields, label, { case_no, version, kept, after, sheet } = {}) {
    const number = case_no || desk.case_no;
    const place = desk.words_field(action);
    const memo = number === desk.case_no && !sheet && !fields[place] ? desk.memo() : "";
    const all = memo && !fields.reason ? { ...fields, [place]: memo } : fields;
    const words = all.text || all.reason || all.note || all.demands || "";
    const command = { case_no: number, action, version: version === undefined ? desk.case_view().version : version, fields: all };
    const done = await desk.commanded("/api/desk/act", command, label, { text: words, kept: kept || !!memo });
    if (!done) return null;
    if (!sheet && words === desk.memo()) desk.clear_memo(number);
    if (after) after(done);
    desk.pull(true);
    return done;
  };

  /* Sends a command and says what became of it. */
  desk.commanded = async function (path, command, label, mine) {
    try {
      return said(await desk.command(path, command, label));
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      return failed(problem, { path, command, label, ...mine });
    }
  };

  function said(answer) {
    if (!answer) return null;
    const done = answer.done || answer;
    const words = desk.words(done.repeated ? "send.repeated" : "send.done", { sentence: done.sentence || "" });
    const paper = done.document ? [[desk.words("send.document"), () => window.open(`/desk/document/${done.document}`, "_blank", "noopener")]] : [];
    desk.toast(words, "", paper, true);
    return done;
  }

  function failed(problem, mine) {
    const { command, label, path } = mine;
    if (problem.kind === "signed_out") return null;
    if (problem.kind === "conflict" || problem.kind === "held") {
      desk.conflict(problem, { case_no: command.case_no, version: command.version, label, text: mine.text, kept: mine.kept });
      return null;
    }
    if (!problem.unknown) {
      desk.toast(problem.sentence || problem.kind, problem.kind === "refused" ? "warn" : "alarm");
      if (desk.sheet_refused) desk.sheet_refused(problem);
      return null;
    }
    const lost = problem.kind === "lost";
    const head = lost ? desk.words("send.lost", { label }) : desk.words("send.failed");
    const text = `${head}。${desk.words(lost ? "send.lost_line" : "send.failed_line")}`;
    return new Promise((settle) => {
      const again = () => repeat(path, command, label, mine).then(settle);
      const drop = () => settle(desk.drop(path, command) || null);
      desk.toast(text, "alarm", [[desk.words("send.again"), again], [desk.words("send.drop"), drop]]);
    });
  }

  async function repeat(path, command, label, mine) {
    try {
      return said(await desk.again(path, command));
    } catch (problem) {
      if (!(problem instanceof desk.Problem)) throw problem;
      return failed(problem, { ...mine, path, command, label });
    }
  }

  /* After a reload: what had no answer is asked about. The same key goes again, so nothing is done twice. */
  desk.ask_about_unanswered = function () {
    for (const left of desk.unanswered()) {
      const again = async () => {
        try {
          said(await desk.carry(left));
          desk.pull(true);
        } catch (problem) {
          if (!(problem instanceof desk.Problem)) throw problem;
          const { key: _, ...command } = left.given;
          failed(problem, { path: left.path, command, label: left.label, text: "", kept: false });
        }
      };
      const words = desk.words("send.left", { label: left.label });
      desk.toast(`${words}。${desk.words("send.lost_line")}`, "warn", [[desk.words("send.again"), again], [desk.words("send.drop"), () => desk.forget(left)]]);
    }
  };
})();
