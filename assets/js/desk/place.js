/* The desk's maps: grid cells in the wall's colours, roads, cameras with their letters, the case. Leaflet on canvas;
   the shapes are the wall's, fetched once. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const AROUND_M = 420;
  const COLOURS_MS = 300000;
  const AGAIN_MS = 5000;
  const SCALES = [50, 100, 200, 500, 1000, 2000, 5000];
  let shapes = null;
  let classes = "";
  let coloured = -COLOURS_MS;
  const maps = new Set();

  async function json(address) {
    const answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(20000) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  function load() {
    if (shapes) return shapes;
    const both = ["grids", "map"].map((name) => json(`${desk.settings.map}/${name}.json`));
    shapes = Promise.all(both).catch(() => {
      shapes = null;
      return null;
    });
    return shapes;
  }

  /* A cell has the colour it has on the wall, so that it means the same in both rooms. */
  async function colour() {
    if (performance.now() - coloured < COLOURS_MS) return;
    coloured = performance.now();
    try {
      const view = await json(`/api/view/${encodeURIComponent(desk.settings.wall)}`);
      const body = view.panels.map && view.panels.map.body;
      classes = body && body.measures.length ? body.measures[0].classes || "" : "";
      for (const map of maps) if (map.gridwallCells) map.gridwallCells.setStyle(cell);
    } catch (_) {
      /* flat cells: the place is what matters here */
    }
  }

  function cell(feature) {
    const { token } = gridwall.dom;
    const digit = classes[feature.properties.i];
    const chosen = feature.properties.key === desk.map_cell;
    const line = chosen ? { color: token("mark"), weight: 2 } : { color: token("road"), weight: 1 };
    return { fillColor: token(`heat-${digit === undefined ? 1 : digit}`), fillOpacity: 1, opacity: 1, interactive: false, ...line };
  }

  /* An empty map in `place`; shapes come when they are here. */
  desk.make_map = async function (place, options) {
    const map = window.L.map(place, { zoomControl: false, attributionControl: false, preferCanvas: true, zoomSnap: 0, keyboard: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, ...options });
    map.setView([0, 0], 3);
    maps.add(map);
    map.on("unload", () => maps.delete(map));
    await lay(map);
    colour();
    return map;
  };

  async function lay(map) {
    const given = await load();
    if (!maps.has(map)) return;
    if (!given) return void setTimeout(() => maps.has(map) && lay(map), AGAIN_MS);
    const [grids, lines] = given;
    map.gridwallCells = window.L.geoJSON(grids, { style: cell }).addTo(map);
    map.gridwallLines = window.L.geoJSON(lines, { style: (feature) => ({ ...gridwall.map.base(feature), pane: "overlayPane" }) }).addTo(map);
    if (map.gridwallReady) map.gridwallReady();
  }

  desk.around = function (map, lat, lon, metres) {
    const dlat = metres / 111320;
    const dlon = dlat / Math.cos((lat * Math.PI) / 180);
    map.fitBounds([[lat - dlat, lon - dlon], [lat + dlat, lon + dlon]], { animate: false });
  };

  desk.dot = function (className, text) {
    const { node } = gridwall.dom;
    const mark = node("span", `plot ${className}`, ...(text ? [node("b", "", text)] : []));
    return window.L.divIcon({ html: mark, className: "plot-place", iconSize: [0, 0] });
  };

  desk.put = (map, lat, lon, className, text) => window.L.marker([lat, lon], { icon: desk.dot(className, text), interactive: false, keyboard: false }).addTo(map);

  /* ---- the open case's place ---- */

  let side = null;
  let marks = [];
  let drawn = "";

  desk.draw_place = function (place, view) {
    const { text, hide } = gridwall.dom;
    const given = view.map;
    const [canvas, caption, scale] = place.children;
    text(caption, given ? given.grid_name || "" : desk.words("side.no_place"));
    hide(caption, !!given && !given.grid_name);
    hide(scale, !given);
    canvas.style.visibility = given ? "" : "hidden";
    if (!given || !window.L) return;
    const print = JSON.stringify([view.case_no, given, view.cameras]);
    if (print === drawn) return;
    drawn = print;
    const show = (map) => point(map, view, scale);
    if (side) side.then(show);
    else side = desk.make_map(canvas, { dragging: true, scrollWheelZoom: true, doubleClickZoom: false, boxZoom: false }).then((map) => {
      new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false })).observe(canvas);
      map.on("moveend zoomend", () => measure(map, scale));
      show(map);
      return map;
    });
  };

  function point(map, view, scale) {
    if (!desk.case_view() || desk.case_view().case_no !== view.case_no) return;
    const { lat, lon, grid, cases } = view.map;
    for (const mark of marks) mark.remove();
    desk.map_cell = grid;
    if (map.gridwallCells) {
      map.gridwallCells.setStyle(cell);
      /* The chosen cell's edge lies over its neighbours', and under the roads. */
      map.gridwallCells.eachLayer((layer) => layer.feature.properties.key === grid && layer.bringToFront());
      if (map.gridwallLines) map.gridwallLines.bringToFront();
    }
    map.invalidateSize({ animate: false, pan: false });
    desk.around(map, lat, lon, AROUND_M);
    marks = (cases || []).map((one) => desk.put(map, one.lat, one.lon, one.overdue ? "near overdue-case" : "near"));
    for (const one of view.cameras || []) marks.push(desk.put(map, one.lat, one.lon, `camera-plot is-${one.state}`, one.letter));
    marks.push(desk.put(map, lat, lon, "here"));
    measure(map, scale);
  }

  function measure(map, scale) {
    const size = map.getSize();
    if (!size.x) return;
    const from = map.containerPointToLatLng([0, size.y / 2]);
    const to = map.containerPointToLatLng([100, size.y / 2]);
    const metres = map.distance(from, to) / 100;
    const step = SCALES.find((one) => one / metres >= 40) || SCALES[SCALES.length - 1];
    gridwall.dom.style(scale, "width", `${Math.round(step / metres)}px`);
    gridwall.dom.text(scale, desk.words("side.scale", { metres: step }));
  }
})();
