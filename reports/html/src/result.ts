// The result that a report renders: what `cacherace schema result` describes. Times are in
// microseconds; what a command does not know is left out or null.

export type Kind = "search" | "run" | "compare" | "fuzz" | "sweep";
export type Verdict = "violated" | "proven" | "clean-so-far" | "vacuous";
export type Interval = [low: number, high: number];

export interface Estimate {
  mean: number | null;
  ci95: Interval | null;
  endless?: true; // in some replicate; the mean is null then
}

export interface Standing {
  cache: Record<string, string>; // by key; what is absent is left out
  locals?: Record<string, Record<string, string>>; // the same, by local cache
  database: Record<string, string>;
  clients: Record<string, string>; // what each may do next
  places?: { client: string; line: string; code: string }[]; // of a script: where each goes on
}

export interface Step {
  client: string;
  operation?: string;
  effect: string;
  result: string;
  at_us?: number;
  local?: string; // which local cache it touches
  repeats?: number; // from 1: the earlier step that it is shown with, a look in vain
  line?: string; // of a script: where it stands, "cache.lua:7"
  code?: string; // the text of that line
  notes?: string[];
  state?: Standing;
}

export interface Counterexample {
  parties: { left: string[]; locals?: string[]; right: string[] }; // of cache and database
  steps: Step[];
  decisive?: number; // from 1
  says?: string;
  context_switches: number;
  minimal: boolean;
  needs?: Record<string, number>; // faults without which there is none
  contains?: Record<string, number>; // faults, needed or not
  arises_without?: boolean; // with fewer faults, the situation still comes up
  digest: string;
  file?: string;
}

export interface Property {
  name: string;
  verdict: Verdict;
  states?: number;
  zones?: number;
  schedules?: number;
  violating?: number;
  executions?: number;
  cut?: number;
  mode?: string;
  reduction?: string;
  cases?: Record<Verdict, number>; // of a fuzz: how many races had which verdict
  exhausted: boolean;
  pauses?: { any: boolean; longest_us: number | null };
  worst?: { value?: number | null; value_us?: number | null; unbounded: boolean; so_far: boolean };
  counterexample?: Counterexample;
  smallest?: SmallestVariant;
}

export interface SmallestVariant {
  race: string;
  durations: Record<string, string>; // by JSON pointer
  scenario: unknown;
}

export interface Curve {
  min?: (number | null)[];
  mean?: (number | null)[];
  max?: (number | null)[];
}

export interface Series {
  seed: number;
  from_us: number;
  warmup_us?: number;
  bucket_us: number;
  curves: Record<string, Curve>;
}

export type Distribution = [x: number, shareAbove: number][];

export interface Strategy {
  strategy: string;
  properties?: Property[];
  replicates?: number;
  digest?: string;
  metrics?: Record<string, Estimate>;
  differences?: Record<string, Estimate>; // from the baseline, paired by seed
  series?: Series;
  distributions?: Record<string, Distribution>;
}

export interface MetricDefinition {
  says: string;
  label: string;
  unit: "count" | "share" | "us" | "bytes" | "per second";
  better: "less" | "more" | "neither";
  shown: "first" | "if not zero" | "in full";
}

export interface Expectation {
  strategy: string;
  name: string;
  wanted: string; // "violated", ">= 90 %"
  found: string;
  met: boolean;
  undecided: boolean;
}

export interface Result {
  cacherace: string;
  kind: Kind;
  scenario: { title: string; digest: string; story?: string; source?: string; text?: string };
  seed: number;
  timing?: string;
  race?: string;
  notes?: string[];
  complete: boolean;
  drawn?: number; // cases of a fuzz
  threshold?: { pointer: string; holds_us: number; violated_us: number };
  results: Strategy[];
  expectations?: Expectation[];
  goal?: Expectation[];
  traffic?: {
    duration_us: number;
    warmup_us: number;
    incidents?: { at_us: number; says: string }[];
  };
  baseline?: string;
  front?: {
    error_metric: string;
    staleness_metric: string;
    load_metric: string;
    latency_metric: string;
    members: string[];
  };
  recommendation?: {
    strategy: string | null;
    runner_up?: string;
    closest?: string; // to the goal, where no strategy meets it
    says: string[];
    others: { strategy: string; because: string }[];
  };
  // Of a sweep:
  axes?: {
    pointer: string;
    scale: "log" | "lin";
    unit: string;
    values: string[];
    numbers?: number[];
  }[];
  shown_metrics?: string[];
  points?: { at: string[]; results: Strategy[] }[];
  knees?: { strategy: string; metric: string; at: string }[];
  definitions?: {
    metrics: Record<string, MetricDefinition>;
    properties: Record<string, string>;
  };
}

/// Several scenarios in one report.
export interface Comparisons {
  kind: "comparisons";
  complete: boolean;
  comparisons: Result[];
}

/// A saved counterexample, performed again.
export interface Replay {
  cacherace: string;
  kind: "replay";
  strategy: string;
  property: string;
  matches: boolean;
  divergence?: { step: number; says: string };
  clock_engine?: { repeated: boolean; why_not?: string }; // of steps with times
  realigned?: {
    matched: number;
    skipped: number;
    new: number;
    drawn: number;
    seed: number;
    complete: boolean;
    violated: boolean;
    counterexample: Counterexample;
  };
  counterexample: Counterexample;
}

/// The results that are shown together.
export function resultsOf(shown: Result | Comparisons): Result[] {
  return shown.kind === "comparisons" ? shown.comparisons : [shown];
}

/// What the program spliced into the page.
export function embedded(): Result | Comparisons | Replay {
  const text = document.getElementById("report-data")?.textContent ?? "";
  const shown = JSON.parse(text) as Result | Comparisons | Replay;
  if (shown.kind === "replay") return shown;
  for (const result of resultsOf(shown)) {
    (result as Partial<Result>).results ??= []; // it is left out where there are none
    result.scenario.story ??= storyIn(result.scenario.text);
  }
  return shown;
}

function storyIn(scenario: string | undefined): string | undefined {
  return scenario === undefined ? undefined : (JSON.parse(scenario) as { story?: string }).story;
}

/// How often each step is performed: 0 for one that is shown with an earlier one.
export function timesOf(shown: Counterexample): number[] {
  const times = shown.steps.map(() => 0);
  shown.steps.forEach(({ repeats }, index) => times[repeats ? repeats - 1 : index]!++);
  return times;
}

/// A finding, with what it was found under.
export interface Finding {
  strategy: string;
  property: Property;
  shown: Counterexample;
}

export function findings(result: Result): Finding[] {
  return result.results.flatMap((of) =>
    (of.properties ?? []).flatMap((property) =>
      property.counterexample
        ? [{ strategy: of.strategy, property, shown: property.counterexample }]
        : [],
    ),
  );
}

/// Names of the properties that were judged, in the order in which they first come up.
export function propertyNames(result: Result): string[] {
  return [...new Set(result.results.flatMap((of) => (of.properties ?? []).map((p) => p.name)))];
}

/// Names of the metrics that were measured, in the result's order.
export function metricNames(result: Result): string[] {
  return [...new Set(result.results.flatMap((of) => Object.keys(of.metrics ?? {})))];
}

export function meanOf(strategy: Strategy, metric: string): number | null {
  return strategy.metrics?.[metric]?.mean ?? null;
}

/// The mean, infinite where the metric is endless; null where it has no value.
export function levelOf(strategy: Strategy, metric: string): number | null {
  return strategy.metrics?.[metric]?.endless ? Infinity : meanOf(strategy, metric);
}
