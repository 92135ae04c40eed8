// What the parts cost that every simulated effect or every visited state needs.

#include <benchmark/benchmark.h>

#include "sim/engine/arrivals/distributions.hpp"
#include "sim/engine/arrivals/popularity.hpp"
#include "sim/engine/clock/agenda.hpp"
#include "sim/judge/statistics/histogram.hpp"
#include "sim/search/state_table.hpp"
#include "sim/search/zone.hpp"
#include "sim/world/world.hpp"

namespace cacherace {
namespace {

using benchmark::State;

// ---- the clock engine --------------------------------------------------------------------------

void agenda(State& state) {
  const auto actors = static_cast<engine::RunActor>(state.range(0));
  engine::Agenda agenda(actors);
  Words words(1, 0, Purpose::effect);
  const auto set = [&](engine::RunActor actor, SimTime from) {
    const std::uint64_t word = words.next();
    agenda.set(actor, from + Duration(word >> 44), static_cast<std::uint32_t>(word));
  };
  for (engine::RunActor actor = 0; actor < actors; ++actor) set(actor, start_of_time);
  for (auto _ : state) set(agenda.next(), agenda.next_time());
}
BENCHMARK(agenda)->Arg(100)->Arg(10'000)->Arg(1'000'000);

void draw_of_a_stream(State& state) {
  std::uint64_t actor = 0;
  for (auto _ : state) benchmark::DoNotOptimize(draw(1, actor++, Purpose::effect, 0));
}
BENCHMARK(draw_of_a_stream);

// A sampler takes words; each word is drawn before.
template <typename Sample>
void sample(State& state, const Sample& sample) {
  Words words(1, 0, Purpose::request);
  std::vector<std::uint64_t> drawn(1 << 16);
  for (auto& word : drawn) word = words.next();
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(sample(drawn[i++ % drawn.size()]));
}

void sample_keys(State& state) {
  const engine::KeySampler keys(scenario::Zipf{}, static_cast<Key>(state.range(0)));
  sample(state, [&](std::uint64_t word) { return keys.sample(word); });
}
BENCHMARK(sample_keys)->Arg(200)->Arg(1'000'000);

void sample_poisson(State& state) {
  const Rate rate{2000 * Decimal::one};
  sample(state, [&](std::uint64_t word) { return engine::poisson_gap(rate, word); });
}
BENCHMARK(sample_poisson);

void sample_lognormal(State& state) {
  const scenario::Lognormal latency{.median = Duration(400'000), .p99 = Duration(2'000'000)};
  sample(state, [&](std::uint64_t word) { return engine::lognormal(latency, word, ~word); });
}
BENCHMARK(sample_lognormal);

void histogram_add(State& state) {
  judge::Histogram histogram;
  sample(state, [&](std::uint64_t word) {
    histogram.add(Duration(word >> 40));
    return histogram.count();
  });
}
BENCHMARK(histogram_add);

// ---- the world ---------------------------------------------------------------------------------

constexpr Key some_keys = 10'000;

void cache_get(State& state) {
  world::Cache cache(world::Layout{.rows = some_keys});
  for (Key key = 0; key < some_keys; ++key)
    cache.store({.key = key}, {.number = 1, .content = world::Content::row}, start_of_time);
  Key key = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(cache.meet({.key = key++ % some_keys}, start_of_time).entry.number);
}
BENCHMARK(cache_get);

void cache_set(State& state) {
  world::Cache cache(world::Layout{.rows = some_keys});
  const world::Entry entry{.number = 1, .content = world::Content::row};
  Key key = 0;
  for (auto _ : state) cache.store({.key = key++ % some_keys}, entry, start_of_time);
}
BENCHMARK(cache_set);

void world_perform(State& state, EffectKind kind) {
  world::World world(world::Layout{.rows = some_keys});
  Key key = 0;
  for (auto _ : state) {
    const Effect effect{.kind = kind, .key = key++ % some_keys, .version = 1};
    benchmark::DoNotOptimize(world.perform(effect, world::no_client, start_of_time));
  }
}
BENCHMARK_CAPTURE(world_perform, cache_set, EffectKind::cache_set);
BENCHMARK_CAPTURE(world_perform, cache_get, EffectKind::cache_get);
BENCHMARK_CAPTURE(world_perform, db_read, EffectKind::db_read);

// ---- the search --------------------------------------------------------------------------------

void state_table_insert(State& state) {
  constexpr std::uint32_t fresh = 1 << 16;
  for (auto _ : state) {
    search::StateTable table;
    for (std::uint32_t i = 0; i < fresh; ++i) {
      const search::StateTable::Added added = table.add(std::vector<Word>{i, i * 7, i % 5, 3});
      benchmark::DoNotOptimize(added);
    }
  }
  state.SetItemsProcessed(state.iterations() * fresh);
}
BENCHMARK(state_table_insert);

void zone_step(State& state) {
  constexpr std::size_t clocks = 8;
  const std::vector<search::Bound> latest(clocks, 1'000'000);
  std::vector<std::size_t> from(clocks);
  for (std::size_t i = 0; i < clocks; ++i) from[i] = i;
  from[3] = search::Zone::is_new;
  search::Zone zone = search::Zone::of_any_age(clocks);
  zone.pass(latest);
  search::Zone next;
  for (auto _ : state) {  // a client's effect: its clock starts again, then time passes
    next.take_clocks(zone, from);
    next.at_least(2, 100'000);
    next.pass(latest);
    benchmark::DoNotOptimize(zone.contains(next));
  }
}
BENCHMARK(zone_step);

}  // namespace
}  // namespace cacherace

BENCHMARK_MAIN();
