/* The heat of grids: the map's cells take their class from the hideout; the same values stand in a list beside it. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const rankings = (gridwall.rankings = gridwall.rankings || {});
  const heat = (rankings.heat = {});
  const HATCH = "rankings-hatch";
  const SVG = "http://www.w3.org/2000/svg";
  let leaflet = null;
  let shaped = false;
  let asked = "";

  if (window.L) {
    window.L.Map.addInitHook(function () {
      if (this.getContainer().id !== "heat-map" && !this.getContainer().closest(".rankings .heat")) return;
      leaflet = this;
      new ResizeObserver(() => {
        this.invalidateSize({ animate: false, pan: false });
        fit();
      }).observe(this.getContainer());
    });
  }

  /* No data is a hatch and not a class (DESIGN_LANGUAGE §5). */
  heat.cell = function (feature, context) {
    const cells = ((context && context.hideout) || {}).cells || heat.cells || {};
    const own = cells[feature.properties.key];
    const fillColor = own === undefined ? `url(#${HATCH})` : gridwall.dom.token(`heat-${own}`);
    return { fillColor, fillOpacity: 1, color: gridwall.dom.token("road"), weight: 1, opacity: 1, interactive: false };
  };

  rankings.draw_heat = async function (indicator) {
    if (!indicator) return;
    hatch();
    shapes();
    const view = rankings.view;
    const params = { ...view.address, indicator };
    const own = `${rankings.query(params)} ${view.read_at}`;
    if (own === asked) return;
    asked = own;
    try {
      const given = await rankings.get("heat", params, { alone: true });
      if (own !== asked) return;
      failed(null);
      heat.cells = given.cells;
      window.dash_clientside.set_props("heat-cells", { hideout: { cells: given.cells } });
      head(given, view);
      list(given);
      fit();
    } catch (error) {
      if (!(error instanceof rankings.Problem)) throw error;
      if (own === asked) asked = "";
      failed(error);
    }
  };

  /* Above the map that stays: it is of the figures read before. */
  function failed(error) {
    const { node, part, text, hide } = gridwall.dom;
    const line = part(rankings.place.heat.querySelector(".heat-head"), "failed", () => {
      const made = node("p", "refused");
      made.setAttribute("role", "alert");
      return made;
    });
    hide(line, !error);
    text(line, error ? error.sentence : "");
  }

  function head(given, view) {
    const { node, part, text, keyed } = gridwall.dom;
    const place = rankings.place.heat.querySelector(".heat-head");
    const menu = part(place, "menu", () => {
      const select = node("select");
      select.addEventListener("change", () => rankings.go({ view: "heat", indicator: select.value }));
      return node("label", "menu", node("span", "", rankings.words("heat.indicator")), select);
    });
    const select = menu.lastChild;
    keyed(select, view.indicators, () => node("option"), (option, one) => {
      option.value = one.key;
      text(option, one.label);
    });
    select.value = given.indicator;
    text(part(place, "line", () => node("p")), given.line);
    const legend = part(place, "legend", () => node("div", "classes"));
    const items = given.legend.map((label, index) => ({ key: `heat-${index}`, label }));
    const make = (item) => node("span", "", node("i", item.key), node("span"));
    keyed(legend, [...items, { key: "heat-none", label: rankings.words("heat.none") }], make, (item, one) => text(item.lastChild, one.label));
  }

  function list(given) {
    const { node, keyed, text, part } = gridwall.dom;
    const place = rankings.place.heat.querySelector(".heat-list");
    place.tabIndex = 0;
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", rankings.words("heat.list"));
    const table = part(place, "table", () => {
      const names = ["heat.grid", "heat.value", "heat.exact"].map((key, index) => {
        const cell = node("th", index ? "" : "l");
        cell.scope = "col";
        if (key === "heat.value") cell.append(turn());
        else cell.append(rankings.words(key));
        return cell;
      });
      return node("table", "", node("caption", "unseen", rankings.words("heat.list")), node("thead", "", node("tr", "", ...names)), node("tbody"));
    });
    const make = () => {
      const name = node("th", "l", node("i"), node("span"));
      name.scope = "row";
      return node("tr", "", name, node("td"), node("td"));
    };
    heat.given = given;
    const value = table.tHead.rows[0].cells[1];
    value.setAttribute("aria-sort", heat.rising ? "ascending" : "descending");
    gridwall.dom.classes(value, heat.rising ? "up" : "down");
    keyed(table.tBodies[0], heat.rising ? [...given.rows].reverse() : given.rows, make, (row, one) => {
      row.children[0].firstChild.className = `heat-${one.class}`;
      text(row.children[0].lastChild, one.name);
      text(row.children[1], one.value);
      text(row.children[2], one.exact);
    });
  }

  /* The highest first, or the lowest. */
  function turn() {
    const button = rankings.button(rankings.words("heat.value"), "sort", () => {
      heat.rising = !heat.rising;
      list(heat.given);
    });
    button.setAttribute("aria-label", rankings.words("heat.sort"));
    return button;
  }

  /* The shapes are those of the wall's map; a failure leaves the list, and is tried again with the next view. */
  async function shapes() {
    if (shaped) return;
    shaped = true;
    try {
      const [cells, lines] = await Promise.all(["grids", "map"].map(file));
      window.dash_clientside.set_props("heat-lines", { data: lines });
      window.dash_clientside.set_props("heat-cells", { data: cells });
      heat.bounds = window.L.geoJSON(cells).getBounds();
      fit();
    } catch (_) {
      shaped = false;
      rankings.say(rankings.words("heat.failed"));
    }
  }

  async function file(name) {
    const answer = await fetch(`${rankings.settings.map}/${name}.json`, { signal: AbortSignal.timeout(20000) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function fit() {
    if (leaflet && heat.bounds && heat.bounds.isValid() && leaflet.getSize().x) leaflet.fitBounds(heat.bounds, { animate: false, padding: [16, 16] });
  }

  function hatch() {
    if (document.getElementById(HATCH)) return;
    const make = (name, attributes, ...children) => {
      const made = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      made.append(...children);
      return made;
    };
    const line = make("path", { d: "M0 6L6 0", class: "hatch-line" });
    const ground = make("rect", { width: 6, height: 6, class: "hatch-ground" });
    const pattern = make("pattern", { id: HATCH, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, ground, line);
    document.body.append(make("svg", { class: "hatch", width: 0, height: 0, "aria-hidden": "true" }, pattern));
  }
})();
