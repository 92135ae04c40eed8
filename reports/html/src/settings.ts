// A setting of the scenario by its place there, from the specific to the general.

const decoded = (part: string) => part.replaceAll("~1", "/").replaceAll("~0", "~");

/// "expiry/ttl of “ttl 60s”" of the JSON pointer "/strategies/ttl 60s/expiry/ttl"; "cache/latency" of
/// "/cache/latency".
export function settingName(pointer: string): string {
  const [first, second, ...rest] = pointer.split("/").slice(1).map(decoded);
  if (first === "strategies" && second !== undefined && rest.length > 0)
    return `${rest.join("/")} of “${second}”`;
  return [first, second, ...rest].filter((part) => part !== undefined).join("/");
}
