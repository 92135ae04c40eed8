// What is known of a metric by its name: its unit, which direction is better, what to call it.

import { meanOf, metricNames, propertyNames, type Result } from "./result";
import { bytes, count, percent, tickTime, time } from "./units";

export type Format = (value: number, digits?: number) => string;

export function formatOf(metric: string): Format {
  if (/_us(_|$)/.test(metric)) return time;
  if (/_ratio$/.test(metric)) return percent;
  if (/_bytes(_|$)/.test(metric)) return bytes;
  return count;
}

export function tickFormatOf(metric: string): Format {
  const format = formatOf(metric);
  return format === time ? tickTime : format;
}

const benefits = new Set(["hits", "hit_ratio", "keyspace_hits"]);
const neutral = new Set(["reads", "writes"]);

/// 1 where more is better, -1 where less is, 0 where neither.
export function directionOf(metric: string): -1 | 0 | 1 {
  if (benefits.has(metric)) return 1;
  return neutral.has(metric) ? 0 : -1;
}

const points: Record<string, string> = {
  p50: "median",
  p95: "p95",
  p99: "p99",
  p999: "p99.9",
  mean: "mean",
  max: "max",
  peak: "peak",
};

/// "staleness_us_p99" reads "p99 staleness".
export function labelOf(metric: string): string {
  const words = metric.replace(/_us(?=_|$)/, "").split("_");
  const point = points[words.at(-1)!];
  if (point) words.pop();
  let name = words.join(" ").replace(/^db\b/, "DB").replace("qps", "queries/s");
  if (name === "stale read ratio") name = "stale reads";
  return point ? `${point} ${name}` : name;
}

// Those that a reader looks for, in the order of columns.
const first = [
  "hit_ratio",
  "stale_read_ratio",
  "staleness_us_mean",
  "staleness_us_max",
  "db_qps_mean",
  "db_qps_peak",
  "read_us_p50",
  "read_us_p99",
  "write_us_p50",
  "errors",
  "lost_writes",
];
const columnsMax = 8; // with those of properties

/// The metrics of the first table: those by which strategies are compared, those that the scenario
/// expects something of, and others that people look for, while there is room; without those that
/// are 0, or unknown, for every strategy.
export function mainMetrics(result: Result): string[] {
  const measured = metricNames(result).filter((name) =>
    result.results.some((of) => (meanOf(of, name) ?? 0) !== 0),
  );
  const front = result.front;
  const wanted = [
    ...(front ? [front.staleness_metric, front.load_metric, front.latency_metric] : []),
    ...(result.expectations ?? []).map((expected) => expected.name),
    ...[
      "hit_ratio",
      "db_qps_peak",
      "stale_read_ratio",
      "read_us_p99",
      "staleness_us_max",
      "errors",
    ],
    ...first,
  ].filter((name) => measured.includes(name));
  const room = Math.max(4, columnsMax - propertyNames(result).length);
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return [...new Set(wanted)].slice(0, room).sort((a, b) => rank(a) - rank(b));
}
