// The interleaving as a sequence diagram: time runs down, each party has a lane.

import { s, textWidth } from "./dom";
import { timesOf, type Counterexample, type Standing, type Step } from "./result";
import { plain, tickTime } from "./units";

const rowHeight = 34;
const headHeight = 52;

interface Lane {
  name: string;
  kind: "left" | "local" | "store" | "right";
  x: number;
}

interface Layout {
  lanes: Lane[];
  width: number;
  height: number;
  gutter: number;
  times: number[]; // how often each step is performed
  at: (step: number) => number; // y of a step, from 0, that is not shown with another
}

export interface Lanes {
  svg: SVGSVGElement;
  show: (step: number) => void; // from 0; -1 for none
}

/// Width below which the lanes would touch.
export function leastWidth(shown: Counterexample): number {
  return layoutOf(shown, 0).width;
}

function layoutOf(shown: Counterexample, wanted: number): Layout {
  const timed = shown.steps[0]?.at_us !== undefined;
  const gutter = timed ? 84 : 34;
  const names: [string, Lane["kind"]][] = [
    ...shown.parties.left.map((name): [string, Lane["kind"]] => [name, "left"]),
    ...(shown.parties.locals ?? []).map((name): [string, Lane["kind"]] => [name, "local"]),
    ["cache", "store"],
    ["database", "store"],
    ...shown.parties.right.map((name): [string, Lane["kind"]] => [name, "right"]),
  ];
  const pitchMin = Math.max(60, ...names.map(([name]) => boxWidth(name) + 6));
  const width = Math.max(wanted, gutter + names.length * pitchMin + 4);
  const pitch = (width - gutter - 4) / names.length;
  const lanes = names.map(([name, kind], i) => ({ name, kind, x: gutter + (i + 0.5) * pitch }));
  const times = timesOf(shown);
  let rows = 0;
  const rowOf = times.map((count) => (count > 0 ? rows++ : rows - 1));
  const height = headHeight + rows * rowHeight + 14;
  const at = (step: number) => headHeight + (rowOf[step]! + 0.7) * rowHeight;
  return { lanes, width, height, gutter, times, at };
}

function lines(name: string): string[] {
  const slash = name.indexOf("/");
  return slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash)];
}

function boxWidth(name: string): number {
  return Math.max(...lines(name).map((line) => textWidth(line, 12, 600))) + 10;
}

function heads({ lanes, height }: Layout): SVGElement[] {
  return lanes.flatMap(({ name, kind, x }) => {
    const width = boxWidth(name);
    const parts = lines(name);
    return [
      s("line", { class: "lane", x1: x, x2: x, y1: headHeight - 10, y2: height - 4 }),
      s("rect", { class: `party ${kind === "local" ? "store" : kind}`, x: x - width / 2, y: 4, width, height: 36, rx: 6 }),
      ...parts.map((part, i) =>
        s("text", { class: "party-name", x, y: (parts.length === 1 ? 26 : 19) + i * 14 }, part),
      ),
    ];
  });
}

const version = (text: string | undefined) => Number(/\bv(\d+)/.exec(text ?? "")?.[1] ?? NaN);

/// Whether a cache, the shared one or a local one by its name, holds an older version than the
/// database of any key.
export function isBehind(state: Standing | undefined, local?: string): boolean {
  if (!state) return false;
  const entries = local === undefined ? state.cache : (state.locals?.[local] ?? {});
  return Object.keys(entries).some((key) => version(entries[key]) < version(state.database[key]));
}

// Spans of steps during which a cache is behind, as bars on its lane.
function staleSpans(shown: Counterexample, layout: Layout): SVGElement[] {
  const caches = layout.lanes.filter(
    ({ name, kind }) => kind === "local" || (kind === "store" && name === "cache"),
  );
  const last = layout.times.length - 1 - [...layout.times].reverse().findIndex((n) => n > 0);
  return caches.flatMap(({ name, kind, x }) =>
    shown.steps.flatMap((step, i) => {
      const behind = isBehind(step.state, kind === "local" ? name : undefined);
      if (layout.times[i] === 0 || !behind) return [];
      const y = layout.at(i);
      const height = i === last ? layout.height - 4 - y : rowHeight;
      return [s("rect", { class: "stale", x: x - 6, y, width: 12, height })];
    }),
  );
}

