// A table that sorts by any column.

import { h } from "./dom";

export interface Column<Row> {
  head: string;
  title?: string; // what the head means
  align?: "left" | "right";
  cell: (row: Row) => HTMLTableCellElement;
  key: (row: Row) => number | string | null; // what it sorts by; null comes last
}

type Order = "none" | "ascending" | "descending";
const next: Record<Order, Order> = {
  none: "ascending",
  ascending: "descending",
  descending: "none",
};

function compared(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "string" || typeof b === "string")
    return sign * String(a).localeCompare(String(b), "en", { numeric: true });
  return sign * (a - b);
}

/// Rows are in the given order until a head is pressed: ascending, descending, as given again.
/// Rows for which `marked` says so stand out.
export function sortable<Row>(
  caption: string,
  columns: Column<Row>[],
  rows: Row[],
  marked: (row: Row) => boolean = () => false,
): HTMLElement {
  const lines = rows.map((row) => h(marked(row) ? "tr.marked" : "tr", {}, ...columns.map((column) => column.cell(row))));
  const body = h("tbody", {}, ...lines);
  const heads = columns.map((column, index) => {
    const button = h("button", { type: "button", onclick: () => sortBy(index) }, column.head);
    return h(
      `th.${column.align ?? "left"}`,
      { scope: "col", "aria-sort": "none", title: column.title },
      button,
    );
  });

  const sortBy = (index: number) => {
    const order = next[heads[index]!.getAttribute("aria-sort") as Order];
    for (const head of heads) head.setAttribute("aria-sort", "none");
    heads[index]!.setAttribute("aria-sort", order);
    const places = rows.map((_, place) => place);
    const { key } = columns[index]!;
    const sign = order === "descending" ? -1 : 1;
    if (order !== "none")
      places.sort((a, b) => compared(key(rows[a]!), key(rows[b]!), sign) || a - b);
    body.append(...places.map((place) => lines[place]!));
  };

  return h(
    "div.scroll",
    { tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table.sortable",
      {},
      h("caption.sr-only", {}, caption),
      h("thead", {}, h("tr", {}, ...heads)),
      body,
    ),
  );
}
