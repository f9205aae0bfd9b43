/* The trend: arrays, ticks and scale come from the server, colours from the tokens, sizes from the root. */
(function () {
  "use strict";
  const gridwall = (window.gridwall = window.gridwall || {});
  const kinds = (gridwall.kinds = gridwall.kinds || {});
  const GRAPH = "trend-graph";
  let last = null;
  let scale = { day: "", top: 0 };

  kinds.chart = function (words, view, section) {
    last = { view, section };
    labels(words, view);
    room(words);
    show();
  };

  /* Room for the direct labels at the right, in steps of half a rem so that a digit more does not move the chart. */
  let labelRoom = 6.25;
  function room(words) {
    const unit = gridwall.dom.rem();
    const widest = Math.max(0, ...[...words.querySelectorAll(".series .label")].map((label) => label.offsetWidth));
    labelRoom = Math.max(6.25, Math.ceil((widest / unit + 0.6) * 2) / 2);
    words.querySelector(".series").style.setProperty("--label-room", `${labelRoom}rem`);
  }

  function show() {
    if (!last || !window.dash_clientside || !window.dash_clientside.set_props) return;
    const chart = last.view.state === "error" || last.view.state === "loading" ? null : last.view.body;
    const stale = document.getElementById("wall").dataset.fresh === "stale";
    const drawn = JSON.stringify([chart, gridwall.dom.rem(), labelRoom, stale]);
    if (last.section.gridwallDrawn === drawn) return;
    last.section.gridwallDrawn = drawn;
    window.dash_clientside.set_props(GRAPH, { figure: figure(chart, stale) });
  }
  gridwall.redrawChart = show;
  window.addEventListener("resize", show);

  /* Within a day the scale only grows: a line must not seem to fall because its axis rose. */
  function top(chart) {
    if (!chart) return scale.top || 100;
    scale = { day: chart.day, top: chart.day === scale.day ? Math.max(scale.top, chart.top) : chart.top };
    return scale.top;
  }

  function figure(chart, stale) {
    const { token, rem } = gridwall.dom;
    const unit = rem();
    const hours = chart ? chart.series[0].values.length : 24;
    const peak = top(chart);
    const ticks = chart ? chart.ticks : [];
    const shapes = chart && chart.midnight !== undefined ? [midnight(chart.midnight, peak, unit)] : [];
    return {
      data: chart ? chart.series.flatMap((series) => lines(series, unit, stale)) : [],
      layout: {
        template: null,
        font: { family: token("font"), size: 1.25 * unit, color: token("text-3") },
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        margin: { l: 2.75 * unit, r: labelRoom * unit, t: 0.75 * unit, b: 2.125 * unit, pad: 0 },
        showlegend: false,
        hovermode: false,
        shapes,
        xaxis: {
          range: [0, hours - 0.6],
          tickmode: "array",
          tickvals: ticks.map((tick) => tick.at),
          ticktext: ticks.map((tick) => tick.text),
          tickangle: 0,
          showgrid: false,
          zeroline: false,
          ticks: "outside",
          ticklen: 0.3 * unit,
          tickcolor: token("line-2"),
          fixedrange: true,
        },
        yaxis: {
          range: [0, peak],
          ticklabeloverflow: "allow",
          tickvals: [0, peak / 2, peak],
          ticklabelstandoff: 0.5 * unit,
          gridcolor: token("line-1"),
          zerolinecolor: token("line-2"),
          gridwidth: 0.0625 * unit,
          zerolinewidth: 0.0625 * unit,
          fixedrange: true,
        },
      },
    };
  }

  function lines(series, unit, stale) {
    const { token } = gridwall.dom;
    const closed = series.key === "closed";
    const color = token((closed ? "flow" : "intake") + (stale ? "-old" : ""));
    const at = series.values.length - 1;
    const line = {
      x: series.values.map((_, hour) => hour),
      y: series.values,
      mode: "lines",
      line: { color, width: 0.1625 * unit, shape: "linear" },
    };
    if (closed) Object.assign(line, { fill: "tozeroy", fillcolor: token(stale ? "area-old" : "flow-area") });
    const end = { x: [at], y: [series.values[at]], mode: "markers", cliponaxis: false, marker: { color, size: 0.5625 * unit } };
    return [line, end];
  }

  function midnight(at, peak, unit) {
    const line = { color: gridwall.dom.token("line-2"), width: 0.0625 * unit, dash: `${0.125 * unit}px ${0.25 * unit}px` };
    return { type: "line", x0: at, x1: at, y0: 0, y1: peak, line, layer: "below" };
  }

  /* Direct labels are page text, so that they carry their address and can be patched. */
  function labels(words, view) {
    const { node, part, keyed, figure: draw, style } = gridwall.dom;
    const place = part(words, "series", () => node("div", "series"));
    const series = view.body && view.state !== "error" ? view.body.series : [];
    const peak = view.body ? Math.max(top(view.body), view.body.top) : 1;
    const ratio = view.body ? view.body.top / peak : 1;
    keyed(place, series, (one) => node("span", `label ${one.key}`), (label, one) => {
      draw(label, one.figure);
      style(label, "bottom", `${one.label_at * ratio * 100}%`);
    });
  }
})();
