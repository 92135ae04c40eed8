// What happens over virtual time: the load of the database, and the hit ratio with its alarm line.

import { axisFor, type Axis } from "./axes";
import { drawBands, incidentsText, type Bands, type Bucket, type Strip } from "./bands";
import type { ColorOf } from "./colors";
import { h } from "./dom";
import { figure } from "./figure";
import { onTicks, type Format } from "./metrics";
import type { Result, Series, Strategy } from "./result";
import { bytes, count, limitIn, list, moment, percent, time } from "./units";

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

function bucketsOf(series: Series, name: string, format: Format, unit: string): Bucket[] {
  const curve = series.curves[name];
  const high = curve?.max ?? curve?.mean ?? [];
  const low = curve?.min ?? curve?.mean ?? high;
  const text = (value: number) => `${format(value)}${unit ? ` ${unit}` : ""}`;
  const buckets = high.map((value, i) => {
    const from = series.from_us + i * series.bucket_us;
    const [bottom, top] = [low[i] ?? NaN, value ?? NaN];
    const range = bottom === top ? text(top) : `${format(bottom)} to ${text(top)}`;
    return { from, low: bottom, high: top, title: `${moment(from)}\n${range}` };
  });
  const last = buckets.at(-1);
  if (last) buckets.push({ ...last, from: last.from + series.bucket_us }); // the end of its step
  return buckets;
}

const withSeries = (result: Result) => result.results.filter((of) => of.series);
const has = (of: Strategy, name: string) => of.series?.curves[name] !== undefined;

function spanOf(result: Result): { duration_us: number; warmup_us: number } {
  if (result.traffic) return result.traffic;
  const ends = withSeries(result).map(({ series }) => {
    const length = Math.max(
      ...Object.values(series!.curves).map((c) => (c.max ?? c.mean ?? []).length),
    );
    return series!.from_us + length * series!.bucket_us;
  });
  return {
    duration_us: Math.max(...ends),
    warmup_us: withSeries(result)[0]?.series?.warmup_us ?? 0,
  };
}

// What the goal wants of a strategy, or else what is expected of it: not more than a limit, or not less
// than one.
function limitOf(result: Result, strategy: string, metric: string, least: boolean) {
  for (const { strategy: of, name, wanted } of [
    ...(result.goal ?? []),
    ...(result.expectations ?? []),
  ]) {
    if (of !== strategy || name !== metric) continue;
    const limit = limitIn(wanted);
    if (limit && limit.above === least) return limit.value;
  }
  return undefined;
}

function common(result: Result, strips: Strip[], axis: Axis, stripHeight: number): Bands {
  return {
    strips,
    axis,
    stripHeight,
    ...spanOf(result),
    incidents: result.traffic?.incidents ?? [],
  };
}

// The incidents in words, for those who cannot see the picture.
function described(result: Result): string {
  const incidents = result.traffic?.incidents ?? [];
  return incidents.length > 0 ? ` Incidents: ${incidentsText(incidents)}.` : "";
}

function loadBands(result: Result, color: ColorOf, kind: CurveKind): Bands {
  const strips = withSeries(result)
    .filter((of) => has(of, kind.name))
    .map((of) => {
      const buckets = bucketsOf(of.series!, kind.name, kind.format, kind.unit);
      const peak = Math.max(...buckets.map((b) => b.high).filter((v) => !Number.isNaN(v)), 0);
      const note = `at most ${kind.format(peak)}${kind.unit ? ` ${kind.unit}` : ""}`;
      const limit = limitOf(result, of.strategy, kind.metric, false);
      return { name: of.strategy, color: color(of.strategy), buckets, note, limit };
    });
  const values = strips
    .flatMap(({ buckets, limit }) => [limit ?? NaN, ...buckets.flatMap((b) => [b.low, b.high])])
    .filter((value) => !Number.isNaN(value));
  const axis = axisFor(values, {
    format: onTicks(kind.format),
    ticksMax: 3,
    room: 1.2,
    linearBelow: 3,
    zeroRoom: 0.4,
  });
  return common(result, strips, axis, 46);
}

