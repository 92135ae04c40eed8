// Labels beside what they name, so that none covers another label, a dot or a line.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Anchor {
  x: number;
  y: number;
}

export interface Label {
  text: string;
  width: number;
  height: number;
  anchors: Anchor[]; // where it may stand, best first
}

export interface Placed {
  box: Box;
  anchor: Anchor;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function outside(box: Box, frame: Box): number {
  const inside = overlap(box, frame);
  return box.width * box.height - inside;
}

// Right, left, above, below, and the corners; then the same further away.
function candidates(label: Label, anchor: Anchor, gap: number): Box[] {
  const { width, height } = label;
  const boxes: Box[] = [];
  for (const away of [
    gap,
    gap + height,
    gap + 2 * height,
    gap + 3.2 * height,
    gap + 4.6 * height,
  ]) {
    const right = anchor.x + gap;
    const left = anchor.x - gap - width;
    const middle = anchor.y - height / 2;
    const lift = away - gap;
    const xs = lift === 0 ? [right, left] : [right, left, anchor.x - width / 2];
    for (const x of xs)
      for (const y of lift === 0 ? [middle] : [middle - lift, middle + lift])
        boxes.push({ x, y, width, height });
    if (lift === 0)
      for (const y of [anchor.y - gap - height, anchor.y + gap])
        boxes.push({ x: anchor.x - width / 2, y, width, height });
  }
  return boxes;
}

/// One place for each label, in the order given: where it covers least of the labels placed
/// before, of `solid` (weighs most) and of `soft`, and least sticks out of `frame`.
export function place(labels: Label[], frame: Box, solid: Box[], soft: Box[], gap = 8): Placed[] {
  const taken: Box[] = [];
  return labels.map((label) => {
    let best: Placed | undefined;
    let least = Infinity;
    label.anchors.forEach((anchor, rank) => {
      candidates(label, anchor, gap).forEach((box, further) => {
        const cost =
          1000 * outside(box, frame) +
          100 * taken.reduce((sum, other) => sum + overlap(box, other), 0) +
          50 * solid.reduce((sum, other) => sum + overlap(box, other), 0) +
          5 * soft.reduce((sum, other) => sum + overlap(box, other), 0) +
          3 * further +
          4 * rank;
        if (cost < least) {
          least = cost;
          best = { box, anchor };
        }
      });
    });
    taken.push(best!.box);
    return best!;
  });
}

/// Boxes along a line through `points`, for `place` to keep clear of.
export function boxesAlong(points: Anchor[], size = 4): Box[] {
  const boxes: Box[] = [];
  for (let i = 1; i < points.length; ++i) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const pieces = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / size));
    for (let k = 0; k <= pieces; ++k) {
      const x = a.x + ((b.x - a.x) * k) / pieces;
      const y = a.y + ((b.y - a.y) * k) / pieces;
      boxes.push({ x: x - size / 2, y: y - size / 2, width: size, height: size });
    }
  }
  return boxes;
}
