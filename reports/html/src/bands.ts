// Small multiples over virtual time: one strip per strategy, on one time axis and one scale, so
// that no strategy hides another.

import * as Plot from "@observablehq/plot";
import { timeAxis, type Axis } from "./axes";
import { s, textWidth } from "./dom";
import { chartStyle } from "./figure";
import { moment } from "./units";

export interface Bucket {
  from: number; // microseconds
  low: number; // NaN where there is nothing to show
  high: number;
  title: string;
}

export interface Strip {
  name: string;
  color: string;
  buckets: Bucket[];
  note: string; // at the right of its name
  limit?: number; // that it has to keep
}

export interface Incident {
  at_us: number;
  says: string;
}

export interface Bands {
  strips: Strip[];
  axis: Axis;
  from_us: number; // what is shown of the run
  to_us: number;
  warmup_us: number;
  incidents: Incident[];
  stripHeight: number;
}

const left = 56;
const right = 12;
const gap = 24; // above each strip, for its name

interface Rule {
  x: number;
  row: number;
  text: string;
}

// Labels of incidents in rows, so that they do not touch; numbers where they would need too many.
function rulesOf(incidents: Incident[], x: (us: number) => number, width: number): Rule[] {
  const rowsMax = 3;
  for (const numbered of [false, true]) {
    const ends: number[] = [];
    const rules = incidents.map((incident, index) => {
      const text = numbered ? `${index + 1}` : incident.says;
      const size = textWidth(text, 11) + 10;
      const start = Math.min(x(incident.at_us) - 2, width - size);
      let row = ends.findIndex((end) => end <= start);
      if (row < 0) row = ends.length;
      ends[row] = start + size;
      return { x: Math.max(start, 0), row, text };
    });
    if (numbered || ends.length <= rowsMax) return rules;
  }
  return [];
}

function nameStrips(svg: Element, bands: Bands, tops: number[], width: number): void {
  bands.strips.forEach((strip, index) => {
    const y = tops[index]! - 7;
    const name = s("text", { class: "strip-name", x: left + 4, y, fill: strip.color }, strip.name);
    const taken = left + 4 + textWidth(strip.name, 12, 600) + 12;
    const fits = taken + textWidth(strip.note, 11) < width - right;
    svg.append(name);
    if (fits) svg.append(s("text", { class: "strip-note", x: width - right, y }, strip.note));
  });
}

function markIncidents(
  svg: Element,
  incidents: Incident[],
  x: (us: number) => number,
  rules: Rule[],
  bottom: number,
): void {
  incidents.forEach((incident, index) => {
    const rule = rules[index]!;
    const y = 12 + rule.row * 14;
    const at = x(incident.at_us);
    svg.append(
      s("line", { class: "incident", x1: at, x2: at, y1: y + 4, y2: bottom }),
      s(
        "text",
        { class: "incident-label", x: rule.x, y },
        s("title", {}, `${incident.says} at ${moment(incident.at_us)}`),
        rule.text,
      ),
    );
  });
}

// Those whose numbers do not touch the ones below them in a strip.
function ticksApart({ ticks, type, domain, at }: Axis, stripHeight: number): number[] {
  const scale = type === "log" ? Math.log : (value: number) => value;
  const [low, high] = domain.map(scale) as [number, number];
  const place = (tick: number) => (stripHeight * (scale(at(tick)) - low)) / (high - low);
  const least = 11;
  let last = -least;
  return ticks.filter((tick) => {
    const apart = place(tick) - last >= least;
    if (apart) last = place(tick);
    return apart;
  });
}

// The buckets that lie in what is shown; the first and the last one are cut off at its ends.
function inside({ from_us, to_us }: Bands, buckets: Bucket[]): Bucket[] {
  return buckets
    .filter((b, i) => b.from <= to_us && (buckets[i + 1]?.from ?? b.from) >= from_us)
    .map((b) => ({ ...b, from: Math.max(b.from, from_us) }));
}

function marksOf(bands: Bands): Plot.Markish[] {
  const { axis } = bands;
  const strips = bands.strips.map((strip) => ({ ...strip, buckets: inside(bands, strip.buckets) }));
  return strips.flatMap((strip) => [
    Plot.areaY(strip.buckets, {
      x: "from",
      fy: () => strip.name,
      curve: "step-after",
      fill: strip.color,
      stroke: strip.color,
      strokeWidth: 1.3,
      strokeLinejoin: "round",
      className: "band",
      y1: (b: Bucket) => axis.at(b.low),
      y2: (b: Bucket) => axis.at(b.high),
    }),
    strip.limit === undefined
      ? null
      : Plot.ruleY([axis.at(strip.limit)], {
          fy: () => strip.name,
          stroke: "var(--bad)",
          strokeDasharray: "4 3",
          className: "limit",
        }),
    Plot.tip(
      strip.buckets,
      Plot.pointerX({
        x: "from",
        y: (b: Bucket) => axis.at(b.high),
        fy: () => strip.name,
        title: "title",
        maxRadius: 30,
      }),
    ),
  ]);
}

export function drawBands(bands: Bands, width: number): Element {
  const { strips, axis, from_us, to_us, warmup_us, stripHeight } = bands;
  const x = (us: number) => left + ((us - from_us) / (to_us - from_us)) * (width - left - right);
  const incidents = bands.incidents.filter(({ at_us }) => at_us >= from_us && at_us <= to_us);
  const rules = rulesOf(incidents, x, width);
  const rows = Math.max(0, ...rules.map((rule) => rule.row + 1));
  const top = 4 + rows * 14 + gap;
  const pitch = stripHeight + gap;
  const inner = strips.length * pitch - gap;
  const bottom = top + inner;
  const across = timeAxis(from_us, to_us, Math.max(3, Math.floor(width / 110)));
  const svg = Plot.plot({
    ...chartStyle,
    width,
    height: bottom + 40,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: 40,
    x: { domain: [from_us, to_us] },
    y: { type: axis.type, domain: axis.domain },
    fy: {
      domain: strips.map((strip) => strip.name),
      axis: null,
      paddingInner: gap / pitch,
      paddingOuter: 0,
      round: false,
    },
    marks: [
      warmup_us > from_us
        ? Plot.rect([0], { x1: from_us, x2: Math.min(warmup_us, to_us), fill: "var(--shade)" })
        : null,
      Plot.gridY(axis.ticks, { stroke: "var(--grid)", strokeOpacity: 1 }),
      Plot.axisY(ticksApart(axis, stripHeight), { text: axis.tickFormat, label: null }),
      Plot.axisX(across.ticks, {
        text: across.tickFormat,
        anchor: "bottom",
        label: `virtual time, ${across.unit} →`,
        labelAnchor: "center",
        labelOffset: 36,
      }),
      ...marksOf(bands),
    ],
  });
  nameStrips(
    svg,
    bands,
    strips.map((_, index) => top + index * pitch),
    width,
  );
  markIncidents(svg, incidents, x, rules, bottom);
  return svg;
}

/// What the numbers stand for, where incidents had to be numbered.
export function incidentsText(incidents: Incident[]): string {
  return incidents
    .map((incident, i) => `${i + 1}: ${incident.says} at ${moment(incident.at_us)}`)
    .join("; ");
}
