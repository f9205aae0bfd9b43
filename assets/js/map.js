/* The map: Leaflet draws cells, lines and cameras on canvas; names and alarms are page text above it. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const kinds = (gridwall.kinds = gridwall.kinds || {});
  const map = (gridwall.map = {});
  const PULSE_MS = 60000;
  const FETCH_MS = 20000;
  const AGAIN_MS = 3000;
  const STEPS = [0, -1.75, 1.75, -3.25, 3.25, -4.75, 4.75];
  let leaflet = null;
  let outline = null;
  let cells = null;
  let fitted = "";
  let view = null;
  let turn = 0;

  if (window.L) {
    window.L.Map.addInitHook(function () {
      leaflet = this;
      /* The place changes with the root's size, not only with the window's. */
      new ResizeObserver(() => {
        this.invalidateSize({ animate: false, pan: false });
        fit();
      }).observe(this.getContainer());
    });
  }

  /* What is painted, for tests and for a look in the console: cell key -> colour on the canvas. */
  map.colours = function () {
    const layers = leaflet ? Object.values(leaflet._layers) : [];
    const drawn = layers.filter((layer) => layer.feature && layer.feature.properties.i !== undefined && layer.options.fillColor);
    return Object.fromEntries(drawn.map((layer) => [layer.feature.properties.key, layer.options.fillColor]));
  };

  /* The part of the world in view, for tests: west, south, east, north. */
  map.bounds = function () {
    return leaflet ? leaflet.getBounds().toBBoxString() : "";
  };

  map.cell = function (feature, context) {
    const { token, rem } = gridwall.dom;
    /* dash-leaflet drops a hideout that changes while the cells load, so the newest classes are kept here too. */
    const classes = map.classes === undefined ? ((context && context.hideout) || {}).classes || "" : map.classes;
    const digit = classes[feature.properties.i];
    const fillColor = token(digit === undefined ? "heat-none" : `heat-${digit}`);
    return { fillColor, fillOpacity: 1, color: token("road"), weight: 0.06 * rem(), opacity: 1, interactive: false };
  };

  map.base = function (feature) {
    const { token, rem } = gridwall.dom;
    const unit = rem();
    const still = { interactive: false, opacity: 1, fill: false };
    switch (feature.properties.kind) {
      case "water":
        return { ...still, pane: "water", fill: true, fillColor: token("water"), fillOpacity: 1, color: token("water-line"), weight: 0.06 * unit };
      case "outline":
        return { ...still, pane: "outline", color: token("outline"), weight: 0.08 * unit };
      case "context_road":
        return { ...still, pane: "context", color: token("context-road"), weight: 0.18 * unit };
      case "road":
        return { ...still, pane: "streets", color: token("road"), weight: 0.2 * unit };
      default:
        return { ...still, pane: "streets", color: token("street-edge"), weight: 0.08 * unit };
    }
  };

  /* Shapes of the version that a view names: fetched when they are not the ones drawn, and until they are here.
     dash-leaflet's own fetching is not used: one failed request would leave its layer empty for good. */
  let shaped = "";
  map.shape = async function (version) {
    if (!version || version === shaped) return;
    shaped = version;
    lay("map-cells", NOTHING); /* the new picture's classes must not colour the old cells */
    try {
      const [grids, lines] = await Promise.all(["grids", "map"].map((name) => shapes(name, version)));
      if (shaped !== version) return;
      outline = cells = null;
      fitted = "";
      lay("map-base", lines);
      lay("map-cells", grids);
    } catch (_) {
      if (shaped !== version) return;
      shaped = "";
      setTimeout(() => shaped || map.shape(version), AGAIN_MS * (1 + Math.random()));
    }
  };

  const NOTHING = { type: "FeatureCollection", features: [] };
  const lay = (layer, data) => window.dash_clientside.set_props(layer, { data });

  async function shapes(name, version) {
    const address = `${gridwall.settings.map.address}/${name}.json?v=${encodeURIComponent(version)}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(FETCH_MS) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  map.measure_outline = function (feature, layer) {
    if (feature.properties.kind !== "outline") return;
    outline = outline ? outline.extend(layer.getBounds()) : layer.getBounds();
    later();
  };

  map.measure_cells = function (feature, layer) {
    cells = cells ? cells.extend(layer.getBounds()) : layer.getBounds();
    later();
  };

  /* ◆ online, ▲ late picture, ✕ offline: shapes on the canvas, so that five hundred cost no more than five. */
  map.camera = function (feature, latlng) {
    const { token, rem } = gridwall.dom;
    const state = feature.properties.state;
    const options = { pane: "cameras", radius: 0.31 * rem(), shape: state, interactive: false };
    const ring = { color: token("mark-ring"), fillColor: token(state === "late" ? "warn" : "mark"), weight: 0.1 * rem() };
    return new (markClass())(latlng, { ...options, ...ring });
  };

  let Mark = null;
  function markClass() {
    if (!Mark) {
      Mark = window.L.CircleMarker.extend({
        _updatePath: function () {
          if (this._renderer._drawing && !this._empty()) drawMark(this._renderer._ctx, this);
        },
      });
    }
    return Mark;
  }

  function drawMark(canvas, mark) {
    const { x, y } = mark._point;
    const r = mark._radius;
    const { shape, color, fillColor, weight } = mark.options;
    const points = { online: [[0, -r], [r, 0], [0, r], [-r, 0]], late: [[0, -r], [r, r * 0.8], [-r, r * 0.8]] }[shape];
    canvas.beginPath();
    if (points) {
      points.forEach(([dx, dy], index) => (index ? canvas.lineTo(x + dx, y + dy) : canvas.moveTo(x + dx, y + dy)));
      canvas.closePath();
      canvas.lineWidth = weight * 2;
      canvas.strokeStyle = color;
      canvas.stroke();
      canvas.fillStyle = fillColor;
      canvas.fill();
      return;
    }
    for (const [from, to] of [[-1, 1], [1, -1]]) {
      canvas.moveTo(x + r * from, y - r);
      canvas.lineTo(x + r * to, y + r);
    }
    canvas.lineWidth = r;
    canvas.strokeStyle = color;
    canvas.stroke();
    canvas.lineWidth = r * 0.42;
    canvas.strokeStyle = fillColor;
    canvas.stroke();
  }

  let waiting = false;
  function later() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      fit();
    });
  }

  /* The city fills the centre cell, clear of the head above and the legend below. */
  function fit() {
    const bounds = outline || cells;
    if (!leaflet || !bounds) return;
    const unit = gridwall.dom.rem();
    const size = leaflet.getSize();
    const wanted = `${bounds.toBBoxString()} ${size.x} ${size.y}`;
    if (wanted === fitted) return;
    fitted = wanted;
    leaflet.fitBounds(bounds, {
      animate: false,
      paddingTopLeft: [7.25 * unit, 4 * unit],
      paddingBottomRight: [5.75 * unit, 5.25 * unit],
    });
    set(unit);
    marks();
  }

  /* `unit` is the root's size when it may have changed: lines are then drawn anew in their new width. */
  function set(unit) {
    if (!window.dash_clientside || !window.dash_clientside.set_props) return;
    const measure = current();
    const hideout = { classes: measure ? measure.classes || "" : "", unit: unit || map.unit };
    const wanted = JSON.stringify(hideout);
    if (wanted === map.painted) return;
    map.painted = wanted;
    map.classes = hideout.classes;
    window.dash_clientside.set_props("map-cells", { hideout });
    if (unit && unit !== map.unit) {
      map.unit = unit;
      window.dash_clientside.set_props("map-base", { hideout: { unit } });
      window.dash_clientside.set_props("map-cameras", { hideout: { unit } });
    }
  }

  function setCameras(cameras) {
    const features = cameras.map((camera) => ({
      type: "Feature",
      properties: { key: camera.key, state: camera.state },
      geometry: { type: "Point", coordinates: camera.position },
    }));
    const wanted = JSON.stringify(features);
    if (wanted === map.cameras) return;
    map.cameras = wanted;
    window.dash_clientside.set_props("map-cameras", { data: { type: "FeatureCollection", features } });
  }

  function current() {
    if (!view || !view.body) return null;
    const chosen = gridwall.settings ? gridwall.settings.map.measures : ["registered_today"];
    const name = chosen[turn % chosen.length];
    return view.body.measures.find((measure) => measure.name === name) || view.body.measures[0];
  }

  kinds.map = function (words, given) {
    view = given;
    frame(words, given);
    if (!given.body) return;
    set();
    setCameras(given.body.cameras);
    marks();
  };

  map.turn = function () {
    turn += 1;
    if (view) kinds.map(document.querySelector(".panel.map > .words"), view);
  };

  function frame(words, given) {
    const { node, part, text, hide, figure, keyed } = gridwall.dom;
    const measure = current();
    const head = part(words, "head", () => node("div", "map-head"));
    text(part(head, "name", () => node("h2")), measure ? measure.title : given.title);
    const line = part(head, "line", () => node("p"));
    text(part(line, "coverage", () => node("span")), given.body ? given.body.coverage : "");
    const apart = part(line, "apart", () => node("span", "apart"));
    const missing = given.body && given.body.no_position;
    hide(apart, !missing);
    if (missing) figure(apart, missing);
    gridwall.panels.late(head);
    gridwall.panels.message(head, given);
    const legend = part(words, "legend", () => node("div", "legend"));
    hide(legend, !measure || !measure.classes);
    if (measure) {
      text(part(legend, "of", () => node("div", "of")), measure.legend_title);
      const classes = part(legend, "classes", () => node("div", "classes"));
      const items = measure.legend.map((label, index) => ({ key: index, label }));
      const make = (item) => node("span", "", node("i", `heat-${item.key}`), node("span"));
      keyed(classes, items, make, (swatch, item) => text(swatch.lastChild, item.label));
    }
    const points = part(words, "points", () => node("div", "points"));
    const rows = given.body ? given.body.points.map((point) => ({ ...point, key: point.mark })) : [];
    const make = (point) => node("div", "point", node("i", `mark ${point.mark}`), node("span"), node("b"));
    keyed(points, rows, make, (row, point) => {
      text(row.children[1], point.name);
      figure(row.children[2], point.figure);
    });
  }

  /* Names and alarms: an alarm stands where it is; a name gives way, and is left out where nothing is free. */
  function marks() {
    const place = document.querySelector(".map-marks");
    if (!place || !leaflet || !view || !view.body || !fitted) return;
    const { node, part } = gridwall.dom;
    const origin = leaflet.getContainer().getBoundingClientRect();
    const frameBox = place.getBoundingClientRect();
    const shift = [origin.left - frameBox.left, origin.top - frameBox.top];
    const at = ([lon, lat]) => {
      const point = leaflet.latLngToContainerPoint([lat, lon]);
      return [point.x + shift[0], point.y + shift[1]];
    };
    const taken = [];
    for (const corner of document.querySelectorAll(".map-head, .legend, .points")) {
      if (!corner.hidden) taken.push(within(corner.getBoundingClientRect(), frameBox));
    }
    drawSpot(part(place, "spot", () => node("div", "spot-mark")), at, frameBox);
    drawAlarms(part(place, "alarms", () => node("div")), at, taken, frameBox);
    drawNames(part(place, "names", () => node("div")), at, taken, frameBox);
  }
  map.marks = marks;

  function within(box, outer) {
    return [box.left - outer.left, box.top - outer.top, box.right - outer.left, box.bottom - outer.top];
  }

  function free(box, taken) {
    return taken.every((other) => box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]);
  }

  function around(x, y, width, height) {
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }

  /* A quiet ring around the case that the desk shows; the card in the alerts' row says which it is. */
  function drawSpot(mark, at, frameBox) {
    const { style, hide } = gridwall.dom;
    hide(mark, !view.body.spot);
    if (!view.body.spot) return;
    const [x, y] = at(view.body.spot);
    style(mark, "left", `${((x / frameBox.width) * 100).toFixed(3)}%`);
    style(mark, "top", `${((y / frameBox.height) * 100).toFixed(3)}%`);
  }

  function drawAlarms(place, at, taken, frameBox) {
    const { node, keyed, text, style, classes } = gridwall.dom;
    const size = 2.875 * gridwall.dom.rem();
    const make = () => node("div", "alarm-mark", node("i", "ring"), node("span", "disc"));
    keyed(place, view.body.alarms, make, (mark, alarm) => {
      const [x, y] = at(alarm.position);
      const step = STEPS.map((one) => one * size * 0.6).find((dx) => free(around(x + dx, y, size, size), taken)) || 0;
      taken.push(around(x + step, y, size, size));
      style(mark, "left", `${(((x + step) / frameBox.width) * 100).toFixed(3)}%`);
      style(mark, "top", `${((y / frameBox.height) * 100).toFixed(3)}%`);
      text(mark.lastChild, alarm.number);
      classes(mark, markClasses(alarm));
    });
  }

  /* A ring pulses for a minute from the moment its case became overdue, whether or not the view changes. */
  map.pulse = function () {
    const place = document.querySelector(".map-marks");
    const alarms = place && place.gridwallParts && place.gridwallParts.alarms;
    if (!alarms || !view || !view.body) return;
    for (const alarm of view.body.alarms) {
      const mark = alarms.gridwallKeyed.get(alarm.key);
      if (mark) gridwall.dom.classes(mark, markClasses(alarm));
    }
  };

  function markClasses(alarm) {
    const now = gridwall.live ? gridwall.live.now() : null;
    return now !== null && now - alarm.due_at < PULSE_MS ? "alarm-mark fresh-alarm" : "alarm-mark";
  }

  function drawNames(place, at, taken, frameBox) {
    const { node, keyed, text, style, hide, figure } = gridwall.dom;
    const counts = current().counts && view.state !== "error";
    const order = [...view.body.streets].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
    const height = 1.75 * gridwall.dom.rem();
    const make = () => node("div", "street", node("span"), node("span", "figure"));
    keyed(place, order, make, (label, street) => {
      text(label.firstChild, street.name);
      hide(label.lastChild, !counts);
      if (counts) figure(label.lastChild, street.figure);
    });
    for (const street of order) {
      const label = place.gridwallKeyed.get(street.key);
      const [x, y] = at(street.position);
      const width = label.offsetWidth + 0.25 * gridwall.dom.rem();
      const inside = (box) => box[0] >= 0 && box[1] >= 0 && box[2] <= frameBox.width && box[3] <= frameBox.height;
      const fits = (dy) => {
        const box = around(x, y + dy, width, height);
        return inside(box) && free(box, taken);
      };
      const step = STEPS.map((one) => one * gridwall.dom.rem()).find(fits);
      style(label, "visibility", step === undefined ? "hidden" : "visible");
      if (step === undefined) continue;
      taken.push(around(x, y + step, width, height));
      style(label, "left", `${((x / frameBox.width) * 100).toFixed(3)}%`);
      style(label, "top", `${(((y + step) / frameBox.height) * 100).toFixed(3)}%`);
    }
  }
})();
