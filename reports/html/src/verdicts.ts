// The verdict table: each strategy with what can go wrong under it and what it costs.

import type { ColorOf } from "./colors";
import { h } from "./dom";
import { differsClearly, intervalText, meanText } from "./estimates";
import { asWritten } from "./limits";
import { directionOf, labelOf, mainMetrics } from "./metrics";
import {
  levelOf,
  propertyNames,
  type Expectation,
  type Property,
  type Result,
  type Strategy,
  type Verdict,
} from "./result";
import { sortable, type Column } from "./sortable";
import { count, plural, tickTime } from "./units";

const marks: Record<Verdict, { sign: string; words: string; rank: number }> = {
  violated: { sign: "✗", words: "violated", rank: 3 },
  vacuous: { sign: "○", words: "vacuous", rank: 2 },
  "clean-so-far": { sign: "◐", words: "clean so far", rank: 1 },
  proven: { sign: "✓", words: "proven", rank: 0 },
};

export function worstText({ worst }: Property): string | undefined {
  if (!worst) return undefined;
  if (worst.unbounded) return "at worst unbounded";
  const soFar = worst.so_far ? " so far" : "";
  if (worst.value_us != null) return `at worst ${tickTime(worst.value_us, 9)}${soFar}`;
  return worst.value != null ? `at worst ${count(worst.value)}${soFar}` : undefined;
}

function pausesText({ pauses }: Property): string | undefined {
  if (!pauses) return undefined;
  if (pauses.any) return "holds for any pause";
  if (pauses.longest_us === null) return "holds for no pause";
  if (pauses.longest_us === 0) return "holds only without pauses";
  return `for pauses up to ${tickTime(pauses.longest_us, 6)}`;
}

function visitedText(property: Property): string {
  const { cases, states, schedules, executions, violating } = property;
  if (cases) {
    const races = Object.values(cases).reduce((sum, of) => sum + of, 0);
    return `${cases.violated.toLocaleString("en-US")} of ${plural(races, "race")} violated`;
  }
  const counted =
    schedules !== undefined
      ? plural(schedules, "schedule")
      : executions !== undefined
        ? plural(executions, "execution")
        : plural(states ?? 0, "state");
  return violating === undefined
    ? counted
    : `${counted}, ${violating.toLocaleString("en-US")} violating`;
}

function verdictCell(property: Property | undefined): HTMLTableCellElement {
  if (!property) return h("td.left.none", {}, "–");
  const mark = marks[property.verdict];
  return h(
    "td.left",
    {},
    h(
      `span.verdict.${property.verdict}`,
      {},
      h("span", { "aria-hidden": "true" }, mark.sign),
      ` ${mark.words}`,
    ),
    h("span.below", {}, worstText(property)?.replaceAll(" ", "\u00a0") ?? visitedText(property)),
    ...(property.pauses ? [h("span.below", {}, pausesText(property))] : []),
  );
}

function verdictKey(property: Property | undefined): number | null {
  if (!property) return null;
  const worst = property.worst;
  const size = worst?.unbounded ? 1e30 : (worst?.value_us ?? worst?.value ?? 0);
  return marks[property.verdict].rank + (size / (size + 1)) * 0.9;
}

// The best strategies of a metric: the one with the best mean, and those that are not clearly worse.
// None where that would be all of them, or where neither direction is better.
function bestOf(result: Result, metric: string): Set<Strategy> {
  const direction = directionOf(metric);
  const measured = result.results.filter((of) => levelOf(of, metric) !== null);
  if (direction === 0 || measured.length < 2) return new Set();
  const first = measured.reduce((a, b) =>
    direction * (levelOf(b, metric)! - levelOf(a, metric)!) > 0 ? b : a,
  );
  const best = measured.filter((of) => !differsClearly(metric, of, first));
  return new Set(best.length < measured.length ? best : []);
}

function metricColumn(result: Result, metric: string): Column<Strategy> {
  const best = bestOf(result, metric);
  const definition = result.definitions?.metrics[metric]?.says;
  return {
    head: labelOf(metric),
    title: definition ? `${metric}: ${definition}` : metric,
    align: "right",
    key: (of) => levelOf(of, metric),
    cell: (of) => {
      const text = meanText(metric, of);
      if (text === undefined) return h("td.right.none", {}, "–");
      return h(
        "td.right",
        {},
        best.has(of) ? h("b", {}, text) : text,
        h("span.below", {}, intervalText(metric, of) ?? "\u00a0"),
      );
    },
  };
}

function propertyColumn(result: Result, name: string): Column<Strategy> {
  const of = (strategy: Strategy) => strategy.properties?.find((p) => p.name === name);
  return {
    head: name,
    title: result.definitions?.properties[name],
    key: (strategy) => verdictKey(of(strategy)),
    cell: (strategy) => verdictCell(of(strategy)),
  };
}

function tags(result: Result, strategy: string): string[] {
  const all: string[] = [];
  if (result.recommendation?.strategy === strategy) all.push("recommended");
  if (result.baseline === strategy) all.push("baseline");
  return all;
}

function strategyColumn(result: Result, color: ColorOf): Column<Strategy> {
  return {
    head: "Strategy",
    key: (of) => of.strategy,
    cell: (of) =>
      h(
        "td.left.name",
        {},
        h("span.swatch", { style: `background: ${color(of.strategy)}`, "aria-hidden": "true" }),
        of.strategy,
        h(
          "span.tags",
          {},
          ...tags(result, of.strategy).map((tag) => h(`span.tag.${tag}`, {}, tag)),
        ),
      ),
  };
}

function missedOfGoal(result: Result, strategy: string): Expectation[] {
  return (result.goal ?? []).filter((term) => term.strategy === strategy && !term.met);
}

function goalColumn(result: Result): Column<Strategy> {
  return {
    head: "goal",
    title: "Whether the strategy meets the scenario's goal",
    key: (of) => missedOfGoal(result, of.strategy).length,
    cell: (of) => {
      const missed = missedOfGoal(result, of.strategy);
      if (missed.length === 0) return h("td.left", {}, h("span.verdict.proven", {}, "✓ met"));
      const first = missed[0]!;
      return h(
        "td.left.goal",
        {},
        h("span.verdict.violated", {}, "✗ not met"),
        h("span.below", {}, `${first.name} ${first.found}, not ${asWritten(result, first)}`),
      );
    },
  };
}

/// The table of the first look.
export function verdictTable(result: Result, color: ColorOf): HTMLElement {
  const columns = [
    strategyColumn(result, color),
    ...propertyNames(result).map((name) => propertyColumn(result, name)),
    ...mainMetrics(result).map((metric) => metricColumn(result, metric)),
  ];
  if (result.goal?.length) columns.splice(1, 0, goalColumn(result));
  const recommended = (of: Strategy) => of.strategy === result.recommendation?.strategy;
  const table = sortable("Verdicts and costs of each strategy", columns, result.results, recommended);
  if (mainMetrics(result).length === 0) return table;
  return h(
    "div",
    {},
    table,
    h(
      "p.hint.key",
      {},
      "± is half of the 95 % confidence interval. Bold: " +
        "the best value and those that are not clearly worse, unless that is all of them.",
    ),
  );
}
