// The end of the report: the scenario, the definitions, and where the report comes from.

import { commandLine, jsonBlock, pretty } from "./code";
import { commandOf, commandOfAll, commandOfReplay } from "./command";
import { h } from "./dom";
import type { Comparisons, Replay, Result } from "./result";
import { plural } from "./units";

export function scenario(result: Result): HTMLElement | undefined {
  const { text } = result.scenario;
  if (!text) return undefined;
  const json = pretty(JSON.parse(text));
  return h(
    "section",
    { "aria-labelledby": "scenario" },
    h("h2", { id: "scenario", "data-short": "Scenario" }, "The scenario"),
    h(
      "details",
      {},
      h("summary", {}, `${plural(json.split("\n").length, "line")} of JSON`),
      jsonBlock(json),
    ),
  );
}

function terms(title: string, all: Record<string, string> | undefined): HTMLElement | undefined {
  const entries = Object.entries(all ?? {});
  if (entries.length === 0) return undefined;
  return h(
    "details",
    {},
    h("summary", {}, `${title} (${entries.length})`),
    h(
      "dl.terms",
      {},
      ...entries.flatMap(([name, says]) => [h("dt", {}, h("code", {}, name)), h("dd", {}, says)]),
    ),
  );
}

const verdicts: Record<string, string> = {
  violated: "there is a counterexample",
  proven: "everything within the bounds of the race was visited, and nothing violates it",
  "clean so far":
    "the budget ended before everything was visited; no violation was found until then",
  vacuous: "everything was visited, and the situation that the property is about never arose",
};

export function definitions(result: Result): HTMLElement | undefined {
  const judged = result.results.some((of) => (of.properties ?? []).length > 0);
  const parts = [
    judged ? terms("Verdicts", verdicts) : undefined,
    terms("Properties", result.definitions?.properties),
    terms(
      "Metrics",
      Object.fromEntries(
        Object.entries(result.definitions?.metrics ?? {}).map(([name, { says }]) => [name, says]),
      ),
    ),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  return h(
    "section",
    { "aria-labelledby": "definitions" },
    h("h2", { id: "definitions" }, "Definitions"),
    ...parts,
  );
}

function performedAgain(says: string, command: string, facts: [string, string][]): HTMLElement {
  return h(
    "footer",
    { "aria-labelledby": "again" },
    h("h2", { id: "again", "data-short": "Command" }, "How to get this result again"),
    h("p.hint", {}, says),
    commandLine(command),
    h(
      "dl.digests",
      {},
      ...facts.map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, h("code", {}, value))),
      ),
    ),
  );
}

/// Where the report comes from, and how to get it again.
export function foot(result: Result): HTMLElement {
  const where = result.scenario.text
    ? "scenario.json is the scenario above"
    : `scenario.json is the file of “${result.scenario.title || "this scenario"}”`;
  return performedAgain(
    `The same scenario, seed and version give the same result. ${where}.`,
    commandOf(result),
    [
      ["cacherace", result.cacherace],
      ["seed", String(result.seed)],
      ["scenario", result.scenario.digest],
      ...result.results.flatMap((of): [string, string][] =>
        of.digest ? [[of.strategy, of.digest]] : [],
      ),
    ],
  );
}

/// The same of several scenarios.
export function footOfAll(all: Comparisons): HTMLElement {
  return performedAgain(
    "The same scenarios, seeds and version give the same result. 1.json is the first scenario of " +
      "the table, and so on; each report contains its scenario.",
    commandOfAll(all),
    [["cacherace", all.comparisons[0]?.cacherace ?? ""]],
  );
}

/// The same of a saved counterexample.
export function footOfReplay(shown: Replay): HTMLElement {
  return performedAgain(
    "The same file and version give the same steps. race.json is the saved counterexample; add " +
      "--step to go through it in a terminal.",
    commandOfReplay(shown),
    [
      ["cacherace", shown.cacherace],
      ["steps", shown.counterexample.digest],
    ],
  );
}
