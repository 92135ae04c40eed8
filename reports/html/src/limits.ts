// Limits of a goal or of an expectation: as numbers, and as the scenario writes them.

import type { Expectation, Result } from "./result";

const factors: Record<string, number> = {
  "%": 0.01,
  us: 1,
  µs: 1,
  ms: 1e3,
  s: 1e6,
  min: 60e6,
  h: 3600e6,
  k: 1e3,
  M: 1e6,
  B: 1,
  kB: 2 ** 10,
  KiB: 2 ** 10,
  MB: 2 ** 20,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/// The limit in an expectation's words: "<= 1,000 /s" is 1000, ">= 90 %" is 0.9, "<= 62 s" is
/// 62e6 (microseconds). Undefined where there is none.
export function limitIn(wanted: string): { above: boolean; value: number } | undefined {
  const parts = /^([<>])=?\s*([0-9.,]+(?:e[+-]?\d+)?)\s*([a-zµ%A-Z]*)/.exec(wanted);
  if (!parts) return undefined;
  const factor = parts[3] === "" ? 1 : factors[parts[3]!];
  const value = Number(parts[2]!.replaceAll(",", ""));
  if (factor === undefined || Number.isNaN(value)) return undefined;
  return { above: parts[1] === ">", value: value * factor };
}

type Terms = Record<string, unknown>;

interface Written {
  goal?: Terms;
  expect?: Record<string, Terms>;
}

// A limit of the command line replaces the scenario's; then the two are different limits.
function sameLimit(wanted: string, written: string): boolean {
  const [a, b] = [limitIn(wanted), limitIn(written)];
  if (!a || !b || a.above !== b.above) return false;
  return Math.abs(a.value - b.value) <= 1e-3 * Math.abs(b.value);
}

/// What a term wants, in the unit and with the digits of the scenario, where the result holds it.
export function asWritten(result: Result, { strategy, name, wanted }: Expectation): string {
  if (!result.scenario.text) return wanted;
  const { goal, expect } = JSON.parse(result.scenario.text) as Written;
  const written = [goal?.[name], expect?.[strategy]?.[name]];
  const texts = written.filter((each) => typeof each === "string");
  return texts.find((text) => sameLimit(wanted, text)) ?? wanted;
}
