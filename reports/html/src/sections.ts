// The way to the sections of a long report: a small bar that stays at the top.

import { h } from "./dom";

/// Links to the headings of `parts` that have an id. `prefix` comes before the id in the address.
export function sectionsNav(parts: HTMLElement[], prefix = ""): HTMLElement | undefined {
  const headings = parts.flatMap((part) =>
    part.tagName === "SECTION" || part.tagName === "FOOTER"
      ? [...part.querySelectorAll<HTMLElement>("h2[id]")].slice(0, 1)
      : [],
  );
  if (headings.length < 2) return undefined;
  const links = new Map(
    headings.map((heading) => {
      heading.tabIndex = -1;
      return [heading, h("a", { href: `#${prefix}${heading.id}` }, nameOf(heading))];
    }),
  );
  const nav = h(
    "nav.sections",
    { "aria-label": "Sections" },
    h("ul", {}, ...[...links.values()].map((link) => h("li", {}, link))),
  );
  markCurrent(links);
  return nav;
}

function nameOf(heading: HTMLElement): string {
  return heading.dataset.short ?? heading.textContent;
}

// The section at the top of the window is the current one.
function markCurrent(links: Map<HTMLElement, HTMLElement>): void {
  const mark = () => {
    const headings = [...links.keys()].filter((heading) => heading.isConnected);
    const above = headings.filter((heading) => heading.getBoundingClientRect().top < 120);
    const current = above.at(-1) ?? headings[0];
    for (const [heading, link] of links)
      if (heading === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
  };
  let waiting = false;
  window.addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    },
    { passive: true },
  );
}
