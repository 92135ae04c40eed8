// Numbers as people read them.

const thin = "\u00a0"; // between a number and its unit, so that no line breaks there

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 15 });

/// `value` to `digits` significant digits, grouped by thousands, without trailing zeros.
export function plain(value: number, digits = 4): string {
  if (value === 0) return "0";
  return grouped.format(Number(value.toPrecision(digits))).replace("-", "−");
}

const times: [from: number, per: number, unit: string][] = [
  [600e6, 60e6, "min"],
  [1e6, 1e6, "s"],
  [1e3, 1e3, "ms"],
  [0, 1, "µs"],
];

/// A time in microseconds, in the largest unit that keeps it above 1.
export function time(us: number, digits = 4): string {
  if (us === 0) return `0${thin}s`;
  const rounded = Number(us.toPrecision(digits)); // 999.96 µs are 1 ms
  const found = times.find(([from]) => Math.abs(rounded) >= from)!;
  return `${plain(us / found[1], digits)}${thin}${found[2]}`;
}

/// A point in time: "302 s", and from ten minutes on "20 min 2 s".
export function moment(us: number): string {
  const seconds = Math.floor(us / 1e6);
  if (seconds < 600) return time(us, 4);
  const rest = seconds % 60;
  const minutes = `${Math.floor(seconds / 60)}${thin}min`;
  return rest === 0 ? minutes : `${minutes} ${rest}${thin}s`;
}

/// A time that is exact, or on an axis, whose ticks are round in seconds.
export function tickTime(us: number, digits = 4): string {
  return us >= 1e6 ? `${plain(us / 1e6, digits)}${thin}s` : time(us, digits);
}

export function count(value: number, digits = 4): string {
  if (Math.abs(value) >= 1e6) return `${plain(value / 1e6, digits)}${thin}M`;
  if (Math.abs(value) >= 1e4) return `${plain(value / 1e3, digits)}${thin}k`;
  return plain(value, digits);
}

export function percent(share: number, digits = 4): string {
  return `${plain(share * 100, digits)}${thin}%`;
}

export function bytes(value: number, digits = 4): string {
  if (Math.abs(value) >= 2 ** 30) return `${plain(value / 2 ** 30, digits)}${thin}GiB`;
  if (Math.abs(value) >= 2 ** 20) return `${plain(value / 2 ** 20, digits)}${thin}MiB`;
  if (Math.abs(value) >= 2 ** 10) return `${plain(value / 2 ** 10, digits)}${thin}KiB`;
  return `${plain(value, digits)}${thin}B`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${grouped.format(n)} ${n === 1 ? one : many}`;
}

/// "a", "a and b", "a, b and c".
export function list(items: string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}
