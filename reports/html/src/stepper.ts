// A counterexample that can be stepped through, with what stands where after each step.

import { h } from "./dom";
import { onWidth } from "./figure";
import { drawLanes, isBehind, leastWidth, timesText, type Lanes } from "./lanes";
import { timesOf, type Counterexample, type Standing } from "./result";
import { tickTime } from "./units";

// A part of the state: what is in the shared cache, in a local cache, in the database, or next.
interface Part {
  title: string;
  absent: string;
  of: (state: Standing | undefined) => Record<string, string>;
  behind?: (state: Standing | undefined) => boolean;
}

function partsOf(shown: Counterexample): Part[] {
  const locals = (shown.parties.locals ?? []).map((name): Part => ({
    title: name.charAt(0).toUpperCase() + name.slice(1),
    absent: "no entry",
    of: (state) => state?.locals?.[name] ?? {},
    behind: (state) => isBehind(state, name),
  }));
  return [
    ...locals,
    {
      title: "Cache",
      absent: "no entry",
      of: (state) => state?.cache ?? {},
      behind: (state) => isBehind(state),
    },
    { title: "Database", absent: "no row", of: (state) => state?.database ?? {} },
    { title: "Next", absent: "done", of: (state) => state?.clients ?? {} },
  ];
}

// Every name that ever comes up, so that rows do not jump while stepping.
function namesOf(shown: Counterexample, { of }: Part): string[] {
  return [...new Set(shown.steps.flatMap((step) => Object.keys(of(step.state))))].sort();
}

const nobody = new Set(["clock", "fault", "replica"]); // are never done

function standings(shown: Counterexample, part: Part, index: number) {
  const { of, absent } = part;
  const stateBefore = shown.steps
    .slice(0, index)
    .reverse()
    .find((step) => step.state)?.state;
  const now = of(shown.steps[index]?.state);
  const before = index > 0 ? of(stateBefore) : now;
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

// Of a script: the line of the step, what it noted, and where the others go on.
function codeFor(shown: Counterexample, index: number): HTMLElement[] {
  const step = shown.steps[index]!;
  const places = step.state?.places ?? [];
  if (!step.line && places.length === 0) return [];
  const place = (sign: string, client: string, line: string, code: string, current: boolean) =>
    h(
      `tr${current ? ".changed" : ""}` as "tr",
      {},
      h("th", { scope: "row" }, `${sign} ${client}`),
      h("td", {}, line),
      h("td", {}, h("code", {}, code)),
    );
  return [
    h(
      "div.stand.script",
      {},
      h("h4", {}, "Script"),
      h(
        "table",
        {},
        h(
          "tbody",
          {},
          step.line ? place("▶", step.client, step.line, step.code ?? "", true) : null,
          ...places.map(({ client, line, code }) => place("then", client, line, code, false)),
        ),
      ),
      ...(step.notes ?? []).map((note) => h("p.note", {}, note)),
    ),
  ];
}

function panelFor(shown: Counterexample, index: number): HTMLElement[] {
  return [...codeFor(shown, index), ...statesFor(shown, index)];
}

function statesFor(shown: Counterexample, index: number): HTMLElement[] {
  return partsOf(shown).map((part) => {
    const behind = part.behind?.(shown.steps[index]!.state) ?? false;
    return h(
      `div.stand${behind ? ".behind" : ""}` as "div",
      {},
      h("h4", {}, part.title, behind && h("span.tag.bad", {}, "behind the database")),
      h("table", {}, h("tbody", {}, ...standings(shown, part, index))),
    );
  });
}

function spoken(shown: Counterexample, index: number): string {
  const step = shown.steps[index]!;
  const at = step.at_us === undefined ? "" : ` at ${tickTime(step.at_us, 9)}`;
  const decisive = index + 1 === shown.decisive ? " (decisive)" : "";
  return (
    `Step ${index + 1} of ${shown.steps.length}${decisive}${at}: ${step.client} ${step.effect}` +
    (step.result ? `, ${step.result}` : "") +
    (step.line ? `, ${step.line}` : "") +
    timesText(timesOf(shown)[index]!)
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
  // Those that are shown: one that repeats another is shown with it.
  const rows = timesOf(shown).flatMap((times, index) => (times > 0 ? [index] : []));
  const last = rows.length - 1;
  let current = Math.max(0, shown.decisive ? rows.indexOf(shown.decisive - 1) : last);
  let lanes: Lanes | undefined;
  const status = h("p.status", { role: "status", "aria-live": "polite" });
  const panel = h("div.stands");
  const go = (to: number) => {
    current = Math.min(Math.max(to, 0), last);
    const step = rows[current]!;
    lanes?.show(step);
    status.textContent = spoken(shown, step);
    if (shown.steps[step]?.state) panel.replaceChildren(...panelFor(shown, step));
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
  onWidth(canvas, (now) => {
    if (now === width || now === 0) return;
    width = now;
    lanes = drawLanes(shown, Math.max(width - 2, leastWidth(shown)), (step) =>
      go(rows.indexOf(step)),
    );
    lanes.svg.setAttribute("role", "img");
    lanes.svg.setAttribute("aria-label", rows.map((i) => spoken(shown, i)).join(". "));
    canvas.replaceChildren(lanes.svg);
    lanes.show(rows[current]!);
  });
  go(current);
  return root;
}
