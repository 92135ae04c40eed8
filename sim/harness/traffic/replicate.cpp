#include "sim/harness/traffic/replicate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/engine/clock/clock.hpp"
#include "sim/harness/trace/broken_run.hpp"
#include "sim/harness/trace/traces.hpp"

namespace cacherace::harness {
namespace {

// Cached copies that differ from their row, in the shared cache and in those of the processes.
std::uint64_t stale_entries(const world::World& world, SimTime now, StopPoint& stop_point) {
  const auto& layout = world.layout;
  std::uint64_t count = 0;
  for (Key key = 0; key < layout.keys(); ++key) {
    stop_point(1 + (layout.local_caches ? layout.processes : 0));
    const auto is_stale = [&](const world::Entry& entry) {
      return entry.answers() && entry.number != world.row(key);
    };
    count += is_stale(world.cache.peek(world.current_name(key), now));
    for (std::uint32_t process = 0; layout.local_caches && process < layout.processes; ++process)
      count += is_stale(world.locals.peek(world.local_name(key, process), now));
  }
  return count;
}

judge::Copies copies_of(const world::Layout& layout) {
  return {.rows = layout.rows,
          .derived = layout.derived,
          .processes = layout.local_caches ? layout.processes : 0,
          .stale_area = layout.stale_values.has_value()};
}

// The meter, and before it whoever listens as well.
class Listeners {
 public:
  Listeners(const scenario::Traffic& traffic, judge::Meter& meter, const ReplicateOptions& options)
      : first_(&meter) {
    const auto add = [&](std::optional<judge::Series>& series, Duration width) {
      first_ =
          &series.emplace(judge::Buckets{.width = width, .end = traffic.duration}, *first_, meter);
    };
    if (options.watch) add(watched_, options.watch->step);
    if (options.series) add(series_, *options.series);
  }
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;

  Observer& first() { return *first_; }
  std::optional<judge::Series>& series() { return series_; }
  const std::optional<judge::Series>& watched() const { return watched_; }

 private:
  Observer* first_;
  std::optional<judge::Series> watched_, series_;
};

// Entries in which some row differs from the database, under whatever name.
std::uint64_t stale_entries_of_script(const world::World& world, strategy::Scripted& script,
                                      SimTime now, StopPoint& stop_point) {
  std::uint64_t count = 0;
  for (const world::Cache* cache : {&world.cache, &world.locals})
    for (world::SlotId slot = 0; slot < cache->slots(); ++slot) {
      stop_point();
      const world::Entry& entry = cache->entry(slot);
      if (!entry.present() || entry.expires_at < now) continue;
      const world::Name name = cache->names().name_of(slot);
      const Value value = cache->value_of(name, entry);
      const auto rows = script.rows_in(value);
      const bool differs = std::ranges::any_of(
          rows, [&](Value row) { return world.row(row.key()) != row.version(); });
      const bool denies = entry.content == world::Content::no_row && world.row(name.key) != 0;
      count += static_cast<std::uint64_t>(differs || denies);
    }
  return count;
}

void note_starts(const world::World& world, judge::Meter& meter, StopPoint& stop_point) {
  for (Key key = 0; key < world.layout.keys(); ++key) {
    stop_point();
    if (key < world.layout.rows && world.row(key) == 0) meter.starts_absent(key);
    if (world.cache.peek(world.current_name(key), start_of_time).answers())
      meter.starts_cached(key);
  }
}

std::optional<Replicate> simulated(const scenario::Scenario& scenario,
                                   const scenario::Strategy& settings,
                                   const engine::KeySampler& sampler,
                                   const ReplicateOptions& options) {
  const auto strategy = strategy::compose(settings, scenario.clients.retries);
  const SimTime from = start_of_time + scenario.traffic.warmup;
  StopPoint stop_point([&] { return options.go_on(start_of_time, 0); });
  judge::Meter meter(copies_of(engine::layout_in(scenario, strategy)), from,
                     start_of_time + scenario.traffic.duration, scenario.traffic.peak_window);
  if (strategy.make_script) meter.reads_of_script();
  for (const auto& incident : scenario.traffic.incidents)
    meter.incident(start_of_time + incident.at);
  Listeners listeners(scenario.traffic, meter, options);
  const Traces traces(scenario, stop_point);
  engine::Clock clock(scenario, strategy, sampler, options.seed, listeners.first(),
                      traces.sources(), nullptr, stop_point);
  note_starts(clock.world(), meter, stop_point);
  auto& series = listeners.series();
  if (series) series->watch_memory([&] { return clock.world().cache.memory_used(); });
  if (!clock.run([&](SimTime now) { return options.go_on(now, meter.operations()); }))
    return std::nullopt;

  const auto residue =
      clock.script() != nullptr
          ? stale_entries_of_script(clock.world(), *clock.script(), clock.now(), stop_point)
          : stale_entries(clock.world(), clock.now(), stop_point);
  Replicate replicate{.metrics = meter.metrics(residue, clock.server_stats()),
                      .digest = clock.digest(),
                      .notes = traces.notes()};
  if (series) {
    series->close();
    replicate.curves = series->curves();
  }
  if (options.distributions)
    replicate.distributions = {{"read_us", meter.read_times()},
                               {"write_us", meter.write_times()},
                               {"staleness_us", meter.stalenesses()}};
  if (const auto& watch = options.watch)
    replicate.first_below =
        judge::first_below(*listeners.watched(), watch->steps, from, watch->enough);
  return replicate;
}

BrokenRun out_of_time(const scenario::Scenario& scenario, const scenario::Strategy& settings,
                      std::uint64_t seed, const engine::OutOfTime& late) {
  return {{.kind = Problem::Kind::meaning,
           .file = scenario.file,
           .pointer = late.pointer,
           .fact = fmt::format("under strategy \"{}\" and seed {}, {} until after 200 years, the "
                               "limit of a run's clock",
                               settings.name, seed, late.says),
           .fix = "shorten whatever takes that long, or send less traffic"}};
}

}  // namespace

std::optional<Replicate> simulate(const scenario::Scenario& scenario,
                                  const scenario::Strategy& settings,
                                  const engine::KeySampler& sampler,
                                  const ReplicateOptions& options) {
  try {
    return simulated(scenario, settings, sampler, options);
  } catch (const Stopped&) {
    return std::nullopt;
  } catch (const engine::OutOfTime& late) {
    throw out_of_time(scenario, settings, options.seed, late);
  }
}

}  // namespace cacherace::harness
