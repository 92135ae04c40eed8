// Text to take away: JSON and commands of the shell.

import { copyButton, h } from "./dom";

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)/g;

// Names, strings and numbers set apart by colour.
function coloured(json: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of json.matchAll(token)) {
    nodes.push(document.createTextNode(json.slice(end, match.index)));
    const [all, text, colon] = match;
    const kind = text === undefined ? "number" : colon === undefined ? "string" : "key";
    nodes.push(h(`span.${kind}` as "span", {}, text ?? all), document.createTextNode(colon ?? ""));
    end = match.index + all.length;
  }
  nodes.push(document.createTextNode(json.slice(end)));
  return nodes;
}

/// As people write it: what is short stays on one line.
export function pretty(value: unknown, indent = ""): string {
  const line = JSON.stringify(value);
  const spaced = line.replace(
    /("(?:[^"\\]|\\.)*")|([,:])/g,
    (_, text: string | undefined, sign: string) => text ?? `${sign} `,
  );
  if (typeof value !== "object" || value === null || indent.length + spaced.length <= 76)
    return spaced;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => inner + pretty(item, inner))
    : Object.entries(value).map(([k, v]) => `${inner}${JSON.stringify(k)}: ${pretty(v, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open!}\n${parts.join(",\n")}\n${indent}${close!}`;
}

/// JSON set in colours, with a button that copies it.
export function jsonBlock(json: string): HTMLElement {
  return h(
    "div.code",
    {},
    copyButton("copy", () => `${json}\n`),
    h("pre", { tabindex: 0 }, h("code.json", {}, ...coloured(json))),
  );
}

/// `text` as one word of a shell command.
export function quoted(text: string): string {
  return /^[\w./\-+=:,@%]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/// Commands to paste, with a button that copies them.
export function commandLine(text: string): HTMLElement {
  return h(
    "div.command",
    {},
    h("pre", {}, h("code", {}, text)),
    copyButton("copy", () => text),
  );
}
