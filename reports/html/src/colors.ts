// Each strategy keeps its colour through the whole report.

import type { Result } from "./result";

const hues = 12; // --s0 to --s11 in style.css

export type ColorOf = (strategy: string) => string;

export function colorsOf(result: Result): ColorOf {
  const order = new Map(result.results.map((of, index) => [of.strategy, index % hues]));
  return (strategy) => `var(--s${order.get(strategy) ?? 0})`;
}
