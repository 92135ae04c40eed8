// Staleness against database load, or latency where no read was stale: than which strategies no
// other one is better.

import * as Plot from "@observablehq/plot";
import { axisFor, type Axis } from "./axes";
import type { ColorOf } from "./colors";
import { h, s, textWidth } from "./dom";
import { meanText } from "./estimates";
import { chartStyle, figure } from "./figure";
import { formatOf, labelOf, onTicks } from "./metrics";
import { boxesAlong, place, type Anchor } from "./place";
import { meanOf, type Result } from "./result";
import { list } from "./units";

interface Point {
  strategy: string;
  x: number;
  y: number;
  member: boolean; // of the front
  title: string;
}

type Front = NonNullable<Result["front"]>;

// Points at one place share what is said when they are pointed at.
function pointsOf(result: Result, front: Front, across: string): Point[] {
  const { error_metric, staleness_metric, load_metric, latency_metric, members } = front;
  const points = result.results.flatMap((of) => {
    const [x, y] = [meanOf(of, across), meanOf(of, load_metric)];
    if (x === null || y === null) return [];
    const facts = [error_metric, staleness_metric, load_metric, latency_metric].flatMap((metric) => {
      const text = meanText(metric, of);
      return text === undefined ? [] : [`${labelOf(metric)} ${text}`];
    });
    const title = [of.strategy, ...facts].join("\n");
    return [{ strategy: of.strategy, x, y, member: members.includes(of.strategy), title }];
  });
  return points.map((point) => ({
    ...point,
    title: points
      .filter(({ x, y }) => x === point.x && y === point.y)
      .map(({ title }) => title)
      .join("\n\n"),
  }));
}

const pitch = 9; // of dots at one place, which stand side by side so that none hides another

function sideBySide(dots: Anchor[], left: number): Anchor[] {
  return dots.map((dot, index) => {
    const near = dots.flatMap((other, i) =>
      Math.hypot(other.x - dot.x, other.y - dot.y) < pitch / 2 ? [i] : [],
    );
    const first = Math.max(left, dot.x - ((near.length - 1) / 2) * pitch);
    return near.length === 1 ? dot : { x: first + near.indexOf(index) * pitch, y: dot.y };
  });
}

/// Those that no other point beats in the two drawn metrics, from left to right.
export function staircase<P extends { x: number; y: number }>(points: P[]): P[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const steps: P[] = [];
  for (const point of sorted)
    if (steps.length === 0 || point.y < steps.at(-1)!.y) steps.push(point);
  return steps;
}

// The names, placed once the scales are known.
function nameDots(
  svg: Element,
  points: Point[],
  corners: Anchor[],
  dots: Anchor[],
  frame: { width: number; height: number; left: number; top: number },
) {
  const labels = points.map((point, index) => ({
    text: point.strategy,
    width: textWidth(point.strategy, 12, point.member ? 600 : 400) + 2,
    height: 14,
    anchors: [dots[index]!],
  }));
  const solid = dots.map(({ x, y }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }));
  const room = {
    x: frame.left + 2,
    y: frame.top,
    width: frame.width - frame.left,
    height: frame.height - frame.top,
  };
  place(labels, room, solid, boxesAlong(corners)).forEach(({ box, anchor }, index) => {
    const point = points[index]!;
    const [x, y] = [box.x + 1, box.y + 11];
    const nearest = {
      x: Math.min(Math.max(anchor.x, box.x), box.x + box.width),
      y: box.y + box.height / 2,
    };
    if (Math.hypot(nearest.x - anchor.x, nearest.y - anchor.y) > 16) {
      const end =
        anchor.y < box.y ? box.y : anchor.y > box.y + box.height ? box.y + box.height : nearest.y;
      svg.append(
        s("line", { class: "leader", x1: anchor.x, y1: anchor.y, x2: nearest.x, y2: end }),
      );
    }
    svg.append(
      s("text", { class: point.member ? "dot-label member" : "dot-label", x, y }, point.strategy),
    );
  });
}

function steps(points: Point[], xAxis: Axis, yAxis: Axis): { x: number; y: number }[] {
  return staircase(points).map(({ x, y }) => ({ x: xAxis.at(x), y: yAxis.at(y) }));
}

