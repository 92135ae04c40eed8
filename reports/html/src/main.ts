// Puts the report together: the answer first, the evidence below it, the sources last.

import "./style.css";
import { answer } from "./answer";
import { definitions, foot, scenario } from "./appendix";
import { card } from "./card";
import { colorsOf } from "./colors";
import { comparisons } from "./comparisons";
import { counterexamples } from "./counterexamples";
import { allMetrics, expectations } from "./details";
import { distributions } from "./distributions";
import { h } from "./dom";
import { ends } from "./ends";
import { loadOverTime } from "./load";
import { pareto } from "./pareto";
import { learnMetrics } from "./metrics";
import { notes } from "./notes";
import { replay } from "./replay";
import { embedded, findings, resultsOf, type Result } from "./result";
import { sectionsNav } from "./sections";
import { sweep } from "./sweep";
import { themeButton } from "./theme";
import { hitRatioOverTime } from "./timelines";
import { moment, plural } from "./units";
import { verdictTable } from "./verdicts";

function facts(result: Result): string[] {
  const replicates = Math.max(0, ...result.results.map((of) => of.replicates ?? 0));
  return [
    result.kind,
    result.results.length > 0 ? plural(result.results.length, "strategy", "strategies") : "",
    result.points ? plural(result.points.length, "point") : "",
    result.timing ? `timing ${result.timing}` : "",
    replicates > 0 ? plural(replicates, "replicate") : "",
    result.traffic ? `${moment(result.traffic.duration_us)} of traffic` : "",
    `seed ${result.seed}`,
  ].filter(Boolean);
}

function header(result: Result): HTMLElement {
  const { title, story, source } = result.scenario;
  const violations = findings(result).length;
  return h(
    "header",
    {},
    h("div.title", {}, h("h1", { tabindex: -1 }, title || "Untitled scenario"), themeButton()),
    story ? h("p.story", {}, story) : null,
    h(
      "p.meta",
      {},
      facts(result).join(" · "),
      violations > 0 && h("strong", {}, ` · ${plural(violations, "violation")}`),
    ),
    source ? h("p.meta", {}, `source: ${source}`) : null,
    !result.complete &&
      h("p.notice", { role: "note" }, "Incomplete: it was interrupted before the end."),
  );
}

function section(id: string, title: string, ...children: (HTMLElement | undefined)[]) {
  const shown = children.filter((child) => child !== undefined);
  if (shown.length === 0) return undefined;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...shown);
}

function pair(elements: HTMLElement[]): HTMLElement | undefined {
  return elements.length > 0 ? h("div.pair", {}, ...elements) : undefined;
}

/// The report of one result; `prefix` comes before the ids of its sections in the address.
function report(result: Result, prefix = ""): HTMLElement[] {
  const color = colorsOf(result);
  const parts = [
    header(result),
    card(result, color) ?? answer(result),
    notes(result),
    section("sweep", "Over the range", ends(result), sweep(result)),
    result.results.length === 0
      ? undefined
      : section(
          "verdict",
          "Verdict",
          verdictTable(result, color),
          expectations(result),
          allMetrics(result),
        ),
    section(
      "cost",
      "Staleness and load",
      pareto(result, color),
      loadOverTime(result, color),
      pair(distributions(result, color)),
      hitRatioOverTime(result, color),
    ),
    counterexamples(result),
    scenario(result),
    definitions(result),
    foot(result),
  ];
  const shown: HTMLElement[] = parts.filter((part) => part !== undefined);
  const nav = sectionsNav(shown, prefix);
  return nav ? [nav, ...shown] : shown;
}

function start(): void {
  const root = h("main");
  try {
    const shown = embedded();
    if (shown.kind !== "replay") resultsOf(shown).forEach(learnMetrics);
    if (shown.kind === "replay") root.append(...replay(shown));
    else if (shown.kind === "comparisons") comparisons(root, shown, report);
    else root.append(...report(shown));
  } catch (error) {
    root.append(
      h(
        "p.notice",
        { role: "alert" },
        `This report cannot be drawn: ${String(error)}. ` +
          "Its result may be from another version of cacherace.",
      ),
    );
    console.error(error);
  }
  document.getElementById("report")!.replaceWith(root);
}

start();
