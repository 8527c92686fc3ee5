// Draws every element with class "chart" whose data-chart holds an ECharts option.
"use strict";

for (const place of document.querySelectorAll(".chart[data-chart]")) {
  const chart = echarts.init(place, null, { renderer: "canvas" });
  chart.setOption({ aria: { enabled: true }, animation: false, ...JSON.parse(place.dataset.chart) });
  window.addEventListener("resize", () => chart.resize());
}
