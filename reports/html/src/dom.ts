// Elements, made without a word of HTML: text is always text.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

/// `h("p.lead", { id: "x", onclick: f }, "text", child)`. An attribute that is undefined or false
/// is left out; one that is a function listens.
export function h<K extends keyof HTMLElementTagNameMap>(
  what: K | `${K}.${string}`,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [name, ...classes] = what.split(".");
  const element = document.createElement(name!) as HTMLElementTagNameMap[K];
  if (classes.length > 0) element.className = classes.join(" ");
  return filled(element, attributes, children);
}

/// The same for SVG.
export function s<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

let measured: CanvasRenderingContext2D | null | undefined;

/// Width in pixels of `text` in the page's font.
export function textWidth(text: string, size: number, weight = 400): number {
  measured ??= document.createElement("canvas").getContext("2d");
  if (!measured) return text.length * size * 0.6;
  measured.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return measured.measureText(text).width;
}

let ids = 0;

/// An id that no other element of the page has.
export function freshId(prefix: string): string {
  return `${prefix}-${++ids}`;
}

/// A button that copies what `text` returns, and says so.
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = h("button.small", { type: "button" }, label);
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(text()).then(
      () => say("copied"),
      () => say("could not copy: select the text"),
    );
  });
  const say = (word: string) => {
    button.textContent = word;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => (button.textContent = label), 1500);
  };
  return button;
}
