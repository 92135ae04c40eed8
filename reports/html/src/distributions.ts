// Distributions as the share of reads that is slower (or staler) than x, the share on a log axis, so
// that the tail can be read.

import * as Plot from "@observablehq/plot";
import type { ColorOf } from "./colors";
import { axisFor, type Axis } from "./axes";
import { h, s, textWidth } from "./dom";
import { meanText } from "./estimates";
import { chartStyle, figure } from "./figure";
import { boxesAlong, place, type Anchor, type Box } from "./place";
import { meanOf, type Distribution, type Result } from "./result";
import { list, percent, tickTime } from "./units";

interface Curve {
  strategy: string;
  color: string;
  p99: number | null; // the metric, as in the table
  p99Text: string;
  points: { x: number; share: number }[];
}

const overlaidMax = 5; // with more, all but a few are muted

function curvesOf(result: Result, name: string, color: ColorOf): Curve[] {
  return result.results.flatMap((of) => {
    const all: Distribution = of.distributions?.[name] ?? [];
    if (all.length === 0) return [];
    const points = all.map(([x, share]) => ({ x, share }));
    const metric = `${name}_p99`;
    return [
      {
        strategy: of.strategy,
        color: color(of.strategy),
        p99: meanOf(of, metric),
        p99Text: meanText(metric, of) ?? "–",
        points,
      },
    ];
  });
}

interface Axes {
  x: Axis;
  floor: number; // lowest share that is drawn
}

function axesOf(curves: Curve[], width: number): Axes {
  const shown = curves.flatMap((curve) => curve.points);
  const shares = shown.map((point) => point.share).filter((share) => share > 0);
  const lowest = Math.min(...shares, 0.005);
  const x = axisFor(
    shown.map((point) => point.x).filter((x) => x > 0),
    {
      format: tickTime,
      ticksMax: width < 450 ? 4 : 6,
      room: 1.3,
    },
  );
  return { x, floor: 10 ** Math.floor(Math.log10(lowest * 0.999)) };
}

// As drawn: x within the axis, and the maximum at the foot.
function drawn(curve: Curve, { x, floor }: Axes): Curve["points"] {
  const points = curve.points.filter((point) => point.x > 0 || point.share > 0);
  const lowest = x.domain[0] > 0 ? x.domain[0] : 0;
  return points.map((point) => ({
    x: Math.max(point.x, lowest),
    share: Math.max(point.share, floor),
  }));
}

function decades(floor: number): number[] {
  const ticks: number[] = [];
  for (let power = 0; 10 ** power >= floor * 0.999; --power) ticks.push(10 ** power);
  return ticks;
}

// Corners of the steps, in pixels.
function corners(points: Anchor[]): Anchor[] {
  return points.flatMap((point, i) =>
    i === 0 ? [point] : [{ x: point.x, y: points[i - 1]!.y }, point],
  );
}

// Where the curve is far from the others comes first: there its label cannot be taken for theirs.
function anchorsOn(path: Anchor[], others: Anchor[][]): Anchor[] {
  const stride = Math.max(1, Math.floor(path.length / 40));
  const apart = (at: Anchor) =>
    Math.min(
      60,
      ...others.flatMap((other) => other.map((o) => Math.hypot(o.x - at.x, o.y - at.y))),
    );
  return path
    .filter((_, i) => i % stride === 0)
    .map((anchor) => ({ anchor, apart: apart(anchor) }))
    .sort((a, b) => b.apart - a.apart)
    .map(({ anchor }) => anchor);
}

function labelled(
  curves: Curve[],
  paths: Map<string, Anchor[]>,
  frame: Box,
  together: Set<string>,
  taken: Box,
) {
  const boxes = new Map(curves.map((c) => [c.strategy, boxesAlong(paths.get(c.strategy)!, 5)]));
  const groups = [
    curves.filter((c) => together.has(c.strategy)),
    ...curves.filter((c) => !together.has(c.strategy)).map((c) => [c]),
  ];
  return groups.flatMap((group) => {
    const labels = group.map((curve) => {
      const others = group
        .filter((other) => other !== curve)
        .map((other) => paths.get(other.strategy)!);
      return {
        text: curve.strategy,
        width: textWidth(curve.strategy, 12, 600) + 4,
        height: 15,
        anchors: anchorsOn(paths.get(curve.strategy)!, others),
      };
    });
    const solid = [taken, ...group.flatMap((curve) => boxes.get(curve.strategy)!)];
    return place(labels, frame, solid, [], 6).map((placed, i) => ({
      curve: group[i]!,
      box: placed.box,
    }));
  });
}

