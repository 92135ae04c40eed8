// The interleavings that violate a property, each shown once.

import { commandLine, jsonBlock, pretty, quoted } from "./code";
import { h } from "./dom";
import { findings, type Finding, type Result } from "./result";
import { stepper } from "./stepper";
import { list, plural } from "./units";

interface Group {
  property: string;
  strategies: string[]; // under which the same steps violate it
  finding: Finding;
}

function grouped(result: Result): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings(result)) {
    const { property, shown, strategy } = finding;
    const key = [property.name, shown.digest, shown.says].join("\n");
    const known = groups.get(key);
    if (known) known.strategies.push(strategy);
    else groups.set(key, { property: property.name, strategies: [strategy], finding });
  }
  return [...groups.values()];
}

// How to perform the counterexample again: from its file, or by a search of its scenario, which is
// the report's own or, where other races were searched, the smallest one that was found.
function again({ strategy, property, shown }: Finding): HTMLElement[] {
  const performed = (where: string, command: string) => [
    h("p.hint", {}, `Replay it${where}:`),
    commandLine(command),
  ];
  if (shown.file) return performed("", `cacherace replay ${quoted(shown.file)} --step`);
  const command = (scenario: string) =>
    `cacherace search ${scenario} --strategy ${quoted(strategy)} --property ${property.name} ` +
    `--save race.json\ncacherace replay race.json --step`;
  const { smallest } = property;
  if (!smallest)
    return performed(" (scenario.json is the scenario of this report)", command("scenario.json"));
  return [
    ...performed(" (smallest.json is the scenario below)", command("smallest.json")),
    jsonBlock(pretty(smallest.scenario)),
  ];
}

const faultNames: Record<string, [one: string, many: string]> = {
  crash: ["crash", "crashes"],
  evict: ["eviction", "evictions"],
  lose: ["lost or late message", "lost or late messages"],
  flush: ["flush", "flushes"],
  "cache-restart": ["cache restart", "cache restarts"],
};

// Which faults are among the steps, and what is known of the race without them.
function faultsOf({ property, shown }: Finding): string | undefined {
  const faults = Object.entries(shown.needs ?? shown.contains ?? {});
  if (faults.length === 0) return undefined;
  const names = list(
    faults.map(([fault, count]) => plural(count, ...(faultNames[fault] ?? [fault, fault]))),
  );
  if (!shown.needs) return `Contains ${names}, which may or may not be needed.`;
  const total = faults.reduce((sum, [, count]) => sum + count, 0);
  const without = total === 1 ? "without faults" : "with fewer faults";
  if (shown.arises_without === false)
    return (
      `Needs ${names}: ${without}, the situation that the property is about never ` +
      "arises in this race."
    );
  const measures = property.worst?.value_us !== undefined;
  return `Needs ${names}: ${without}, no schedule of this race ${measures ? "is as bad" : "violates it"}.`;
}

function body(result: Result, { property, finding }: Group): HTMLElement[] {
  const { shown } = finding;
  const { race, durations } = finding.property.smallest ?? {};
  const needs = faultsOf(finding);
  const expected = result.definitions?.properties[property];
  const facts = h(
    "dl.facts",
    {},
    expected ? h("dt", {}, "Expected") : null,
    expected ? h("dd", {}, expected) : null,
    race ? h("dt", {}, "Race") : null,
    race ? h("dd", {}, race) : null,
    ...Object.entries(durations ?? {}).flatMap(([pointer, duration]) => [
      h("dt", {}, h("code", {}, pointer)),
      h("dd", {}, duration),
    ]),
    shown.says ? h("dt", {}, `Step ${shown.decisive!}`) : null,
    shown.says ? h("dd.found", {}, shown.says) : null,
    needs ? h("dt", {}, "Faults") : null,
    needs ? h("dd", {}, needs) : null,
  );
  return [facts, stepper(shown), ...again(finding)];
}

function chooser(result: Result, group: Group, open: boolean): HTMLElement {
  const { shown } = group.finding;
  const details = h(
    "details.counterexample",
    { open },
    h(
      "summary",
      {},
      h("span.verdict.violated", {}, `✗ ${group.property}`),
      ` under ${list(group.strategies)}`,
      h(
        "span.hint",
        {},
        ` ${plural(shown.steps.length, "step")}, ` +
          plural(shown.context_switches, "context switch", "context switches") +
          (shown.minimal ? "" : " (a smaller one may exist)"),
      ),
    ),
  );
  let filled = false;
  const fill = () => {
    if (filled || !details.open) return;
    filled = true;
    details.append(...body(result, group));
  };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}

export function counterexamples(result: Result): HTMLElement | undefined {
  const groups = grouped(result);
  if (groups.length === 0) return undefined;
  const stale = groups.some(({ finding }) => finding.shown.steps.some((step) => step.state));
  return h(
    "section",
    { "aria-labelledby": "counterexamples" },
    h("h2", { id: "counterexamples" }, groups.length === 1 ? "Counterexample" : "Counterexamples"),
    h(
      "p.hint",
      {},
      "Each is the smallest interleaving that was found. Time runs down; an arrow is one " +
        "effect on cache or database, with its result; ▶ marks the decisive step." +
        (stale ? " Red on a cache’s line: it holds an older version than the database." : "") +
        " Step with the buttons or the arrow keys.",
    ),
    ...groups.map((group, index) => chooser(result, group, index === 0)),
  );
}
