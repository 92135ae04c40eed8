// The answer, in two sentences.

import { h } from "./dom";
import { formatOf, labelOf } from "./metrics";
import { meanOf, propertyNames, type Result, type Strategy, type Verdict } from "./result";
import { settingName } from "./settings";
import { list, plural, tickTime } from "./units";

function under(result: Result, verdict: Verdict): { strategy: string; names: string[] }[] {
  return result.results
    .map((of) => ({
      strategy: of.strategy,
      names: (of.properties ?? []).filter((p) => p.verdict === verdict).map((p) => p.name),
    }))
    .filter((of) => of.names.length > 0);
}

const quoted = (strategy: string) => `“${strategy}”`;

function bySearch(result: Result): string[] {
  const judged = result.results.filter((of) => (of.properties ?? []).length > 0);
  if (judged.length === 0) return [];
  const violated = under(result, "violated");
  const clean = judged.filter((of) => !violated.some((other) => other.strategy === of.strategy));
  const one = propertyNames(result).length === 1 ? propertyNames(result)[0]! : undefined;
  const sentences: string[] = [];
  if (violated.length > 0) {
    const who = violated.map((of) =>
      one ? quoted(of.strategy) : `${quoted(of.strategy)} (${of.names.join(", ")})`,
    );
    const share = `${violated.length} of ${plural(judged.length, "strategy", "strategies")}`;
    const what = one ? `The property ${one}` : "At least one property";
    const all = violated.length === judged.length && one;
    sentences.push(
      all
        ? `${what} can be violated under ${judged.length === 1 ? who[0]! : "every strategy"}.`
        : `${what} can be violated under ${share}: ${list(who)}.`,
    );
  }
  if (clean.length > 0) sentences.push(ofClean(clean, one));
  return sentences;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function ofClean(clean: Strategy[], one: string | undefined): string {
  const of = (verdict: Verdict) =>
    clean.filter((each) => each.properties!.every((p) => p.verdict === verdict));
  const proven = of("proven");
  const names = (strategies: Strategy[]) => list(strategies.map((each) => quoted(each.strategy)));
  const rest = clean.filter((each) => !proven.includes(each));
  const parts: string[] = [];
  if (proven.length > 0)
    parts.push(
      `${one ?? "every property"} is proven, within the bounds of the race, for ${names(proven)}`,
    );
  if (rest.length > 0) {
    const open = one ? `${one} is not` : "not every property is";
    parts.push(`no violation was found for ${names(rest)}, but ${open} proven there`);
  }
  const text = `${parts.join("; ")}.`;
  return one && proven.length > 0 ? `It${text.slice(one.length)}` : capital(text);
}

function byThreshold(result: Result): string[] {
  const found = result.threshold;
  if (!found) return [];
  const holds = `${found.pointer} = ${tickTime(found.holds_us, 9)}`;
  return [`The property holds with ${holds} and fails at ${tickTime(found.violated_us, 9)}.`];
}

function byTraffic(result: Result): string[] {
  const measured = result.results.filter((of) => meanOf(of, "db_qps_peak") !== null);
  if (measured.length === 0) return [];
  const peak = (of: Strategy) => meanOf(of, "db_qps_peak")!;
  const sorted = [...measured].sort((a, b) => peak(a) - peak(b));
  const text = (of: Strategy) => `${formatOf("db_qps_peak")(peak(of))} queries/s`;
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const hits = meanOf(least, "hit_ratio");
  const also =
    hits === null ? "" : `, with a ${labelOf("hit_ratio")} of ${formatOf("hit_ratio")(hits)}`;
  if (measured.length === 1)
    return [`${quoted(least.strategy)} has a peak database load of ${text(least)}${also}.`];
  return [
    `${quoted(least.strategy)} has the lowest peak database load: ${text(least)}${also}; ` +
      `${quoted(most.strategy)} has the highest: ${text(most)}.`,
  ];
}

function byExpectations(result: Result): string[] {
  const all = result.expectations ?? [];
  if (all.length === 0) return [];
  const unmet = all.filter((expected) => !expected.met);
  if (unmet.length === 0)
    return [
      all.length === 1 ? "The expectation is met." : `All ${all.length} expectations are met.`,
    ];
  const missed = unmet.filter((expected) => !expected.undecided).length;
  const verb = (of: number) => (of === 1 ? "is" : "are");
  const whole = plural(all.length, "expectation");
  const undecided = unmet.length - missed;
  if (missed === 0) return [`${undecided} of ${whole} ${verb(undecided)} undecided.`];
  const more = undecided > 0 ? `, ${undecided} ${verb(undecided)} undecided` : "";
  return [`${missed} of ${whole} ${verb(missed)} not met${more}.`];
}

function bySweep(result: Result): string[] {
  const axis = result.axes?.[0];
  if (!axis) return [];
  const ranges = result.axes!.map(
    ({ pointer, values }) => `${settingName(pointer)} from ${values[0]!} to ${values.at(-1)!}`,
  );
  const range = list(ranges);
  if (ranges.length > 1) return [`Over ${range}: ${plural(result.points?.length ?? 0, "point")}.`];
  const bends = new Map<string, string[]>(); // names by place
  for (const knee of result.knees ?? []) {
    const several = (result.points?.[0]?.results.length ?? 0) > 1;
    const name = several
      ? `${labelOf(knee.metric)} of ${quoted(knee.strategy)}`
      : labelOf(knee.metric);
    bends.set(knee.at, [...(bends.get(knee.at) ?? []), name]);
  }
  if (bends.size === 0) return [`Over ${range}, no curve has a knee.`];
  const order = [...axis.values].filter((value) => bends.has(value));
  const where = order.map((at) => `${list(bends.get(at)!)} at ${at}`).join("; ");
  return [`Over ${range}, the curves turn: ${where}.`];
}

/// The sentences that sum up the result, the most important first.
export function sentences(result: Result): string[] {
  const said = [...bySweep(result), ...byThreshold(result), ...bySearch(result)];
  if (said.length === 0) said.push(...byTraffic(result));
  return [...said, ...byExpectations(result)];
}

/// Why the other strategies were not taken, folded.
export function whyNot(
  summary: string,
  others: { strategy: string; because: string }[],
): HTMLElement | undefined {
  if (others.length === 0) return undefined;
  return h("details", {}, h("summary", {}, summary), becauseList(others));
}

function becauseList(others: { strategy: string; because: string }[]): HTMLElement {
  return h(
    "dl.because",
    {},
    ...others.flatMap((other) => [h("dt", {}, other.strategy), h("dd", {}, other.because)]),
  );
}

/// The sentences after the first one, and why not the others, folded.
export function whatElse(
  says: string[],
  others: { strategy: string; because: string }[],
): HTMLElement | undefined {
  if (says.length + others.length === 0) return undefined;
  const summary = others.length > 0 ? "The reasons, and why not the others" : "The reasons";
  return h(
    "details",
    {},
    h("summary", {}, summary),
    ...says.map((sentence) => h("p", {}, sentence)),
    others.length > 0 && becauseList(others),
  );
}

/// The answer of a result without a recommendation.
export function answer(result: Result): HTMLElement | undefined {
  const [first, ...rest] = sentences(result);
  if (!first) return undefined;
  return h(
    "section.answer",
    { "aria-labelledby": "answer" },
    h("h2.sr-only", { id: "answer", "data-short": "Answer", tabindex: -1 }, "The answer"),
    h("p.lead", {}, first),
    ...rest.map((sentence) => h("p", {}, sentence)),
  );
}
