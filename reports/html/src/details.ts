// What the verdict table leaves out: every metric with its difference from the baseline, and what
// the scenario expects.

import { h } from "./dom";
import { intervalText, meanText, roundedText } from "./estimates";
import { asWritten } from "./limits";
import { directionOf, formatOf } from "./metrics";
import { metricNames, type Expectation, type Result, type Strategy } from "./result";
import { plural } from "./units";


function differenceText(metric: string, of: Strategy): HTMLElement | undefined {
  const difference = of.differences?.[metric];
  if (difference?.mean == null || difference.mean === 0) return undefined;
  const sign = difference.mean > 0 ? "+" : "";
  const clear = difference.ci95 && difference.ci95[0] * difference.ci95[1] > 0;
  const direction = directionOf(metric) * Math.sign(difference.mean);
  const judged = !clear || direction === 0 ? "" : direction > 0 ? ".better" : ".worse";
  const arrow = judged === ".better" ? " better" : judged === ".worse" ? " worse" : "";
  return h(`span.below${judged}` as "span", {}, `${sign}${roundedText(difference, formatOf(metric))}${arrow}`);
}

function metricCell(metric: string, of: Strategy): HTMLTableCellElement {
  const text = meanText(metric, of);
  if (text === undefined) return h("td.right.none", {}, "–");
  const interval = intervalText(metric, of);
  return h(
    "td.right",
    {},
    text,
    interval && h("span.interval", {}, ` ${interval}`),
    differenceText(metric, of),
  );
}

/// Every metric of every strategy; the strategies side by side.
export function allMetrics(result: Result): HTMLElement | undefined {
  const names = metricNames(result);
  if (names.length === 0) return undefined;
  const strategies = result.results.filter((of) => Object.keys(of.metrics ?? {}).length > 0);
  const replicates = Math.max(...strategies.map((of) => of.replicates ?? 0));
  const differences = strategies.some((of) => of.differences);
  const rows = names.map((name) =>
    h(
      "tr",
      {},
      h("th.left", { scope: "row", title: result.definitions?.metrics[name]?.says }, h("code", {}, name)),
      ...strategies.map((of) => metricCell(name, of)),
    ),
  );
  const heads = strategies.map((of) => h("th.right", { scope: "col" }, of.strategy));
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      differences
        ? `All ${names.length} metrics, and the differences from “${result.baseline!}”`
        : `All ${names.length} metrics`,
    ),
    h(
      "p.hint",
      {},
      `Means over ${plural(replicates, "replicate")}, ± half of the 95 % confidence interval.`,
      differences &&
        " Below: the difference from the baseline, paired by seed; “better” and “worse” " +
          "where its interval excludes 0.",
    ),
    h(
      "div.scroll",
      { tabindex: 0, role: "region", "aria-label": "All metrics" },
      h(
        "table.dense",
        {},
        h("thead", {}, h("tr", {}, h("th.left", { scope: "col" }, "metric"), ...heads)),
        h("tbody", {}, ...rows),
      ),
    ),
  );
}

function expectationRow(result: Result, expected: Expectation): HTMLTableRowElement {
  const verdict = expected.met
    ? h("span.verdict.proven", {}, "✓ met")
    : expected.undecided
      ? h("span.verdict.clean-so-far", {}, "◐ undecided")
      : h("span.verdict.violated", {}, "✗ not met");
  return h(
    "tr",
    {},
    h("td.left", {}, verdict),
    h("td.left", {}, expected.strategy),
    h("td.left", {}, h("code", {}, expected.name)),
    h("td.left", {}, asWritten(result, expected)),
    h("td.left", {}, expected.found),
  );
}

/// What the scenario expects, and what there was; open where something is not met.
export function expectations(result: Result): HTMLElement | undefined {
  const all = result.expectations ?? [];
  if (all.length === 0) return undefined;
  const unmet = all.filter((expected) => !expected.met);
  const undecided = unmet.filter((expected) => expected.undecided).length;
  const open = undecided > 0 ? `, ${undecided} undecided` : "";
  const heads = ["", "strategy", "name", "expected", "found"];
  return h(
    "details",
    { open: unmet.length > 0 },
    h(
      "summary",
      {},
      `Expectations: ${all.length - unmet.length} met, ${unmet.length - undecided} not met${open}`,
    ),
    h(
      "div.scroll",
      { tabindex: 0, role: "region", "aria-label": "Expectations" },
      h(
        "table.dense",
        {},
        h("thead", {}, h("tr", {}, ...heads.map((head) => h("th.left", { scope: "col" }, head)))),
        h("tbody", {}, ...[...unmet, ...all.filter((e) => e.met)].map((each) => expectationRow(result, each))),
      ),
    ),
  );
}
