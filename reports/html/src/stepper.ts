// A counterexample that can be stepped through, with what stands where after each step.

import { h } from "./dom";
import { drawLanes, leastWidth, staleAfter, type Lanes } from "./lanes";
import type { Counterexample, Standing } from "./result";
import { tickTime } from "./units";

// Every name that ever comes up, so that rows do not jump while stepping.
function namesOf(shown: Counterexample, part: keyof Standing): string[] {
  return [...new Set(shown.steps.flatMap((step) => Object.keys(step.state?.[part] ?? {})))].sort();
}

const nobody = new Set(["clock", "fault", "replica"]); // are never done

function standings(shown: Counterexample, part: keyof Standing, index: number, absent: string) {
  const now = shown.steps[index]?.state?.[part] ?? {};
  const before = index > 0 ? (shown.steps[index - 1]?.state?.[part] ?? {}) : now;
  const rows = namesOf(shown, part).map((name) => {
    const changed = now[name] !== before[name];
    return h(
      `tr${changed ? ".changed" : ""}` as "tr",
      {},
      h("th", { scope: "row" }, name),
      h(
        "td",
        {},
        now[name] ?? h("span.none", {}, nobody.has(name) ? "–" : absent),
        changed && h("span.sr-only", {}, " (changed)"),
      ),
    );
  });
  if (rows.length === 0) rows.push(h("tr", {}, h("td.none", {}, absent)));
  return rows;
}

function panelFor(shown: Counterexample, index: number): HTMLElement[] {
  const parts: [keyof Standing, string, string][] = [
    ["cache", "Cache", "no entry"],
    ["database", "Database", "no row"],
    ["clients", "Next", "done"],
  ];
  const stale = staleAfter(shown.steps[index]!);
  return parts.map(([part, title, absent]) =>
    h(
      `div.stand${stale && part === "cache" ? ".behind" : ""}` as "div",
      {},
      h("h4", {}, title, stale && part === "cache" && h("span.tag.bad", {}, "behind the database")),
      h("table", {}, h("tbody", {}, ...standings(shown, part, index, absent))),
    ),
  );
}

function spoken(shown: Counterexample, index: number): string {
  const step = shown.steps[index]!;
  const at = step.at_us === undefined ? "" : ` at ${tickTime(step.at_us, 9)}`;
  const decisive = index + 1 === shown.decisive ? " (decisive)" : "";
  return (
    `Step ${index + 1} of ${shown.steps.length}${decisive}${at}: ${step.client} ${step.effect}` +
    (step.result ? `, ${step.result}` : "")
  );
}

function controls(go: (to: number) => void, at: () => number, last: number): HTMLElement {
  const button = (label: string, sign: string, to: () => number) =>
    h("button", { type: "button", "aria-label": label, onclick: () => go(to()) }, sign);
  return h(
    "div.controls",
    { role: "group", "aria-label": "Step through" },
    button("First step", "«", () => 0),
    button("Previous step", "‹", () => at() - 1),
    button("Next step", "›", () => at() + 1),
    button("Last step", "»", () => last),
  );
}

const keys: Record<string, (at: number, last: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/// The diagram, its buttons and the state beside it; begins at the decisive step.
export function stepper(shown: Counterexample): HTMLElement {
  const last = shown.steps.length - 1;
  let current = (shown.decisive ?? last + 1) - 1;
  let lanes: Lanes | undefined;
  const status = h("p.status", { role: "status", "aria-live": "polite" });
  const panel = h("div.stands");
  const go = (to: number) => {
    current = Math.min(Math.max(to, 0), last);
    lanes?.show(current);
    status.textContent = spoken(shown, current);
    if (shown.steps[current]?.state) panel.replaceChildren(...panelFor(shown, current));
  };
  const buttons = controls(go, () => current, last);
  const canvas = h("div.canvas.scroll", {
    tabindex: 0,
    role: "group",
    "aria-label": "Sequence diagram; step with the arrow keys, Home and End",
  });
  const root = h(
    "div.stepper",
    {},
    h("div.bar", {}, buttons, status),
    h("div.sides", {}, canvas, panel),
  );
  root.addEventListener("keydown", (event) => {
    const key = keys[event.key];
    if (!key || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(key(current, last));
  });
  let width = 0;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width || canvas.clientWidth === 0) return;
    width = canvas.clientWidth;
    lanes = drawLanes(shown, Math.max(width - 2, leastWidth(shown)), go);
    lanes.svg.setAttribute("role", "img");
    lanes.svg.setAttribute("aria-label", shown.steps.map((_, i) => spoken(shown, i)).join(". "));
    canvas.replaceChildren(lanes.svg);
    lanes.show(current);
  }).observe(canvas);
  go(current);
  return root;
}
