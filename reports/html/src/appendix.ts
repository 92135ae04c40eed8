// What stands at the end: the scenario, the definitions, and where the report comes from.

import { commandLine, jsonBlock, pretty, quoted } from "./code";
import { h } from "./dom";
import type { Result } from "./result";
import { plural } from "./units";

export function scenario(result: Result): HTMLElement | undefined {
  const { text } = result.scenario;
  if (!text) return undefined;
  const json = pretty(JSON.parse(text));
  return h(
    "section",
    { "aria-labelledby": "scenario" },
    h("h2", { id: "scenario" }, "The scenario"),
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

function command(result: Result): string {
  const words = ["cacherace", result.kind, "scenario.json"];
  for (const { pointer, values, scale } of result.axes ?? [])
    words.push(
      "--sweep",
      quoted(`${pointer}=${values[0]!}..${values.at(-1)!}:${scale}:${values.length}`),
    );
  if (result.drawn !== undefined) words.push("--cases", String(result.drawn));
  const measured = [...result.results, ...(result.points?.[0]?.results ?? [])];
  const replicates = Math.max(0, ...measured.map((of) => of.replicates ?? 0));
  if (replicates > 0) words.push("--replicates", String(replicates));
  words.push("--seed", String(result.seed), "--format", "html", "-o", "report.html");
  return words.join(" ");
}

/// Where the report comes from, and how to get it again.
export function foot(result: Result): HTMLElement {
  const facts: [string, string][] = [
    ["cacherace", result.cacherace],
    ["seed", String(result.seed)],
    ["scenario", result.scenario.digest],
    ...result.results.flatMap((of): [string, string][] =>
      of.digest ? [[of.strategy, of.digest]] : [],
    ),
  ];
  return h(
    "footer",
    {},
    h("p.hint", {}, "The same scenario, seed and version give the same result:"),
    commandLine(command(result)),
    h(
      "dl.digests",
      {},
      ...facts.map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, h("code", {}, value))),
      ),
    ),
  );
}