function draw(curves: Curve[], unit: string, marked: Set<string>, width: number): Element {
  const axes = axesOf(curves, width);
  const left = Math.max(...decades(axes.floor).map((share) => textWidth(percent(share), 12))) + 16;
  const frame = { x: left, y: 26, width: width - left - 10, height: 230 };
  const lines = curves.filter((curve) => curve.points.some((point) => point.share > 0));
  const svg = Plot.plot({
    ...chartStyle,
    width,
    height: frame.y + frame.height + 46,
    marginLeft: frame.x,
    marginRight: 10,
    marginTop: frame.y,
    marginBottom: 46,
    x: { type: axes.x.type, domain: axes.x.domain },
    y: { type: "log", domain: [axes.floor, 1] },
    marks: [
      Plot.gridX(axes.x.ticks, { stroke: "var(--grid)", strokeOpacity: 1 }),
      Plot.gridY(decades(axes.floor), { stroke: "var(--grid)", strokeOpacity: 1 }),
      Plot.axisX(axes.x.ticks, {
        text: axes.x.tickFormat,
        label: `${unit} →`,
        labelAnchor: "center",
        labelOffset: 40,
      }),
      Plot.axisY(decades(axes.floor), {
        text: (share: number) => percent(share),
        label: `↑ share of reads above`,
        labelAnchor: "top",
      }),
      Plot.ruleY([0.01], { stroke: "var(--muted)", strokeDasharray: "2 3" }),
      ...lines.map((curve) =>
        Plot.line(drawn(curve, axes), {
          x: "x",
          y: "share",
          stroke: curve.color,
          strokeWidth: 2,
          curve: "step-after",
          className: "curve",
          clip: true,
        }),
      ),
    ],
  });
  svg
    .querySelectorAll<SVGElement>("g.curve")
    .forEach((line, i) => (line.dataset.strategy = lines[i]!.strategy));
  const p99 = { x: frame.x + 4, y: (svg.scale("y")!.apply(0.01) as number) - 4 };
  svg.append(s("text", { class: "p99", ...p99 }, "p99"));
  const taken = { x: p99.x, y: p99.y - 12, width: textWidth("p99", 11) + 6, height: 16 };
  const [x, y] = [svg.scale("x")!, svg.scale("y")!];
  const paths = new Map(
    lines.map((curve) => [
      curve.strategy,
      corners(
        drawn(curve, axes).map((point) => ({
          x: x.apply(point.x) as number,
          y: y.apply(point.share) as number,
        })),
      ),
    ]),
  );
  for (const { curve, box } of labelled(lines, paths, frame, marked, taken))
    svg.append(
      s(
        "text",
        {
          class: "curve-label",
          "data-strategy": curve.strategy,
          fill: curve.color,
          x: box.x + 2,
          y: box.y + 12,
        },
        curve.strategy,
      ),
    );
  return svg;
}

/// Curves and labels of `strategies` stand out; the others step back.
function highlight(root: Element, strategies: Set<string>): void {
  for (const part of root.querySelectorAll<SVGElement>("g.curve, .curve-label"))
    part.classList.toggle("on", strategies.has(part.dataset.strategy!));
}

function chips(curves: Curve[], on: (strategies: Set<string> | null) => void): HTMLElement {
  const sorted = [...curves].sort((a, b) => (a.p99 ?? Infinity) - (b.p99 ?? Infinity) || 0);
  return h(
    "div.chips",
    {
      role: "group",
      "aria-label": "Strategies by their p99; focus one to bring it forward",
    },
    ...sorted.map((curve) => {
      const only = () => on(new Set([curve.strategy]));
      const all = () => on(null);
      return h(
        "button.chip",
        { type: "button", onmouseenter: only, onfocus: only, onmouseleave: all, onblur: all },
        h("span.swatch", { style: `background: ${curve.color}`, "aria-hidden": "true" }),
        `${curve.strategy} `,
        h("span.value", {}, curve.p99Text),
      );
    }),
  );
}

function distribution(result: Result, color: ColorOf, name: string, title: string, unit: string) {
  const curves = curvesOf(result, name, color);
  const chosen = [result.recommendation?.strategy, result.baseline].filter((each) => each != null);
  const marked = new Set(
    curves.length <= overlaidMax
      ? curves.map((c) => c.strategy)
      : chosen.length > 0
        ? chosen
        : [curves[0]!.strategy],
  );
  const none = curves.filter((curve) => curve.points.every((point) => point.share === 0));
  if (none.length === curves.length) return undefined; // nothing to draw
  const failing = curves.filter((curve) => curve.p99 === null).map((curve) => curve.strategy);
  const element: HTMLElement = figure({
    title,
    caption:
      `Share of reads above x, of all replicates together. Beside each name: p99 as in the table, the ` +
      `mean over the replicates; where they differ much, it is not where the curve crosses 1 %.` +
      (curves.length > overlaidMax ? " Point at a name to bring its curve forward." : "") +
      (none.length > 0 ? ` No curve: ${none.map((c) => c.strategy).join(", ")} (always 0).` : "") +
      (failing.length > 0
        ? ` ∞: more than 1 % of the reads failed, so the p99 is one of those (${list(failing)}).`
        : ""),
    label: `${title}: p99 ${list(curves.map((c) => `${c.strategy} ${c.p99Text}`))}`,
    draw: (width) => {
      const svg = draw(curves, unit, marked, width);
      highlight(svg, marked);
      return svg;
    },
    after: chips(curves, (strategies) => highlight(element, strategies ?? marked)),
  });
  return element;
}

export function distributions(result: Result, color: ColorOf): HTMLElement[] {
  return [
    distribution(result, color, "staleness_us", "Staleness of reads", "staleness"),
    distribution(result, color, "read_us", "Read latency", "latency"),
  ].filter((element) => element !== undefined);
}
