// Several scenarios in one page: what to take for each, and the report of each behind its link.

import { footOfAll } from "./appendix";
import { h } from "./dom";
import { intervalText, meanText } from "./estimates";
import { labelOf } from "./metrics";
import { meanOf, type Comparisons, type Result } from "./result";
import { sortable, type Column } from "./sortable";
import { themeButton } from "./theme";
import { list, plural } from "./units";

const titleOf = (result: Result) => result.scenario.title || "Untitled scenario";
const overview = "overview";
const anchor = (index: number) => `scenario-${index + 1}`;

// A scenario with its number, from 0.
interface Row {
  result: Result;
  index: number;
}

const taken = ({ result }: Row) =>
  result.results.find((of) => of.strategy === result.recommendation?.strategy);

function takeCell({ result }: Row): HTMLTableCellElement {
  const { recommendation } = result;
  if (!recommendation) return h("td.left.none", {}, "interrupted");
  if (recommendation.strategy === null)
    return h("td.left", {}, h("span.verdict.violated", {}, "✗ none meets its budget"));
  return h("td.left.name", {}, recommendation.strategy);
}

function wrongCell(row: Row): HTMLTableCellElement {
  const properties = taken(row)?.properties ?? [];
  const violated = properties.filter((each) => each.verdict === "violated");
  if (violated.length > 0)
    return h(
      "td.left",
      {},
      h("span.verdict.violated", {}, "✗ violated"),
      h("span.below", {}, list(violated.map((each) => each.name))),
    );
  if (properties.length === 0) return h("td.left.none", {}, "–");
  const proven = properties.every((each) => each.verdict === "proven");
  return proven
    ? h("td.left", {}, h("span.verdict.proven", {}, "✓ proven"))
    : h("td.left", {}, h("span.verdict.clean-so-far", {}, "◐ not all proven"));
}

function missed({ result }: Row): number {
  return (result.expectations ?? []).filter((expected) => !expected.met).length;
}

function expectationsCell(row: Row): HTMLTableCellElement {
  const all = row.result.expectations?.length ?? 0;
  if (all === 0) return h("td.left.none", {}, "none");
  const undecided = (row.result.expectations ?? []).filter((e) => e.undecided).length;
  const wrong = missed(row) - undecided;
  const open = `◐ ${undecided} of ${all} undecided`;
  if (wrong > 0)
    return h(
      "td.left",
      {},
      h("span.verdict.violated", {}, `✗ ${wrong} of ${all} not met`),
      undecided > 0 && h("span.below", {}, open),
    );
  return undecided > 0
    ? h("td.left", {}, h("span.verdict.clean-so-far", {}, open))
    : h("td.left", {}, h("span.verdict.proven", {}, `✓ ${all} met`));
}

function metricColumn(metric: string): Column<Row> {
  return {
    head: labelOf(metric),
    title: `${metric} of the recommended strategy`,
    align: "right",
    key: (row) => {
      const of = taken(row);
      return of ? meanOf(of, metric) : null;
    },
    cell: (row) => {
      const of = taken(row);
      const text = of && meanText(metric, of);
      if (!of || text === undefined) return h("td.right.none", {}, "–");
      return h(
        "td.right",
        {},
        text,
        h("span.below", {}, intervalText(metric, of) ?? "\u00a0"),
      );
    },
  };
}

const columns = (): Column<Row>[] => [
  {
    head: "Scenario",
    key: ({ index }) => index,
    cell: ({ result, index }) =>
      h(
        "td.left.scenario",
        {},
        h("a", { href: `#${anchor(index)}` }, titleOf(result)),
        h("span.below", {}, result.scenario.story ?? ""),
      ),
  },
  { head: "Take", key: (row) => taken(row)?.strategy ?? null, cell: takeCell },
  { head: "Its properties", key: (row) => wrongCell(row).textContent, cell: wrongCell },
  metricColumn("db_qps_peak"),
  metricColumn("staleness_us_mean"),
  { head: "Expectations", key: missed, cell: expectationsCell },
];

function front(all: Comparisons): HTMLElement[] {
  const { comparisons, complete } = all;
  const rows = comparisons.map((result, index) => ({ result, index }));
  const without = rows.filter(({ result }) => result.recommendation?.strategy === null).length;
  const wrong = rows.filter((row) => missed(row) > 0).length;
  const facts = [
    without > 0 && `no strategy meets its budget in ${without}`,
    wrong > 0 && `expectations are not met in ${wrong}`,
  ].filter(Boolean);
  const header = h(
    "header",
    {},
    h(
      "div.title",
      {},
      h("h1", { tabindex: -1 }, `${plural(rows.length, "scenario")} compared`),
      themeButton(),
    ),
    h("p.story", {}, "The recommended strategy for each scenario; follow its name to its report."),
    facts.length > 0 && h("p.meta", {}, h("strong", {}, facts.join(" · "))),
    !complete &&
      h("p.notice", { role: "note" }, "Incomplete: not every scenario was compared."),
  );
  const table = sortable("The recommended strategy for each scenario", columns(), rows);
  return [header, h("section.scenarios", {}, table), footOfAll(all)];
}

function link(text: string, target: string | undefined, label: string): HTMLElement {
  return target === undefined
    ? h("span.none", { "aria-hidden": "true" }, text)
    : h("a", { href: `#${target}`, "aria-label": label }, text);
}

// To the overview, to any scenario, and to the ones beside the one that is shown.
function navigation({ comparisons }: Comparisons, shown: number): HTMLElement {
  const option = (value: string, text: string, selected: boolean) =>
    h("option", { value, selected }, text);
  const choice = h(
    "select",
    { "aria-label": "Scenario" },
    option(overview, `All ${plural(comparisons.length, "scenario")}`, shown < 0),
    ...comparisons.map((result, index) =>
      option(anchor(index), `${index + 1}. ${titleOf(result)}`, index === shown),
    ),
  );
  choice.addEventListener("change", () => (location.hash = choice.value));
  const beside = (index: number) => (comparisons[index] ? anchor(index) : undefined);
  return h(
    "nav.scenarios-nav",
    { "aria-label": "Scenarios" },
    link("← previous", shown < 0 ? undefined : (beside(shown - 1) ?? overview), "Previous"),
    choice,
    link("next →", beside(shown + 1), "Next"),
  );
}

// "#scenario-2/verdict": the second scenario, from its section "verdict" on.
function addressed(all: Comparisons): { shown: number; section: string | undefined } {
  const [scenario, section] = location.hash.slice(1).split("/");
  return { shown: all.comparisons.findIndex((_, index) => scenario === anchor(index)), section };
}

/// Shows in `root` the overview, or the scenario that the address names, as `report` makes it.
export function comparisons(
  root: HTMLElement,
  all: Comparisons,
  report: (result: Result, prefix: string) => HTMLElement[],
): void {
  const views = new Map<number, HTMLElement[]>(); // made when first shown
  const view = (shown: number) =>
    shown < 0 ? front(all) : report(all.comparisons[shown]!, `${anchor(shown)}/`);
  let before: number | undefined;
  const show = () => {
    const { shown, section } = addressed(all);
    if (shown !== before) {
      if (!views.has(shown)) views.set(shown, view(shown));
      root.replaceChildren(navigation(all, shown), ...views.get(shown)!);
    }
    const heading = section ? document.getElementById(section) : null;
    heading?.scrollIntoView();
    heading?.focus({ preventScroll: true });
    if (!heading && before !== undefined) {
      scrollTo(0, 0);
      root.querySelector<HTMLElement>("h1")?.focus();
    }
    before = shown;
  };
  show();
  window.addEventListener("hashchange", show);
}
