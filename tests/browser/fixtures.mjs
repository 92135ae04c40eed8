// A result as large as people will make them: twelve strategies, ten minutes of series.

const seconds = 1e6;
const duration_us = 600 * seconds;
const bucket_us = 2 * seconds;
const buckets = duration_us / bucket_us;

// The same numbers every time (a linear congruence); no statistics depend on them.
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const rounded = (value) => Number(value.toPrecision(9));
const filled = (value) => Array.from({ length: buckets }, (_, i) => rounded(value(i)));
const estimate = (mean, half) => ({
  mean: rounded(mean),
  ci95: [rounded(mean - half), rounded(mean + half)],
});

function series(index, random) {
  const base = 100 + 40 * index;
  const spike = (i) => (i % 30 === 0 ? 2000 / (index + 1) : 0);
  const low = filled(() => base * (0.8 + 0.1 * random()));
  const high = filled((i) => base * (1.1 + 0.2 * random()) + spike(i));
  const range = () => ({ min: low, max: high });
  return {
    seed: 1,
    from_us: 0,
    warmup_us: 30 * seconds,
    bucket_us,
    curves: {
      db_qps: range(),
      db_in_flight: range(),
      db_queue: { min: filled(() => 0), max: filled(spike) },
      hit_ratio: { mean: filled((i) => (i > 150 && i < 160 ? 0.4 : 0.95 + 0.04 * random())) },
      stale_read_ratio: { mean: filled(() => 0.01 * random()) },
      staleness_us: { max: filled(() => index * seconds * random()) },
      read_us: {
        mean: filled(() => 900 + 100 * random()),
        max: filled(() => 30_000 * random() + 900),
      },
      cache_memory_bytes: range(),
    },
  };
}

function distribution(scale, share, random) {
  const decay = 12 + 8 * random();
  const points = Array.from({ length: 119 }, (_, i) => [
    rounded(scale * 1.1 ** i),
    rounded(share * Math.exp(-i / decay)),
  ]);
  return [...points, [rounded(scale * 1.1 ** 120), 0]];
}

const step = (client, effect, result, cache, database, clients) => ({
  client,
  operation: client.startsWith("reader") ? "read user:7" : "write user:7",
  effect,
  result,
  state: { cache: cache ? { "user:7": cache } : {}, database: { "user:7": database }, clients },
});

const counterexample = {
  parties: { left: ["reader-1"], right: ["writer-1"] },
  steps: [
    step("reader-1", "cache.get user:7", "miss", "", "v1", {
      "reader-1": "db.read user:7",
      "writer-1": "db.write user:7",
    }),
    step("reader-1", "db.read user:7", "row v1", "", "v1", {
      "reader-1": "cache.set user:7",
      "writer-1": "db.write user:7",
    }),
    step("writer-1", "db.write user:7", "committed v2", "", "v2", {
      "reader-1": "cache.set user:7",
      "writer-1": "cache.del user:7",
    }),
    step("writer-1", "cache.del user:7", "no entry", "", "v2", { "reader-1": "cache.set user:7" }),
    step("reader-1", "cache.set user:7", "stored v1", "v1", "v2", {}),
  ],
  decisive: 5,
  says: "reader-1 stores v1, which writer-1 had already replaced in step 3.",
  context_switches: 2,
  minimal: true,
  digest: "a16d1b660ee8e894",
};

const definition = (label, unit, better, shown) => ({ says: label, label, unit, better, shown });

const names = [
  "cache-aside",
  "ttl 1s",
  "ttl 60s",
  "ttl 60s ± 10 %",
  "delete-before",
  "double delete 1s",
  "lease",
  "single-flight",
  "lock",
  "stale-while-revalidate",
  "xfetch",
  "write-through",
];

function strategy(name, index) {
  const random = numbers(index + 1);
  const staleness = index % 4 === 3 ? 0 : 2000 * (index + 1);
  const verdict = ["violated", "proven", "clean-so-far", "vacuous"][index % 4];
  const property = {
    name: "no-stale-residue",
    verdict,
    states: 17 + index,
    depth: 5,
    reduction: "all",
    transitions: 21,
    exhausted: verdict === "proven",
  };
  if (verdict === "violated") property.counterexample = counterexample;
  const metrics = {
    reads: estimate(1_129_415, 3700),
    hit_ratio: estimate(0.9 + index / 150, 0.001),
    stale_read_ratio: estimate(staleness / 1e7, 0.0004),
    staleness_us_mean: estimate(staleness, 400),
    db_qps_peak: estimate(2000 / (index + 1) + 100 * (index % 3), 20),
    read_us_p99: estimate(9000 + 700 * index, 200),
    waits_us_p99: { mean: null, ci95: null },
  };
  return {
    strategy: name,
    properties: [property],
    replicates: 5,
    digest: "615c479dc9f28097",
    metrics,
    ...(index > 0 && {
      differences: {
        hit_ratio: estimate(index / 150, 0.001),
        db_qps_peak: estimate(-100 * index, 30),
      },
    }),
    series: series(index, random),
    distributions: {
      read_us: distribution(200, 1, random),
      staleness_us: distribution(1000, 0.01, random),
    },
  };
}

export function twelveStrategies() {
  return {
    cacherace: "0.1.0",
    kind: "compare",
    scenario: {
      title: "Twelve strategies </script><img src=x onerror=\"document.title='owned'\">",
      story: "A scenario with more strategies than a chart has room for.",
      digest: "ec20e633bea4b6a0",
      text: JSON.stringify({
        title: "Twelve",
        strategies: Object.fromEntries(names.map((name) => [name, {}])),
      }),
    },
    seed: 1,
    timing: "latencies",
    complete: true,
    baseline: "cache-aside",
    traffic: {
      duration_us,
      warmup_us: 30 * seconds,
      incidents: [
        { at_us: 300 * seconds, says: "flush" },
        { at_us: 305 * seconds, says: "the cache restarts" },
        { at_us: 420 * seconds, says: "30 % bypass the cache" },
      ],
    },
    results: names.map(strategy),
    expectations: names.map((name, i) => ({
      strategy: name,
      name: "hit_ratio",
      wanted: ">= 90 %",
      found: "95 %",
      met: i % 5 !== 4,
      undecided: false,
    })),
    front: {
      error_metric: "error_ratio",
      staleness_metric: "staleness_us_mean",
      load_metric: "db_qps_peak",
      latency_metric: "read_us_p99",
      members: ["cache-aside", "ttl 60s ± 10 %", "write-through"],
    },
    recommendation: {
      strategy: "write-through",
      says: ['Take "write-through".', "It meets the goal."],
      others: [{ strategy: "lease", because: "needs more queries" }],
    },
    definitions: {
      metrics: {
        reads: definition("reads", "count", "neither", "in full"),
        hit_ratio: definition("hit ratio", "share", "more", "first"),
        stale_read_ratio: definition("stale reads", "share", "less", "first"),
        staleness_us_mean: definition("mean staleness", "us", "less", "first"),
        db_qps_peak: definition("peak DB queries/s", "per second", "less", "first"),
        read_us_p99: definition("p99 read", "us", "less", "first"),
        waits_us_p99: definition("p99 waits", "us", "less", "in full"),
      },
      properties: { "no-stale-residue": "no old entry stays" },
    },
  };
}
