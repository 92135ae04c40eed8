// The load of the database over virtual time; or another curve, or a part of the run.

import { axisFor } from "./axes";
import { drawBands, type Bands, type Strip } from "./bands";
import type { ColorOf } from "./colors";
import { h } from "./dom";
import { figure } from "./figure";
import { onTicks, type Format } from "./metrics";
import type { Result } from "./result";
import { hasSpike, isNarrow, spanFrom, spanOfPeak, type Span } from "./spikes";
import { bucketsOf, common, described, has, limitOf, measured, spanOf, withSeries } from "./timelines";
import { bytes, count, moment, percent, plain, time } from "./units";

interface CurveKind {
  name: string; // in the result
  title: string;
  unit: string;
  format: Format;
  metric: string; // whose limit is drawn
}

const kinds: CurveKind[] = [
  {
    name: "db_qps",
    title: "Database queries per second",
    unit: "queries/s",
    format: count,
    metric: "db_qps_peak",
  },
  {
    name: "db_in_flight",
    title: "Queries in flight",
    unit: "queries",
    format: count,
    metric: "db_in_flight_max",
  },
  {
    name: "db_queue",
    title: "Queries that wait for a connection",
    unit: "queries",
    format: count,
    metric: "db_queue_max",
  },
  { name: "read_us", title: "Read latency", unit: "", format: time, metric: "" },
  {
    name: "staleness_us",
    title: "Staleness of reads",
    unit: "",
    format: time,
    metric: "staleness_us_max",
  },
  {
    name: "error_ratio",
    title: "Share of failed reads",
    unit: "",
    format: percent,
    metric: "error_ratio",
  },
  {
    name: "stale_read_ratio",
    title: "Share of stale reads",
    unit: "",
    format: percent,
    metric: "stale_read_ratio",
  },
  {
    name: "cache_memory_bytes",
    title: "Memory of the cache",
    unit: "",
    format: bytes,
    metric: "cache_memory_bytes_max",
  },
];

function stripsOf(result: Result, color: ColorOf, kind: CurveKind): Strip[] {
  const { warmup_us } = spanOf(result);
  return withSeries(result)
    .filter((of) => has(of, kind.name))
    .map((of) => {
      const buckets = bucketsOf(of.series!, kind.name, kind.format, kind.unit);
      const peak = Math.max(0, ...measured(buckets, warmup_us).map((b) => b.high));
      const note = `at most ${kind.format(peak)}${kind.unit ? ` ${kind.unit}` : ""}`;
      const limit = limitOf(result, of.strategy, kind.metric, false);
      return { name: of.strategy, color: color(of.strategy), buckets, note, limit };
    });
}

const linearBelow = 100; // the highest peak of a strip by the lowest one

function bandsOf(result: Result, strips: Strip[], kind: CurveKind, span: Span | undefined): Bands {
  const shown = span
    ? strips.map((strip) => ({
        ...strip,
        buckets: strip.buckets.filter((b) => b.from >= span.from_us && b.from < span.to_us),
      }))
    : strips;
  const values = shown
    .flatMap(({ buckets, limit }) => [limit ?? NaN, ...buckets.flatMap((b) => [b.low, b.high])])
    .filter((value) => !Number.isNaN(value));
  const peaks = shown
    .map(({ buckets }) => Math.max(...buckets.map((b) => b.high).filter((v) => !Number.isNaN(v))))
    .filter((peak) => peak > 0);
  const linear = Math.max(...peaks) < linearBelow * Math.min(...peaks);
  const axis = axisFor(values, {
    format: onTicks(kind.format),
    ticksMax: 3,
    room: 1.2,
    linearBelow: linear ? Infinity : 3,
    zeroRoom: 0.4,
  });
  return { ...common(result, strips, axis, 46), ...span };
}

interface Part {
  value: string;
  title: string;
  span: Span | undefined; // undefined for the whole run
}

// What may be looked at: the whole run, what is around the highest peak, and around each incident.
function partsOf(result: Result, strips: Strip[]): Part[] {
  const { duration_us, warmup_us } = spanOf(result);
  const parts: Part[] = [{ value: "all", title: "the whole run", span: undefined }];
  const peak = spanOfPeak(strips, warmup_us, duration_us);
  if (peak) parts.push({ value: "peak", title: "around the highest peak", span: peak });
  (result.traffic?.incidents ?? []).forEach(({ at_us, says }, index) => {
    const span = spanFrom(at_us, strips[0]?.buckets ?? [], duration_us);
    if (span)
      parts.push({ value: `incident-${index}`, title: `${says} at ${moment(at_us)}`, span });
  });
  return parts;
}

