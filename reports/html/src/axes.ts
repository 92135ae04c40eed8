// Axes on which zero can be drawn beside values that span decades.

import type { Format } from "./metrics";

export interface Axis {
  type: "linear" | "log";
  domain: [number, number];
  ticks: number[];
  tickFormat: (value: number) => string;
  at: (value: number) => number; // where a value is drawn: 0 has its own place on a log axis
  zero?: number; // that place
}

function niceStep(length: number, wanted: number): number {
  const raw = length / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((f) => f * power).find((candidate) => candidate >= raw * 0.9999)!;
}

function niceTicks(min: number, max: number, wanted: number): number[] {
  const step = niceStep(max - min, wanted);
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-4; ++i)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

function decades(low: number, high: number, most: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += stride) ticks.push(10 ** power);
  if (ticks.length >= 2 || most < 3) return ticks;
  const finer: number[] = [];
  for (let power = first - 1; power <= last; ++power)
    for (const factor of [1, 2, 5]) {
      const tick = factor * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) finer.push(tick);
    }
  return finer.slice(0, most);
}

interface AxisOptions {
  format: Format;
  ticksMax?: number;
  room?: number; // beyond the largest value, as a factor
  linearBelow?: number; // the largest value by the least one above 0
  zeroRoom?: number; // between 0 and the least value above it, as a share of what lies above
  fromZero?: boolean; // whether a linear axis begins at 0; else where the values begin
}

// As much of the scale as the values take, with a little room on both sides; from 0 where that is
// near.
function around(min: number, max: number): [number, number] {
  if (min < (max - min) / 2) return [0, max + (max - min) * 0.1];
  const room = Math.max((max - min) * 0.15, max * 0.005);
  return [min - room, max + room];
}

/// Linear from 0 where the values lie close together, else logarithmic.
export function axisFor(values: number[], options: AxisOptions): Axis {
  const { format, ticksMax = 6, room = 1.15, linearBelow = 10 } = options;
  const { zeroRoom = 0.12, fromZero = true } = options;
  const positive = values.filter((value) => value > 0);
  const tickFormat = (value: number) => format(value, 3);
  const max = positive.length > 0 ? Math.max(...positive) : 0;
  const min = positive.length > 0 ? Math.min(...positive) : 0;
  if (max === 0)
    return { type: "linear", domain: [0, 1], ticks: [0], tickFormat, at: (value) => value };
  if (max / min < linearBelow) {
    const least = positive.length === values.length ? min : 0;
    const domain: [number, number] = fromZero ? [0, max * room] : around(least, max);
    const ticks = niceTicks(...domain, Math.min(ticksMax, 5));
    return { type: "linear", domain, ticks, tickFormat, at: (value) => value };
  }
  const low = min / 1.3;
  const high = max * room;
  if (positive.length === values.length)
    return {
      type: "log",
      domain: [low, high],
      ticks: decades(low, high, ticksMax),
      tickFormat,
      at: (value) => value,
    };
  const zero = low / Math.max(3, (high / low) ** zeroRoom);
  return {
    type: "log",
    domain: [zero, high],
    ticks: [zero, ...decades(low, high, ticksMax - 1)],
    tickFormat: (value) => (value === zero ? "0" : tickFormat(value)),
    at: (value) => (value > 0 ? value : zero),
    zero,
  };
}

/// Seconds or minutes, whichever the run's length asks for, from `from_us` to `to_us`.
export function timeAxis(from_us: number, to_us: number, wanted: number) {
  const minutes = to_us > 600e6;
  const per = minutes ? 60e6 : 1e6;
  const step = niceStep((to_us - from_us) / per, wanted);
  const ticks: number[] = [];
  for (let i = Math.ceil(from_us / per / step - 1e-9); i * step <= (to_us / per) * 1.0001; ++i)
    ticks.push(Number((i * step).toPrecision(12)) * per);
  return {
    ticks,
    unit: minutes ? "min" : "s",
    tickFormat: (us: number) => `${Number((us / per).toPrecision(12))}`,
  };
}