/// Small multiples of the database's load; the reader may look at another curve instead.
export function loadOverTime(result: Result, color: ColorOf): HTMLElement | undefined {
  const offered = kinds.filter((kind) => withSeries(result).some((of) => has(of, kind.name)));
  if (offered.length === 0) return undefined;
  let shown = offered[0]!;
  const choice = h(
    "select",
    { "aria-label": "Curve to show over time" },
    ...offered.map((kind) => h("option", { value: kind.name }, kind.title)),
  );
  const series = withSeries(result)[0]!.series!;
  const limited = loadBands(result, color, shown).strips.some((strip) => strip.limit !== undefined);
  const element = figure({
    title: "Load over time",
    controls: offered.length > 1 ? choice : undefined,
    caption:
      `One strip per strategy, all on the same scale. Each band spans the exact minimum and ` +
      `maximum within ${time(series.bucket_us)}, so that no spike is lost (replicate with seed ` +
      `${series.seed}). ` +
      `Shaded: the warm-up, which the metrics exclude.` +
      (limited ? " The dashed line is the limit that the scenario sets." : ""),
    label:
      loadBands(result, color, shown)
        .strips.map((s) => `${s.name}: ${s.note}`)
        .join("; ") + described(result),
    draw: (width) => drawBands(loadBands(result, color, shown), width),
  });
  choice.addEventListener("change", () => {
    shown = offered.find((kind) => kind.name === choice.value)!;
    element.querySelector(".canvas")!.dispatchEvent(new Event("redraw"));
  });
  return element;
}

function hitNote(buckets: Bucket[], bucket_us: number, alarm: number | undefined): string {
  const known = buckets.slice(0, -1).filter((b) => !Number.isNaN(b.high));
  if (known.length === 0) return "no reads";
  const lowest = Math.min(...known.map((b) => b.high));
  const least = `at least ${percent(lowest, 3)}`;
  if (alarm === undefined) return least;
  const below = known.filter((b) => b.high < alarm);
  if (below.length === 0) return least;
  const length = time(below.length * bucket_us, 3);
  return `${least}; below the alarm for ${length}, first at ${moment(below[0]!.from)}`;
}

// Where the axis may start so that no value is cut off and small changes can be seen.
function lowestTick(values: number[]): number {
  const least = Math.min(...values.filter((value) => !Number.isNaN(value)));
  return [0.99, 0.95, 0.9, 0.8, 0.5].find((tick) => tick + (1 - tick) / 20 < least) ?? 0;
}

/// The hit ratio, with the line that the scenario says it must not cross.
export function hitRatioOverTime(result: Result, color: ColorOf): HTMLElement | undefined {
  const measured = withSeries(result).filter((of) => has(of, "hit_ratio"));
  if (measured.length === 0) return undefined;
  const strips = measured.map((of) => {
    const buckets = bucketsOf(of.series!, "hit_ratio", (v) => percent(v), "");
    const limit = limitOf(result, of.strategy, "hit_ratio", true);
    const note = hitNote(buckets, of.series!.bucket_us, limit);
    return { name: of.strategy, color: color(of.strategy), buckets, note, limit };
  });
  const alarmed = strips.some((strip) => strip.limit !== undefined);
  const from = lowestTick(
    strips.flatMap(({ buckets, limit }) => [limit ?? 1, ...buckets.map((b) => b.low)]),
  );
  const axis: Axis = {
    type: "linear",
    domain: [from, 1],
    ticks: [from, 1],
    at: (value) => value,
    tickFormat: (value) => percent(value),
  };
  return figure({
    title: "Hit ratio over time",
    caption:
      `Of the reads that were invoked in each bucket; a gap where there were none. The axis ` +
      `starts at ${percent(from)}.` +
      (alarmed
        ? " The dashed line is the alarm: the minimum that the scenario wants or expects."
        : " The scenario sets no limit."),
    label:
      `Hit ratio of ${list(strips.map((strip) => `${strip.name} ${strip.note}`))}.` +
      described(result),
    draw: (width) => drawBands(common(result, strips, axis, 40), width),
  });
}
