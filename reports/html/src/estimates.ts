// A metric as people read it: no finer than its confidence interval allows, and compared with the
// same metric of another strategy.

import { directionOf, formatOf, type Format } from "./metrics";
import { levelOf, type Estimate, type Strategy } from "./result";

const digitsMax = 4;

const place = (value: number) => Math.floor(Math.log10(Math.abs(value)) + 1e-12);

// Two where the first is a 1 or a 2, so that rounding changes it by less than a fifth.
function digitsOfHalf(half: number): number {
  const rounded = Number(half.toPrecision(2)); // 2.96 becomes 3
  return rounded / 10 ** place(rounded) < 3 ? 2 : 1;
}

/// Significant digits of `value` that ± `half` leaves; at least 1.
export function digitsWithin(value: number, half: number): number {
  if (half === 0 || value === 0) return digitsMax;
  const shown = Number(half.toPrecision(digitsOfHalf(half)));
  const digits = place(value) - place(shown) + digitsOfHalf(half);
  return Math.min(Math.max(digits, 1), digitsMax);
}

/// How far the interval reaches from the mean; 0 where there is none. One that was cut off at 0
/// reaches further up than down.
export function halfOf(estimate: Estimate | undefined): number {
  const interval = estimate?.ci95;
  const mean = estimate?.mean ?? 0;
  return interval ? Math.max(interval[1] - mean, mean - interval[0]) : 0;
}

/// "59", of 59.2 ± 8.1.
export function roundedText(estimate: Estimate, format: Format): string {
  const mean = estimate.mean ?? 0;
  return format(mean, digitsWithin(mean, halfOf(estimate)));
}

/// The mean of a metric; undefined where there is none.
export function meanText(metric: string, of: Strategy): string | undefined {
  const estimate = of.metrics?.[metric];
  if (estimate?.endless) return "∞";
  return estimate?.mean == null ? undefined : roundedText(estimate, formatOf(metric));
}

/// "± 8", or "0 to 30" where it was cut off at 0; undefined where there is no interval, or where it
/// has no width.
export function intervalText(metric: string, of: Strategy): string | undefined {
  const estimate = of.metrics?.[metric];
  const half = halfOf(estimate);
  const [low, high] = estimate?.ci95 ?? [0, 0];
  if (low === 0 && (estimate?.mean ?? 0) < high / 2) return `0 to ${formatOf(metric)(high, 2)}`;
  return half === 0 ? undefined : `± ${formatOf(metric)(half, digitsOfHalf(half))}`;
}

const aboutTheSame = 1.05;

function range(of: Strategy, metric: string): [number, number] {
  const mean = levelOf(of, metric)!;
  return of.metrics![metric]!.ci95 ?? [mean, mean];
}

/// Whether the metric differs as where strategies are compared: by more than 5 %, and with intervals
/// that do not overlap. Both must have it.
export function differsClearly(metric: string, a: Strategy, b: Strategy): boolean {
  const [less, more] = [levelOf(a, metric)!, levelOf(b, metric)!].sort((x, y) => x - y);
  const [p, q] = [range(a, metric), range(b, metric)];
  return more! > less! * aboutTheSame && (p[1] < q[0] || q[1] < p[0]);
}

/// 1 where `a` is clearly better than `b`, -1 where it is clearly worse, else 0.
export function clearlyBetter(metric: string, a: Strategy, b: Strategy): -1 | 0 | 1 {
  if (!differsClearly(metric, a, b)) return 0;
  const sign = directionOf(metric) * Math.sign(levelOf(a, metric)! - levelOf(b, metric)!);
  return sign > 0 ? 1 : sign < 0 ? -1 : 0;
}
