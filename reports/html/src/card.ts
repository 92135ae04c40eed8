// The recommended strategy: what it reaches against the next one, and what can still go wrong.

import type { ColorOf } from "./colors";
import { h } from "./dom";
import { clearlyBetter, intervalText, meanText } from "./estimates";
import { whyNot, whatElse } from "./answer";
import { directionOf, labelOf } from "./metrics";
import { asWritten } from "./limits";
import { levelOf, meanOf, type Property, type Result, type Strategy } from "./result";
import { list, percent, plain } from "./units";
import { worstText } from "./verdicts";

const figuresMax = 3;
const factorMax = 1000; // beyond, a factor says no more

type Recommendation = NonNullable<Result["recommendation"]>;

const named = (result: Result, name: string | null | undefined) =>
  result.results.find((of) => of.strategy === name);

/// What the recommended strategy is compared with: the runner-up where the result names one, else the
/// baseline, else the only other strategy.
function other(result: Result, chosen: Strategy): { strategy: Strategy; role: string } | undefined {
  const { runner_up } = result.recommendation!;
  const runnerUp = named(result, runner_up);
  if (runnerUp) return { strategy: runnerUp, role: "the runner-up" };
  const baseline = named(result, result.baseline);
  if (baseline && baseline !== chosen) return { strategy: baseline, role: "the baseline" };
  const rest = result.results.filter((of) => of !== chosen);
  return rest.length === 1 ? { strategy: rest[0]!, role: "the other strategy" } : undefined;
}

// How much two values differ, as a factor; where one of them is 0, by more than any other pair.
function factor(metric: string, a: Strategy, b: Strategy): number {
  const [less, more] = [levelOf(a, metric)!, levelOf(b, metric)!].sort((x, y) => x - y);
  return less === more ? 1 : less === 0 ? Infinity : more! / less!;
}

/// The three metrics that decide or differ most: the load, and of the others by which strategies are
/// compared, or which the goal names, those that differ clearly and by the largest factor.
function figuresOf(result: Result, chosen: Strategy, against: Strategy | undefined): string[] {
  const { front } = result;
  const compared = front
    ? [front.error_metric, front.load_metric, front.staleness_metric, front.latency_metric]
    : [];
  const goal = (result.goal ?? []).map((term) => term.name);
  const candidates = [...new Set([...compared, ...goal, "hit_ratio"])].filter(
    (metric) => levelOf(chosen, metric) !== null,
  );
  const load = front?.load_metric;
  const weight = (metric: string) => {
    if (metric === load) return Infinity;
    const same = levelOf(chosen, metric) === 0 ? -1 : 0;
    if (!against || levelOf(against, metric) === null) return same;
    const size = Math.min(factor(metric, chosen, against), 1e12);
    if (size === 1) return same;
    return clearlyBetter(metric, chosen, against) === 0 ? size / 1e12 : size;
  };
  const taken = [...candidates]
    .map((metric, rank) => ({ metric, rank, weight: weight(metric) }))
    .sort((a, b) => (a.weight === b.weight ? a.rank - b.rank : b.weight > a.weight ? 1 : -1))
    .slice(0, figuresMax)
    .map(({ metric }) => metric);
  return candidates.filter((metric) => taken.includes(metric));
}

// "37 × less", "12 % more".
function sizeText(size: number, more: boolean): string {
  const word = more ? "more" : "less";
  if (size === Infinity) return word;
  if (size >= factorMax) return `over ${plain(factorMax)}\u00a0× ${word}`;
  if (size >= 1.95) return `${plain(size, 2)}\u00a0× ${word}`;
  return `${percent(more ? size - 1 : 1 - 1 / size, 2)} ${word}`;
}

function differenceText(metric: string, chosen: Strategy, against: Strategy): HTMLElement {
  const better = clearlyBetter(metric, chosen, against);
  if (better === 0) {
    const same = levelOf(chosen, metric) === levelOf(against, metric);
    return h("span.same", {}, same ? "the same" : "no clear difference");
  }
  const more = better * directionOf(metric) > 0;
  const [kind, sign] = better > 0 ? (["better", "✓"] as const) : (["worse", "✗"] as const);
  return h(
    `span.${kind}`,
    {},
    h("span", { "aria-hidden": "true" }, `${sign} `),
    sizeText(factor(metric, chosen, against), more),
    h("span.sr-only", {}, `, ${kind}`),
  );
}

function figure(
  result: Result,
  metric: string,
  chosen: Strategy,
  against: Strategy | undefined,
): HTMLElement {
  const term = (result.goal ?? []).find(
    (each) => each.name === metric && each.strategy === chosen.strategy,
  );
  const interval = intervalText(metric, chosen);
  const otherText = against && meanText(metric, against);
  return h(
    "div.figure",
    {},
    h("dt", {}, labelOf(metric)),
    h(
      "dd",
      {},
      h("span.value", {}, meanText(metric, chosen)),
      interval && h("span.interval", {}, ` ${interval}`),
      otherText !== undefined &&
        h(
          "span.against",
          {},
          `${against!.strategy}: ${otherText} `,
          differenceText(metric, chosen, against!),
        ),
      term && h("span.against", {}, `the goal: ${asWritten(result, term)}`),
    ),
  );
}

const are = (names: string[], one: string, many: string) => (names.length === 1 ? one : many);

