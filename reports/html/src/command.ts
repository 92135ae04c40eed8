// The command that gives the same result again, from what the result says of how it was made. It does
// not say where files lay, nor which budgets a search had.

import { quoted } from "./code";
import type { Comparisons, Property, Replay, Result, Strategy } from "./result";
import { propertyNames } from "./result";

type Option = [name: string, ...values: string[]];

interface ScenarioText {
  strategies?: Record<string, unknown>;
}

// Named one by one, unless the scenario is known to have no others.
function strategies(result: Result): Option[] {
  const measured = [...result.results, ...(result.points ?? []).flatMap((point) => point.results)];
  const names = [...new Set(measured.map((of) => of.strategy))];
  if (result.scenario.text) {
    const all = (JSON.parse(result.scenario.text) as ScenarioText).strategies ?? {};
    if (Object.keys(all).length === names.length) return [];
  }
  return names.map((name): Option => ["--strategy", name]);
}

function ofSearch(result: Result): Option[] {
  const properties = result.results.flatMap((of) => of.properties ?? []);
  const options: Option[] = propertyNames(result).map((name) => ["--property", name]);
  const first: Property | undefined = properties[0];
  if (!first) return options;
  if (first.mode) options.push(["--mode", first.mode]);
  const drawn = Math.max(...properties.map((p) => (p.executions ?? 0) + (p.cut ?? 0)));
  if (drawn > 0) options.push(["--schedules", String(drawn)]);
  if (first.schedules !== undefined && first.violating !== undefined) options.push(["--count"]);
  else if (first.reduction && first.reduction !== "all")
    options.push(["--reduction", first.reduction]);
  if (result.threshold) options.push(["--threshold", result.threshold.pointer]);
  return options;
}

const replicatesOf = (results: Strategy[]) =>
  Math.max(0, ...results.map((of) => of.replicates ?? 0));

// As an option takes it.
function durationOf(us: number): string {
  if (us % 1e6 === 0) return `${us / 1e6}s`;
  return us % 1e3 === 0 ? `${us / 1e3}ms` : `${us}us`;
}

function ofTraffic(result: Result): Option[] {
  const options: Option[] = [];
  const replicates = replicatesOf([...result.results, ...(result.points?.[0]?.results ?? [])]);
  if (replicates > 0) options.push(["--replicates", String(replicates)]);
  if (result.baseline !== undefined) options.push(["--baseline", result.baseline]);
  const series = result.results.find((of) => of.series)?.series;
  if (series && result.kind === "run") options.push(["--series", durationOf(series.bucket_us)]);
  return options;
}

// As a range where the values are spaced evenly, else one by one.
function ofSweep(result: Result): Option[] {
  const ranges = (result.axes ?? []).map(
    ({ pointer, values, scale, numbers }): Option => [
      "--sweep",
      evenlySpaced(numbers, scale) && values.length > 2
        ? `${pointer}=${values[0]!}..${values.at(-1)!}:${scale}:${values.length}`
        : `${pointer}=${values.join(",")}`,
    ],
  );
  const metrics = (result.shown_metrics ?? []).map((name): Option => ["--metric", name]);
  return [...ranges, ...metrics];
}

function evenlySpaced(numbers: number[] | undefined, scale: "log" | "lin"): boolean {
  if (!numbers || numbers.length < 2) return false;
  const at = scale === "log" ? numbers.map(Math.log) : numbers;
  const step = (at.at(-1)! - at[0]!) / (at.length - 1);
  return at.every((value, i) => Math.abs(value - at[0]! - i * step) <= Math.abs(step) * 0.05);
}

const lineMax = 92;

// In lines that a shell joins again; an option is not torn from its value.
function written(words: string[], options: Option[]): string {
  const lines = [words.join(" ")];
  for (const option of options) {
    const text = option.map(quoted).join(" ");
    const longer = `${lines.at(-1)!} ${text}`;
    if (longer.length <= lineMax) lines[lines.length - 1] = longer;
    else lines.push(`  ${text}`);
  }
  return lines.join(" \\\n");
}

const page = (name: string): Option[] => [
  ["--format", "html"],
  ["-o", name],
];

/// Of one scenario, in the file scenario.json.
export function commandOf(result: Result): string {
  const options: Option[] = strategies(result);
  if (result.kind === "search" || result.kind === "fuzz") options.push(...ofSearch(result));
  const pauses = result.results.some((of) => of.properties?.some((p) => p.pauses));
  if (pauses) options.push(["--pauses"]);
  options.push(...ofSweep(result));
  if (result.drawn !== undefined) options.push(["--cases", String(result.drawn)]);
  options.push(...ofTraffic(result), ["--seed", String(result.seed)], ...page("report.html"));
  return written(["cacherace", result.kind, "scenario.json"], options);
}

/// Of several scenarios, in the files 1.json, 2.json, …
export function commandOfAll({ comparisons }: Comparisons): string {
  const files = comparisons.map((_, index) => `${index + 1}.json`);
  const options: Option[] = [];
  const replicates = Math.max(...comparisons.map((result) => replicatesOf(result.results)));
  if (replicates > 0) options.push(["--replicates", String(replicates)]);
  const seeds = new Set(comparisons.map((result) => result.seed));
  if (seeds.size === 1) options.push(["--seed", String([...seeds][0]!)]);
  return written(["cacherace", "compare", ...files], [...options, ...page("report.html")]);
}

/// Of a counterexample, in the file race.json.
export function commandOfReplay({ realigned }: Replay): string {
  const seed: Option[] = realigned ? [["--seed", String(realigned.seed)]] : [];
  return written(["cacherace", "replay", "race.json"], [...seed, ...page("race.html")]);
}
