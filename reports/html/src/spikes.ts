// Where a curve over time has its spike, and how wide that is: so that the page can show its shape.

import type { Bucket, Strip } from "./bands";

export interface Span {
  from_us: number;
  to_us: number;
}

const shownBuckets = 60; // in a span around a spike; with fewer in all, nothing is too narrow
const spike = { peakMin: 8, timesMean: 8, widthMax: 0.05 };

const known = (buckets: Bucket[]) => buckets.slice(0, -1).filter((b) => !Number.isNaN(b.high));

interface Peak {
  at: number; // the bucket
  buckets: Bucket[]; // of its strip
  value: number;
}

// After the warm-up, unless there is nothing then.
function peakOf(strips: Strip[], warmup_us: number): Peak | undefined {
  let best: Peak | undefined;
  for (const late of [true, false]) {
    for (const { buckets } of strips)
      buckets.slice(0, -1).forEach(({ high, from }, at) => {
        if (late && from < warmup_us) return;
        if (high > (best?.value ?? 0)) best = { at, buckets, value: high };
      });
    if (best) return best;
  }
  return undefined;
}

/// Whether some strip rises far above what it usually is, for a moment.
export function hasSpike(strips: Strip[], warmup_us: number): boolean {
  return strips.some((strip) => {
    const peak = peakOf([strip], warmup_us);
    if (!peak || peak.value < spike.peakMin) return false;
    const all = known(strip.buckets).filter((b) => b.from >= warmup_us);
    const mean = all.reduce((sum, b) => sum + b.high, 0) / all.length;
    return peak.value >= spike.timesMean * mean;
  });
}

/// Whether its highest spikes are too narrow to be seen as a shape in the whole run.
export function isNarrow(strips: Strip[], warmup_us: number): boolean {
  const peak = peakOf(strips, warmup_us);
  if (!peak || peak.buckets.length <= 2 * shownBuckets) return false;
  const wide = known(peak.buckets).filter((b) => b.high >= peak.value / 2).length;
  return wide <= spike.widthMax * peak.buckets.length && hasSpike(strips, warmup_us);
}

/// The span of `shownBuckets` that begins a little before `at_us`; undefined where that is no less
/// than the whole run.
export function spanFrom(at_us: number, buckets: Bucket[], duration_us: number): Span | undefined {
  if (buckets.length <= 2 * shownBuckets) return undefined;
  const bucket = buckets[1]!.from - buckets[0]!.from;
  const length = shownBuckets * bucket;
  const from_us = Math.min(Math.max(0, at_us - length / 4), duration_us - length);
  return { from_us, to_us: from_us + length };
}

/// The span around the highest peak of all strips.
export function spanOfPeak(strips: Strip[], warmup_us: number, duration_us: number) {
  const peak = peakOf(strips, warmup_us);
  return peak && spanFrom(peak.buckets[peak.at]!.from, peak.buckets, duration_us);
}
