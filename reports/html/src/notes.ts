// What a reader must know before relying on the figures: below the answer, folded where it is much.

import { h } from "./dom";
import type { Result } from "./result";
import { plural } from "./units";

const openMax = 1;

/// The notes of the result in one box.
export function notes(result: Result): HTMLElement | undefined {
  const all = result.notes ?? [];
  if (all.length === 0) return undefined;
  if (all.length <= openMax)
    return h("aside.notice", { role: "note", "aria-label": "Doubts" }, ...all.map(sentence));
  return h(
    "aside.notice",
    { role: "note", "aria-label": "Doubts" },
    h(
      "details",
      {},
      h("summary", {}, `${plural(all.length, "doubt")} about these figures`),
      h("ul", {}, ...all.map((note) => h("li", {}, sentence(note)))),
    ),
  );
}

// As a sentence: with a capital letter, unless it begins with a name, and a full stop.
function sentence(note: string): string {
  return note.charAt(0).toUpperCase() + note.slice(1) + (/[.?!]$/.test(note) ? "" : ".");
}
