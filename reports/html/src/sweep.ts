// Metrics over a range of values of a setting, with their intervals and where they bend.

import * as Plot from "@observablehq/plot";
import { axisFor } from "./axes";
import { h, s, textWidth } from "./dom";
import { meanText } from "./estimates";
import { chartStyle, figure } from "./figure";
import { formatOf, labelOf, onTicks } from "./metrics";
import { boxesAlong, place } from "./place";
import { meanOf, type Result } from "./result";
import { settingName } from "./settings";
import { list } from "./units";

interface Spot {
  x: number;
  y: number;
  low: number;
  high: number;
  title: string;
}

interface Line {
  name: string; // the strategy, with the value of the second setting where there is one
  color: string;
  spots: Spot[];
  knee?: Spot;
}

// Positions on the first setting: its numbers, or the places in the list where it has none.
function positions(result: Result): Map<string, number> {
  const axis = result.axes![0]!;
  return new Map(axis.values.map((value, i) => [value, axis.numbers?.[i] ?? i]));
}

function linesOf(result: Result, metric: string): Line[] {
  const at = positions(result);
  const lines = new Map<string, Line>();
  for (const point of result.points ?? [])
    for (const of of point.results) {
      const mean = meanOf(of, metric);
      if (mean === null) continue;
      const name = [of.strategy, ...point.at.slice(1)].join(", ");
      if (!lines.has(name))
        lines.set(name, { name, color: `var(--s${lines.size % 8})`, spots: [] });
      const [low, high] = of.metrics?.[metric]?.ci95 ?? [mean, mean];
      const title = `${name}\n${point.at[0]!}: ${meanText(metric, of)!}`;
      const spot = { x: at.get(point.at[0]!)!, y: mean, low, high, title };
      const line = lines.get(name)!;
      line.spots.push(spot);
      const bends = result.knees?.some(
        (knee) =>
          knee.strategy === of.strategy && knee.metric === metric && knee.at === point.at[0],
      );
      if (bends) line.knee = spot;
    }
  return [...lines.values()];
}

function nameLines(
  svg: ReturnType<typeof Plot.plot>,
  lines: Line[],
  at: (y: number) => number,
  frame: { left: number; top: number; right: number; bottom: number },
): void {
  const [x, y] = [svg.scale("x")!, svg.scale("y")!];
  const paths = lines.map((line) =>
    line.spots.map((p) => ({ x: x.apply(p.x) as number, y: y.apply(at(p.y)) as number })),
  );
  const labels = lines.map((line, i) => ({
    text: line.name,
    width: textWidth(line.name, 12, 600) + 4,
    height: 15,
    anchors: [...paths[i]!].reverse(),
  }));
  const room = {
    x: frame.left,
    y: frame.top,
    width: frame.right - frame.left,
    height: frame.bottom - frame.top,
  };
  const solid = paths.flatMap((path) => boxesAlong(path, 5));
  place(labels, room, solid, [], 6).forEach(({ box }, i) =>
    svg.append(
      s(
        "text",
        { class: "curve-label on", fill: lines[i]!.color, x: box.x + 2, y: box.y + 12 },
        lines[i]!.name,
      ),
    ),
  );
}

function draw(result: Result, lines: Line[], metric: string, width: number): Element {
  const axis = result.axes![0]!;
  const spots = lines.flatMap((line) => line.spots);
  const yAxis = axisFor(
    spots.flatMap((p) => [p.y, Math.max(p.low, 0), p.high]),
    { format: onTicks(formatOf(metric)), ticksMax: 5, fromZero: false },
  );
  const clamp = (value: number) =>
    Math.min(Math.max(yAxis.at(Math.max(value, 0)), yAxis.domain[0]), yAxis.domain[1]);
  const x = positions(result);
  const every = Math.ceil(axis.values.length / Math.max(2, Math.floor(width / 75)));
  const ticks = axis.values.filter((_, i) => i % every === 0);
  const frame = { left: 60, top: 16, right: width - 14, bottom: 236 };
  const svg = Plot.plot({
    ...chartStyle,
    width,
    height: 276,
    marginLeft: frame.left,
    marginTop: frame.top,
    marginRight: 14,
    marginBottom: 40,
    x: {
      type: axis.scale === "log" ? "log" : "linear",
      domain: [Math.min(...x.values()), Math.max(...x.values())],
    },
    y: { type: yAxis.type, domain: yAxis.domain },
    marks: [
      Plot.gridY(yAxis.ticks, { stroke: "var(--grid)", strokeOpacity: 1 }),
      Plot.axisX(
        ticks.map((value) => x.get(value)!),
        { text: ticks, label: `${settingName(axis.pointer)} →`, labelAnchor: "center", labelOffset: 36 },
      ),
      Plot.axisY(yAxis.ticks, { text: yAxis.tickFormat, label: null }),
      ...lines.flatMap((line) => [
        Plot.areaY(line.spots, {
          x: "x",
          y1: (p: Spot) => clamp(p.low),
          y2: (p: Spot) => clamp(p.high),
          fill: line.color,
          fillOpacity: 0.16,
        }),
        Plot.line(line.spots, {
          x: "x",
          y: (p: Spot) => yAxis.at(p.y),
          stroke: line.color,
          strokeWidth: 2,
          className: "swept",
        }),
        Plot.dot(line.spots, { x: "x", y: (p: Spot) => yAxis.at(p.y), fill: line.color, r: 3 }),
        line.knee
          ? Plot.dot([line.knee], {
              x: "x",
              y: (p: Spot) => yAxis.at(p.y),
              stroke: line.color,
              fill: "var(--bg)",
              r: 6,
              strokeWidth: 2.5,
              className: "knee",
            })
          : null,
      ]),
      Plot.tip(
        spots,
        Plot.pointer({ x: "x", y: (p: Spot) => yAxis.at(p.y), title: "title", maxRadius: 24 }),
      ),
    ],
  });
  nameLines(svg, lines, yAxis.at, frame);
  return svg;
}

/// A chart for each metric that the sweep is about.
export function sweep(result: Result): HTMLElement | undefined {
  const axis = result.axes?.[0];
  if (!axis) return undefined;
  const charts = (result.shown_metrics ?? []).flatMap((metric) => {
    const lines = linesOf(result, metric);
    if (lines.length === 0) return [];
    const knees = lines
      .filter((line) => line.knee)
      .map((line) => line.knee!.title.replace("\n", " at "));
    const second = result.axes![1];
    const where = second
      ? `One line for each strategy and ${settingName(second.pointer)}.`
      : knees.length > 0
        ? `The ring marks the knee: ${list(knees)}.`
        : "No knee.";
    return [
      figure({
        title: labelOf(metric).replace(/^./, (first) => first.toUpperCase()),
        caption: `Shaded: the 95 % confidence interval. ${where}`,
        label:
          `${labelOf(metric)} over ${settingName(axis.pointer)}, from ${axis.values[0]!} to ` +
          `${axis.values.at(-1)!}. ${where}`,
        draw: (width) => draw(result, lines, metric, width),
      }),
    ];
  });
  return charts.length > 0 ? h("div.pair", {}, ...charts) : undefined;
}