function ofProperties(properties: Property[]): string[] {
  const of = (verdict: Property["verdict"]) => properties.filter((p) => p.verdict === verdict);
  const names = (all: Property[]) => all.map((p) => p.name);
  const [violated, open, vacuous] = [of("violated"), of("clean-so-far"), of("vacuous")];
  const worst = violated.map((p) => {
    const text = worstText(p);
    return text ? `${p.name} (${text})` : p.name;
  });
  const sentences: string[] = [];
  if (violated.length > 0)
    sentences.push(`${list(worst)} ${are(worst, "is", "are")} violated in the race.`);
  if (open.length > 0)
    sentences.push(
      `${list(names(open))} ${are(names(open), "is", "are")} not proven: the search ended early.`,
    );
  if (vacuous.length > 0 && vacuous.length < properties.length)
    sentences.push(
      `The race never reaches what ${list(names(vacuous))} ${are(names(vacuous), "is", "are")} about.`,
    );
  if (vacuous.length > 0 && vacuous.length === properties.length)
    sentences.push("The race never reaches what its properties are about.");
  return sentences;
}

/// What can still go wrong with the strategy, as far as the result knows.
function risks(result: Result, chosen: Strategy, against: Strategy | undefined): string[] {
  const { front } = result;
  const sentences = ofProperties(chosen.properties ?? []);
  const terms = [...(result.goal ?? []), ...(result.expectations ?? [])].filter(
    (term) => term.strategy === chosen.strategy && !term.met,
  );
  const missed = [
    ...new Set(terms.map((t) => `${t.name} is ${t.found}, not ${asWritten(result, t)}`)),
  ];
  if (missed.length > 0) sentences.push(`It misses: ${missed.join("; ")}.`);
  if (front && (meanOf(chosen, front.error_metric) ?? 0) > 0)
    sentences.push(`${meanText(front.error_metric, chosen)!} of its requests fail.`);
  const both = (metric: string) =>
    against && levelOf(chosen, metric) !== null && levelOf(against, metric) !== null;
  const costs = (front ? [front.load_metric, front.staleness_metric, front.latency_metric] : [])
    .filter((metric) => both(metric) && clearlyBetter(metric, chosen, against!) < 0)
    .map(
      (metric) =>
        `${labelOf(metric)} ${meanText(metric, chosen)!} instead of ${meanText(metric, against!)!}`,
    );
  if (costs.length > 0) sentences.push(`It costs: ${costs.join("; ")}.`);
  return sentences;
}

function nothingWrong(chosen: Strategy): string {
  const properties = chosen.properties ?? [];
  return properties.length > 0 && properties.every((p) => p.verdict === "proven")
    ? "Nothing in this race: every property is proven within its bounds. " +
        "Other races were not searched."
    : "Nothing that was measured.";
}

interface ScenarioText {
  strategies?: Record<string, { read?: unknown }>;
}

/// Whether the strategy reads the row and never the cache.
function readsDirectly(result: Result, strategy: string): boolean {
  if (!result.scenario.text) return false;
  const { strategies } = JSON.parse(result.scenario.text) as ScenarioText;
  return strategies?.[strategy]?.read === "direct";
}

function eyebrow(result: Result, { strategy }: Recommendation): string {
  if (strategy === null) return "No strategy meets the goal; this one comes closest";
  if (readsDirectly(result, strategy)) return "Recommended: do not cache this";
  return "Recommended";
}

// Where the result does not name the strategy that comes closest, other than in its sentences.
function none({ says, others }: Recommendation): HTMLElement {
  const [first, ...rest] = says;
  return h(
    "section.answer.card.missed",
    { "aria-labelledby": "answer" },
    h("h2", { id: "answer", "data-short": "Answer", tabindex: -1 }, first),
    ...rest.map((sentence) => h("p.lead", {}, sentence)),
    whyNot("Why none of them", others),
  );
}

export function card(result: Result, color: ColorOf): HTMLElement | undefined {
  const { recommendation } = result;
  if (!recommendation) return undefined;
  const chosen = named(result, recommendation.strategy ?? recommendation.closest);
  if (!chosen) return none(recommendation);
  const against = other(result, chosen);
  const wrong = risks(result, chosen, against?.strategy);
  const [first, ...rest] = recommendation.says;
  return h(
    `section.answer.card${recommendation.strategy === null ? ".missed" : ""}` as "section",
    { "aria-labelledby": "answer" },
    h("p.eyebrow", {}, eyebrow(result, recommendation)),
    h(
      "h2",
      { id: "answer", "data-short": "Answer", tabindex: -1 },
      h("span.swatch", { style: `background: ${color(chosen.strategy)}`, "aria-hidden": "true" }),
      chosen.strategy,
    ),
    h("p.lead", {}, first),
    h(
      "dl.figures",
      {},
      ...figuresOf(result, chosen, against?.strategy).map((metric) =>
        figure(result, metric, chosen, against?.strategy),
      ),
    ),
    against && h("p.hint", {}, `Compared with “${against.strategy.strategy}”, ${against.role}.`),
    h(
      "p.risk",
      {},
      h("strong", {}, "What can still go wrong: "),
      wrong.length > 0 ? wrong.join(" ") : nothingWrong(chosen),
    ),
    whatElse(rest, recommendation.others),
  );
}
