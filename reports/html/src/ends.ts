// What a sweep comes to, as a table: each metric at both ends of the range and at its knee.

import { h } from "./dom";
import { intervalText, meanText } from "./estimates";
import { labelOf } from "./metrics";
import type { Result, Strategy } from "./result";
import { settingName } from "./settings";

interface Line {
  name: string; // the strategy, with the value of the second setting where there is one
  at: Map<string, Strategy>; // by the value of the first setting
}

function linesOf(result: Result): Line[] {
  const lines = new Map<string, Line>();
  for (const point of result.points ?? [])
    for (const of of point.results) {
      const name = [of.strategy, ...point.at.slice(1)].join(", ");
      const line = lines.get(name) ?? { name, at: new Map<string, Strategy>() };
      line.at.set(point.at[0]!, of);
      lines.set(name, line);
    }
  return [...lines.values()];
}

function cell(metric: string, of: Strategy | undefined, at?: string): HTMLTableCellElement {
  const text = of && meanText(metric, of);
  if (!of || text === undefined) return h("td.right.none", {}, "–");
  const interval = intervalText(metric, of);
  return h(
    "td.right",
    {},
    text,
    interval && h("span.interval", {}, ` ${interval}`),
    at !== undefined && h("span.below", {}, `at ${at}`),
  );
}

/// Undefined where the result is not of a sweep.
export function ends(result: Result): HTMLElement | undefined {
  const axis = result.axes?.[0];
  if (!axis) return undefined;
  const [first, last] = [axis.values[0]!, axis.values.at(-1)!];
  const lines = linesOf(result);
  const knees = result.knees ?? [];
  const rows = (result.shown_metrics ?? []).flatMap((metric) =>
    lines.map((line) => {
      const knee = knees.find((k) => k.metric === metric && line.name === k.strategy)?.at;
      return h(
        "tr",
        {},
        h("th.left", { scope: "row" }, labelOf(metric)),
        lines.length > 1 && h("td.left", {}, line.name),
        cell(metric, line.at.get(first)),
        knees.length > 0 && cell(metric, knee === undefined ? undefined : line.at.get(knee), knee),
        cell(metric, line.at.get(last)),
      );
    }),
  );
  const second = result.axes?.[1];
  const lineHead = second ? `strategy, ${settingName(second.pointer)}` : "strategy";
  const heads: [string, string][] = [
    ["left", "metric"],
    ...(lines.length > 1 ? ([["left", lineHead]] as [string, string][]) : []),
    ["right", `at ${first}`],
    ...(knees.length > 0 ? ([["right", "at its knee"]] as [string, string][]) : []),
    ["right", `at ${last}`],
  ];
  return h(
    "div.scroll",
    { tabindex: 0, role: "region", "aria-label": "Both ends of the range" },
    h(
      "table.dense.ends",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...heads.map(([side, head]) => h(`th.${side}` as "th", { scope: "col" }, head)),
        ),
      ),
      h("tbody", {}, ...rows),
    ),
  );
}