function spanText({ from_us, to_us }: Span, whole_us: number): string {
  const seconds = (us: number) => plain(us / 1e6, 4);
  return `${seconds(from_us)} to ${time(to_us)} of ${time(whole_us)}`;
}

// Queries in flight where they have a spike; else the first curve that the goal asks something of.
function firstKind(result: Result, color: ColorOf, offered: CurveKind[]): CurveKind {
  const inFlight = offered.find((kind) => kind.name === "db_in_flight");
  const { warmup_us } = spanOf(result);
  if (inFlight && hasSpike(stripsOf(result, color, inFlight), warmup_us)) return inFlight;
  const goal = (result.goal ?? []).map((term) => term.name);
  const asked = offered.find(({ name }) => goal.some((metric) => metric.startsWith(`${name}_`)));
  return asked ?? offered[0]!;
}

// What the bands span: not every curve has a minimum.
function bandText(result: Result, { name }: CurveKind): string {
  const { series } = withSeries(result).find((of) => has(of, name))!;
  const { min, mean, max } = series!.curves[name]!;
  const within = `within ${time(series!.bucket_us)}`;
  if (min && max) return `Each band spans the exact minimum and maximum ${within}.`;
  if (mean && max) return `Each band spans the mean and the exact maximum ${within}.`;
  return max ? `The line is the exact maximum ${within}.` : `The line is the mean ${within}.`;
}

function select(label: string, options: [value: string, title: string][], chosen: string) {
  return h(
    "select",
    { "aria-label": label },
    ...options.map(([value, title]) => h("option", { value, selected: value === chosen }, title)),
  );
}

/// Small multiples of the database's load. At first the curve and the part of the run are shown in
/// which a spike can be seen best; the reader may choose others.
export function loadOverTime(result: Result, color: ColorOf): HTMLElement | undefined {
  const offered = kinds.filter((kind) => withSeries(result).some((of) => has(of, kind.name)));
  if (offered.length === 0) return undefined;
  const { duration_us, warmup_us } = spanOf(result);
  let kind = firstKind(result, color, offered);
  let strips = stripsOf(result, color, kind);
  let parts = partsOf(result, strips);
  let part = isNarrow(strips, warmup_us) ? parts[1]! : parts[0]!;
  const curveChoice = select(
    "Curve to show over time",
    offered.map(({ name, title }) => [name, title]),
    kind.name,
  );
  const partChoice = select(
    "Part of the run to show",
    parts.map(({ value, title }) => [value, title]),
    part.value,
  );
  const where = h("p.hint", { "aria-live": "polite" });
  const say = () => {
    const what = part.span
      ? `Shown: ${part.title}, ${spanText(part.span, duration_us)}.`
      : `Shown: the whole run of ${time(duration_us)}.`;
    where.textContent = `${what} ${bandText(result, kind)}`;
  };
  say();
  const { seed } = withSeries(result)[0]!.series!;
  const limited = strips.some((strip) => strip.limit !== undefined);
  const element = figure({
    title: "Over time",
    controls: h(
      "div.choices",
      {},
      offered.length > 1 && curveChoice,
      parts.length > 1 && partChoice,
    ),
    caption:
      `One strip per strategy, all on the same scale: the replicate with seed ${seed}. At the ` +
      `right: the most${warmup_us > 0 ? " after the warm-up (shaded)" : ""}; the table above has means ` +
      `over all replicates.` +
      (limited ? " The dashed line is the limit that the scenario sets." : ""),
    label: () =>
      `${kind.title}. ` + strips.map((s) => `${s.name}: ${s.note}`).join("; ") + described(result),
    draw: (width) => drawBands(bandsOf(result, strips, kind, part.span), width),
    after: where,
  });
  const redraw = () => {
    say();
    element.querySelector(".canvas")!.dispatchEvent(new Event("redraw"));
  };
  curveChoice.addEventListener("change", () => {
    kind = offered.find(({ name }) => name === curveChoice.value)!;
    strips = stripsOf(result, color, kind);
    parts = partsOf(result, strips);
    part = parts.find(({ value }) => value === part.value) ?? parts[0]!;
    partChoice.value = part.value;
    redraw();
  });
  partChoice.addEventListener("change", () => {
    part = parts.find(({ value }) => value === partChoice.value)!;
    redraw();
  });
  return element;
}
