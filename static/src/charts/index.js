// Charts from the data beside them: <div class="chart" data-chart><script type="application/json">.
// The JSON is { kind, labels, series: [{ name, values, dashed }], unit, target, stacked, flat }.

import { BarChart, LineChart, PieChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent,
  MarkLineComponent, TooltipComponent, SVGRenderer,
]);

const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(name).trim();
const { lang } = document.documentElement;
const isChinese = lang.startsWith("zh");
const figure = new Intl.NumberFormat(isChinese ? "zh-CN" : lang, { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(isChinese ? "zh-CN" : lang, { notation: "compact", maximumFractionDigits: 2 });
const joint = isChinese ? "" : " ";

function colours() {
  return {
    ink: token("--ink"), soft: token("--ink-soft"), line: token("--line"), paper: token("--paper"),
    honour: token("--honour"),
    series: [token("--lake"), "#5fa3b1", token("--care"), "#5b6f9a", token("--good"), "#8a5a78"],
  };
}

const withUnit = (unit) => (value) => (value == null || value === "-" ? "—" : `${figure.format(value)}${unit && joint + unit}`);

function shortFigure(value) {
  return Math.abs(value) >= 10000 ? short.format(value) : figure.format(value);
}

function shared(data, paint) {
  return {
    color: paint.series,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: paint.ink },
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400,
    aria: { enabled: true, label: { description: data.title ?? "" }, decal: { show: data.series.length > 1 || data.kind === "pie" } },
    tooltip: {
      renderMode: "richText",
      confine: true,
      trigger: data.kind === "pie" ? "item" : "axis",
      axisPointer: { type: data.kind === "bar" ? "shadow" : "line" },
      backgroundColor: paint.paper,
      borderColor: paint.line,
      textStyle: { color: paint.ink, fontSize: 14 },
      valueFormatter: withUnit(data.unit ?? ""),
    },
    legend: {
      show: data.series.length > 1 || data.kind === "pie",
      top: 0,
      left: 0,
      itemWidth: 20,
      textStyle: { color: paint.ink, fontSize: 14 },
    },
  };
}

function targetLine(data, paint) {
  if (data.target == null) return undefined;
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: paint.honour, type: "dashed", width: 2 },
    label: {
      formatter: `${data.target_label ?? ""} ${withUnit(data.unit ?? "")(data.target)}`,
      position: data.flat ? "end" : "insideEndTop",
      color: paint.ink,
      fontSize: 13,
    },
    data: [data.flat ? { xAxis: data.target } : { yAxis: data.target }],
  };
}

function axes(data, paint) {
  const category = {
    type: "category",
    data: data.labels,
    inverse: Boolean(data.flat),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: paint.line } },
    axisLabel: { color: paint.soft, fontSize: 13, hideOverlap: !data.flat },
  };
  const value = {
    type: "value",
    // The target stays in sight even when it is far away.
    max: data.target == null ? undefined : (range) => Math.max(range.max, data.target * 1.05),
    axisLabel: { color: paint.soft, fontSize: 13, formatter: shortFigure, hideOverlap: true },
    splitLine: { lineStyle: { color: paint.line } },
  };
  return data.flat ? { xAxis: value, yAxis: category } : { xAxis: category, yAxis: value };
}

function cartesian(data, paint) {
  const legend = data.series.length > 1;
  return {
    ...shared(data, paint),
    ...axes(data, paint),
    grid: { left: 4, right: data.flat ? 24 : 12, top: legend ? 44 : 20, bottom: 4, containLabel: true },
    series: data.series.map((one, index) => ({
      type: one.kind ?? data.kind,
      name: one.name,
      data: one.values.map((value) => value ?? "-"),
      stack: data.stacked ? "all" : undefined,
      barMaxWidth: 28,
      itemStyle: { borderRadius: data.stacked ? 0 : data.flat ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      lineStyle: { width: 2.5, type: one.dashed ? "dashed" : "solid" },
      symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
      symbolSize: 7,
      label: { show: Boolean(data.flat) && data.series.length === 1, position: "right", color: paint.ink,
        formatter: ({ value }) => (value === "-" ? "" : figure.format(value)) },
      markLine: index === 0 ? targetLine(data, paint) : undefined,
    })),
  };
}

function pie(data, paint) {
  const values = data.series[0].values;
  const whole = values.reduce((sum, value) => sum + (value ?? 0), 0);
  const share = (name) => (whole ? `${((values[data.labels.indexOf(name)] / whole) * 100).toFixed(1)}%` : "—");
  const base = shared(data, paint);
  return {
    ...base,
    legend: { ...base.legend, formatter: (name) => `${name}  ${share(name)}` },
    series: [{
      type: "pie",
      name: data.series[0].name,
      radius: ["46%", "74%"],
      center: ["50%", "60%"],
      itemStyle: { borderColor: paint.paper, borderWidth: 2 },
      label: { show: false },
      data: data.labels.map((name, index) => ({ name, value: values[index] })),
    }],
  };
}

function draw(place) {
  const data = JSON.parse(place.querySelector('script[type="application/json"]').textContent);
  const paint = colours();
  const canvas = document.createElement("div");
  canvas.className = "chart-canvas";
  place.append(canvas);
  const chart = init(canvas, null, { renderer: "svg" });
  chart.setOption(data.kind === "pie" ? pie(data, paint) : cartesian(data, paint));
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", data.title ?? "");
  new ResizeObserver(() => chart.resize()).observe(canvas);
}

document.querySelectorAll("[data-chart]").forEach(draw);
