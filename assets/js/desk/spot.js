/* The map of a sheet: click for the place of a new case. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const desk = (gridwall.desk = gridwall.desk || {});
  const AROUND_M = 600;

  desk.draw_spot = function (place, block) {
    if (!window.L) return;
    if (!place.gridwallMap) {
      place.gridwallMap = desk.make_map(place, { doubleClickZoom: false, keyboard: true }).then((map) => {
        new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false })).observe(place);
        map.on("click", (event) => {
          const { lat, lng } = event.latlng;
          desk.sheet_changed(place.parentNode.gridwallBlock.name, `${lng.toFixed(6)},${lat.toFixed(6)}`, true);
          pin(map, lat, lng, false);
        });
        window.L.control.zoom({ position: "bottomright" }).addTo(map);
        whole(map);
        map.gridwallReady = () => place.gridwallValue || whole(map);
        return map;
      });
    }
    place.gridwallMap.then((map) => dots(map, block.cases || []));
    const value = String(desk.sheet_value(block) || "");
    if (place.gridwallValue === value) return;
    place.gridwallValue = value;
    const [lon, lat] = value.split(",").map(Number);
    place.gridwallMap.then((map) => {
      if (value && Number.isFinite(lat)) pin(map, lat, lon, true);
      else if (map.gridwallPin) map.gridwallPin.remove();
    });
  };

  function whole(map) {
    if (!map.gridwallCells) return;
    map.invalidateSize({ animate: false, pan: false });
    const bounds = map.gridwallCells.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { animate: false });
  }

  /* Open cases nearby: what is reported now may be one of them. */
  function dots(map, cases) {
    const print = JSON.stringify(cases);
    if (map.gridwallDots && map.gridwallDots.print === print) return;
    for (const mark of (map.gridwallDots || { marks: [] }).marks) mark.remove();
    map.gridwallDots = { print, marks: cases.map(([lon, lat, overdue]) => desk.put(map, lat, lon, overdue ? "near overdue-case" : "near")) };
  }

  /* A place that came from words is brought into view; a clicked one is in view already. */
  function pin(map, lat, lon, bring) {
    if (map.gridwallPin) map.gridwallPin.remove();
    map.gridwallPin = desk.put(map, lat, lon, "pin");
    const seen = map.gridwallNear && map.getBounds().pad(-0.2).contains([lat, lon]);
    if (bring && !seen) desk.around(map, lat, lon, AROUND_M);
    map.gridwallNear = true;
  }
})();
