// What a metric is: what the result that is shown says of it.

import { meanOf, metricNames, propertyNames, type MetricDefinition, type Result } from "./result";
import { bytes, count, percent, tickTime, time } from "./units";

export type Format = (value: number, digits?: number) => string;

const defined = new Map<string, MetricDefinition>();

/// Takes what the result says of its metrics, for all that is drawn from then on.
export function learnMetrics(result: Result): void {
  for (const [name, definition] of Object.entries(result.definitions?.metrics ?? {}))
    defined.set(name, definition);
}

export function formatOf(metric: string): Format {
  switch (defined.get(metric)?.unit) {
    case "us":
      return time;
    case "share":
      return percent;
    case "bytes":
      return bytes;
    default:
      return count;
  }
}

/// The same on an axis.
export function onTicks(format: Format): Format {
  return format === time ? tickTime : format;
}

/// 1 where more is better, -1 where less is, 0 where neither.
export function directionOf(metric: string): -1 | 0 | 1 {
  const better = defined.get(metric)?.better;
  return better === "more" ? 1 : better === "less" ? -1 : 0;
}

/// "p99 staleness"
export function labelOf(metric: string): string {
  return defined.get(metric)?.label ?? metric;
}

const columnsMax = 8; // with those of properties

/// The metrics of the first table: those by which strategies are compared, those that the scenario
/// expects something of, and others that people look for, while there is room; without those that
/// are 0, or unknown, for every strategy.
export function mainMetrics(result: Result): string[] {
  const measured = metricNames(result).filter((name) =>
    result.results.some((of) => (meanOf(of, name) ?? 0) !== 0 || of.metrics?.[name]?.endless),
  );
  const shown = (how: string) => measured.filter((name) => defined.get(name)?.shown === how);
  const front = result.front;
  const wanted = [
    ...(front
      ? [front.error_metric, front.staleness_metric, front.load_metric, front.latency_metric]
      : []),
    ...[...(result.goal ?? []), ...(result.expectations ?? [])].map((term) => term.name),
    ...shown("first"),
    ...shown("if not zero"),
  ].filter((name) => measured.includes(name));
  const room = Math.max(4, columnsMax - propertyNames(result).length);
  const order = [...shown("first"), ...shown("if not zero"), ...shown("in full")];
  return [...new Set(wanted)]
    .slice(0, room)
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