function draw(
  points: Point[],
  front: Front,
  across: string,
  color: ColorOf,
  width: number,
): Element {
  const xAxis = axisFor(
    points.map((p) => p.x),
    {
      format: onTicks(formatOf(across)),
      ticksMax: width < 450 ? 5 : 7,
      room: 2,
    },
  );
  const yAxis = axisFor(
    points.map((p) => p.y),
    { format: onTicks(formatOf(front.load_metric)), room: 1.4 },
  );
  const height = Math.max(300, Math.min(420, width * 0.6), 140 + points.length * 20);
  const frame = { width: width - 8, height: height - 46, left: 56, top: 28 };
  const corners = steps(points, xAxis, yAxis);
  const svg = Plot.plot({
    ...chartStyle,
    width,
    height,
    marginLeft: frame.left,
    marginTop: frame.top,
    marginRight: 24,
    marginBottom: 46,
    x: { type: xAxis.type, domain: xAxis.domain },
    y: { type: yAxis.type, domain: yAxis.domain },
    marks: [
      Plot.gridX(xAxis.ticks, { strokeOpacity: 1, stroke: "var(--grid)" }),
      Plot.gridY(yAxis.ticks, { strokeOpacity: 1, stroke: "var(--grid)" }),
      Plot.axisX(xAxis.ticks, {
        text: xAxis.tickFormat,
        label: `${labelOf(across)} →`,
        labelAnchor: "center",
        labelOffset: 40,
      }),
      Plot.axisY(yAxis.ticks, {
        text: yAxis.tickFormat,
        label: `↑ ${labelOf(front.load_metric)}`,
        labelAnchor: "top",
      }),
      xAxis.zero === undefined
        ? null
        : Plot.ruleX([xAxis.zero], { stroke: "var(--line)", strokeDasharray: "1 3" }),
      Plot.line(corners, {
        x: "x",
        y: "y",
        curve: "step-after",
        stroke: "var(--muted)",
        strokeDasharray: "4 3",
      }),
      Plot.dot(points, {
        x: (p: Point) => xAxis.at(p.x),
        y: (p: Point) => yAxis.at(p.y),
        r: 5.5,
        strokeWidth: 2,
        stroke: (p: Point) => color(p.strategy),
        fill: (p: Point) => (p.member ? color(p.strategy) : "var(--bg)"),
        className: "point",
      }),
      Plot.tip(
        points,
        Plot.pointer({
          x: (p: Point) => xAxis.at(p.x),
          y: (p: Point) => yAxis.at(p.y),
          title: "title",
          maxRadius: 24,
        }),
      ),
    ],
    color: { type: "identity" },
  });
  const x = svg.scale("x")!;
  const y = svg.scale("y")!;
  const at = (px: number, py: number): Anchor => ({
    x: x.apply(px) as number,
    y: y.apply(py) as number,
  });
  const bends = corners.flatMap((corner, index) => {
    const before = corners[index - 1];
    return before ? [at(corner.x, before.y), at(corner.x, corner.y)] : [at(corner.x, corner.y)];
  });
  const dots = sideBySide(
    points.map((p) => at(xAxis.at(p.x), yAxis.at(p.y))),
    frame.left,
  );
  svg.querySelectorAll(".point circle").forEach((circle, index) => {
    circle.setAttribute("cx", String(dots[index]!.x));
  });
  nameDots(svg, points, bends, dots, frame);
  return svg;
}

// The members of the front in all its metrics, two of which the chart has no room for.
function membersTable(
  result: Result,
  { error_metric, load_metric, staleness_metric, latency_metric, members }: Front,
) {
  const metrics = [error_metric, load_metric, staleness_metric, latency_metric];
  const rows = result.results
    .filter((of) => members.includes(of.strategy))
    .map((of) =>
      h(
        "tr",
        {},
        h("th.left", { scope: "row" }, of.strategy),
        ...metrics.map((metric) => h("td.right", {}, meanText(metric, of) ?? "–")),
      ),
    );
  const heads = metrics.map((metric) => h("th.right", { scope: "col" }, labelOf(metric)));
  const caption = "No other strategy is clearly better in one and clearly worse in none";
  return h(
    "div.scroll.members",
    { tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table.dense",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, h("th.left", { scope: "col" }, "strategy"), ...heads)),
      h("tbody", {}, ...rows),
    ),
  );
}

export function pareto(result: Result, color: ColorOf): HTMLElement | undefined {
  const front = result.front;
  if (!front) return undefined;
  const fresh = result.results.every((of) => !meanOf(of, front.staleness_metric));
  const drawn = fresh ? front.latency_metric : front.staleness_metric;
  const points = pointsOf(result, front, drawn);
  if (points.length < 2) return undefined;
  const up = labelOf(front.load_metric);
  const without = result.results
    .filter((of) => points.every((point) => point.strategy !== of.strategy))
    .map((of) => `“${of.strategy}”`);
  return figure({
    title: `${fresh ? "Read latency" : "Staleness"} against database load`,
    caption:
      (fresh ? "No read was stale, so latency takes the place of staleness. " : "") +
      "Lower left is better. Filled dot: no other strategy is clearly better in failed requests, " +
      "load, staleness or latency without being clearly worse in another of them. " +
      "The dashed line joins the strategies that no other one beats in the two drawn metrics." +
      (without.length > 0
        ? ` Not drawn, because they have no ${labelOf(drawn)} (more than 1 % of the reads failed, or ` +
          `nothing was measured): ${list(without)}.`
        : ""),
    label:
      `Scatter plot of ${points.length} strategies by ${labelOf(drawn)} and ${up}. ` +
      `No other strategy is better than ${list(front.members)}.`,
    draw: (width) => draw(points, front, drawn, color, width),
    beside: membersTable(result, front),
  });
}
