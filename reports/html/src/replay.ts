// A saved counterexample, performed again.

import { footOfReplay } from "./appendix";
import { h } from "./dom";
import type { Replay } from "./result";
import { stepper } from "./stepper";
import { themeButton } from "./theme";
import { plural } from "./units";

function verdict({ matches, divergence }: Replay): HTMLElement {
  if (matches || !divergence) return h("span.verdict.proven", {}, "✓ the same steps and finding");
  const where = divergence.step > 0 ? `diverged at step ${divergence.step}` : "diverged";
  return h("span.verdict.violated", {}, `✗ ${where}`);
}

function inClock({ clock_engine }: Replay): HTMLElement | null {
  if (!clock_engine) return null;
  const says = clock_engine.repeated
    ? "Repeated by the clock engine at these times, with the same replies."
    : `Not repeated by the clock engine: ${clock_engine.why_not!}.`;
  return h("p.hint", {}, says);
}

function diagram(title: string, shown: Replay["counterexample"]): HTMLElement {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return h(
    "section",
    { "aria-labelledby": id },
    h("h2", { id }, title),
    shown.says
      ? h(
          "dl.facts",
          {},
          h("dt", {}, `Step ${shown.decisive!}`),
          h("dd.found", {}, shown.says),
        )
      : null,
    shown.steps.length > 0 ? stepper(shown) : h("p.hint", {}, "No step was performed."),
  );
}

// What came of the saved steps that still match, where one did not.
function afterwards({ realigned }: Replay): HTMLElement[] {
  if (!realigned) return [];
  const { matched, skipped, drawn, violated, complete } = realigned;
  const counts = [
    `${plural(matched, "saved step")} performed`,
    `${skipped} skipped`,
    `${realigned.new} new`,
    `${drawn} drawn with seed ${realigned.seed}`,
  ].join(", ");
  const end = !complete
    ? "It was stopped before every client was done."
    : violated
      ? "The property is still violated."
      : "The property is not violated.";
  return [
    h("p.hint", {}, `The saved steps were followed as far as possible: ${counts}. ${end}`),
    diagram("Followed as far as possible", realigned.counterexample),
  ];
}

export function replay(shown: Replay): HTMLElement[] {
  return [
    h(
      "header",
      {},
      h(
        "div.title",
        {},
        h("h1", {}, `${shown.property} under ${shown.strategy}`),
        themeButton(),
      ),
      h("p.story", {}, "Replay of a saved counterexample: ", verdict(shown)),
      shown.divergence ? h("p.notice", { role: "note" }, shown.divergence.says) : null,
      inClock(shown),
    ),
    diagram("Steps", shown.counterexample),
    ...afterwards(shown),
    footOfReplay(shown),
  ];
}
