// A picture with its title, how to read it, and a description for those who cannot see it. It is
// drawn again when its width changes.

import { freshId, h } from "./dom";

export interface FigureOptions {
  title: string;
  caption: string; // how to read it
  label: string | (() => string); // what it shows, in words
  draw: (width: number) => Element;
  controls?: HTMLElement;
  after?: HTMLElement; // below it
  beside?: HTMLElement;
}

/// Calls `drawn` with the width of `holder` whenever it changes: in the next frame, because what is
/// drawn changes the height, which a resize observer must not do to what it observes.
export function onWidth(holder: HTMLElement, drawn: (width: number) => void): void {
  let waiting = false;
  new ResizeObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      drawn(Math.floor(holder.clientWidth));
    });
  }).observe(holder);
}

export function figure({
  title,
  caption,
  label,
  draw,
  controls,
  after,
  beside,
}: FigureOptions): HTMLElement {
  const id = freshId("figure");
  const holder = h("div.canvas");
  let drawn = 0;
  const redraw = (width: number) => {
    if (width === drawn || width === 0) return;
    drawn = width;
    const picture = draw(width);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", typeof label === "string" ? label : label());
    holder.replaceChildren(picture);
  };
  onWidth(holder, redraw);
  holder.addEventListener("redraw", () => {
    const width = drawn;
    drawn = 0;
    redraw(width);
  });
  const heading = h("h3", { id }, title);
  return h(
    "figure",
    { "aria-labelledby": id },
    controls ? h("div.figure-head", {}, heading, controls) : heading,
    h("figcaption", {}, caption),
    beside ? h("div.beside", {}, holder, beside) : holder,
    after,
  );
}

/// What every chart has in common.
export const chartStyle = {
  style: { fontSize: "12px", fontFamily: "inherit", overflow: "visible", background: "none" },
};
