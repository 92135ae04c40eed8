// What happens over virtual time, a strip for each strategy; and the hit ratio with its alarm line.

import type { Axis } from "./axes";
import { drawBands, incidentsText, type Bands, type Bucket, type Strip } from "./bands";
import type { ColorOf } from "./colors";
import { figure } from "./figure";
import { limitIn } from "./limits";
import type { Format } from "./metrics";
import type { Result, Series, Strategy } from "./result";
import { list, moment, percent, time } from "./units";

/// A curve of `series` in buckets, with its end as a last one.
export function bucketsOf(series: Series, name: string, format: Format, unit: string): Bucket[] {
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

export const withSeries = (result: Result) => result.results.filter((of) => of.series);
export const has = (of: Strategy, name: string) => of.series?.curves[name] !== undefined;

export function spanOf(result: Result): { duration_us: number; warmup_us: number } {
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

/// What the goal wants of a strategy, or else what is expected of it: not more than a limit, or not
/// less than one.
export function limitOf(result: Result, strategy: string, metric: string, least: boolean) {
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

/// The whole run.
export function common(result: Result, strips: Strip[], axis: Axis, stripHeight: number): Bands {
  const { duration_us, warmup_us } = spanOf(result);
  return {
    strips,
    axis,
    stripHeight,
    from_us: 0,
    to_us: duration_us,
    warmup_us,
    incidents: result.traffic?.incidents ?? [],
  };
}

/// The incidents in words, for those who cannot see the picture.
export function described(result: Result): string {
  const incidents = result.traffic?.incidents ?? [];
  return incidents.length > 0 ? ` Incidents: ${incidentsText(incidents)}.` : "";
}

/// What the buckets hold after the warm-up, which the metrics exclude; of the last one, its end is left
/// out.
export function measured(buckets: Bucket[], warmup_us: number): Bucket[] {
  return buckets.slice(0, -1).filter((b) => !Number.isNaN(b.high) && b.from >= warmup_us);
}

function hitNote(known: Bucket[], bucket_us: number, alarm: number | undefined): string {
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
  const shown = withSeries(result).filter((of) => has(of, "hit_ratio"));
  if (shown.length === 0) return undefined;
  const { warmup_us } = spanOf(result);
  const strips = shown.map((of) => {
    const buckets = bucketsOf(of.series!, "hit_ratio", (v) => percent(v), "");
    const limit = limitOf(result, of.strategy, "hit_ratio", true);
    const note = hitNote(measured(buckets, warmup_us), of.series!.bucket_us, limit);
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