function laneOf(step: Step, { lanes }: Layout): Lane | undefined {
  const store = step.effect.startsWith("cache.")
    ? "cache"
    : step.effect.startsWith("db.")
      ? "database"
      : undefined;
  return lanes.find(({ name, kind }) =>
    step.local ? kind === "local" && name === step.local : kind === "store" && name === store,
  );
}

/// ` × 204`; nothing for once.
export function timesText(times: number): string {
  return times > 1 ? ` × ${plain(times, 9)}` : "";
}

function wordsOf(step: Step, lane: Lane | undefined, times: number): string {
  const effect = lane ? step.effect.replace(/^(cache|db|local)\./, "") : step.effect;
  return (step.result ? `${effect} → ${step.result}` : effect) + timesText(times);
}

function arrow(from: number, to: number, y: number): SVGElement[] {
  const way = Math.sign(to - from);
  const tip = to - way * 2;
  return [
    s("line", { class: "arrow", x1: from, x2: tip - way * 7, y1: y, y2: y }),
    s("path", { class: "tip", d: `M${tip},${y}l${-way * 9},-4.5v9z` }),
  ];
}

function row(shown: Counterexample, index: number, layout: Layout): SVGGElement {
  const step = shown.steps[index]!;
  const y = layout.at(index);
  const client = layout.lanes.find(
    ({ name, kind }) => (kind === "left" || kind === "right") && name === step.client,
  );
  const store = laneOf(step, layout);
  const from = client?.x ?? layout.gutter;
  const to = store?.x ?? from;
  const words = wordsOf(step, store, layout.times[index]!);
  const half = textWidth(words, 12, 600) / 2;
  const middle = store ? (from + to) / 2 : from;
  const x = Math.min(Math.max(middle, layout.gutter + half), layout.width - half - 2);
  const decisive = index + 1 === shown.decisive;
  const group = s(
    "g",
    { class: decisive ? "step decisive" : "step", "data-step": index + 1 },
    s("rect", {
      class: "row",
      x: 0,
      y: y - rowHeight + 10,
      width: layout.width,
      height: rowHeight,
      rx: 4,
    }),
    s("text", { class: "number", x: 22, y: y + 1 }, `${index + 1}`),
    decisive && s("path", { class: "marker", d: `M2,${y - 8}l7,4.5l-7,4.5z` }),
    step.at_us !== undefined &&
      s("text", { class: "at", x: layout.gutter - 8, y: y + 1 }, tickTime(step.at_us, 6)),
    ...(store ? arrow(from, to, y) : [s("circle", { class: "tip", cx: from, cy: y, r: 4 })]),
    s("text", { class: "words", x, y: y - 7 }, words),
    step.line &&
      s("title", {}, [`${step.line}: ${step.code ?? ""}`, ...(step.notes ?? [])].join("\n")),
  );
  return group;
}

/// Draws all steps; `choose` is called with the index of one that is clicked.
export function drawLanes(
  shown: Counterexample,
  wanted: number,
  choose: (step: number) => void,
): Lanes {
  const layout = layoutOf(shown, wanted);
  const { width, height } = layout;
  const rows = shown.steps
    .map((_, index) => ({ index, times: layout.times[index]! }))
    .filter(({ times }) => times > 0)
    .map(({ index }) => ({ index, group: row(shown, index, layout) }));
  rows.forEach(({ index, group }) => group.addEventListener("click", () => choose(index)));
  const svg = s(
    "svg",
    { class: "lanes", width, height, viewBox: `0 0 ${width} ${height}` },
    ...heads(layout),
    ...rows.map(({ group }) => group),
    ...staleSpans(shown, layout),
  );
  return {
    svg,
    show: (current) =>
      rows.forEach(({ index, group }) => {
        group.classList.toggle("current", index === current);
        group.classList.toggle("later", index > current);
      }),
  };
}
