// From the choices of a scenario to protocols and their options.

#include <algorithm>
#include <mutex>
#include <tuple>
#include <variant>

#include "sim/core/checked_time.hpp"
#include "sim/core/fixed.hpp"
#include "sim/scenario/script_program.hpp"
#include "sim/script/script_error.hpp"
#include "sim/strategy/protocols.hpp"

namespace cacherace::strategy {
namespace {

void expire(const scenario::Expiry& expiry, Strategy& out) {
  out.ttl = expiry.ttl.value_or(Duration::max());
  out.negative = expiry.negative;
}

// After the slots, some of which set the TTL.
void spread_ttl(Share jitter, Strategy& out) {
  if (jitter.billionths > 0) out.ttl_spread = part_of(out.ttl, jitter);
}

void guard(const scenario::Guards& guards, Strategy& out) {
  out.layout.filter = guards.bloom_filter;
  if (guards.hold_off) {
    out.leaves = Leaves::hold_off;
    out.leaves_for = guards.hold_off->time;
  }
  if (guards.remote_marker) {
    out.layout.markers = true;
    out.mark_ttl = guards.remote_marker->ttl;
  }
  if (!guards.local_cache) return;
  out.local_cache = guards.local_cache;
  out.layout.local_caches = true;
  out.layout.flushes_locals =
      guards.local_cache->disconnect == scenario::LocalCache::Disconnect::flush;
  out.layout.processes = std::max(out.layout.processes, guards.local_cache->processes);
}

// The world that a script needs follows from what it mentions.
Strategy compose_script(const scenario::Strategy& settings, std::uint32_t retries) {
  auto loaded = scenario::load_script(*settings.script);
  if (!loaded) {
    const Problem& problem = loaded.error().front();
    script::ScriptError error(problem.file, static_cast<std::uint32_t>(problem.line), problem.fact);
    error.stack = problem.below;
    throw error;
  }
  const auto program = std::make_shared<const script::Program>(*std::move(loaded));
  Strategy out{.name = settings.name};
  out.retries = retries;
  out.message = settings.script->message;
  out.names_clients = program->names_clients;
  out.script_blocks = program->waits;
  out.remembers = program->remembers;
  out.reads_several = program->reads_several;
  out.layout.scripted = true;
  out.layout.transactions = program->transactions;
  out.layout.processes = settings.script->processes;
  // Races of the same rows share what they learn, so that nodes mean the same in all of them.
  struct Made {
    std::mutex mutex;
    std::vector<std::tuple<std::vector<std::string>, Scripted::Options, std::shared_ptr<Scripted>>>
        all;
  };
  out.make_script = [program, made = std::make_shared<Made>()](const RowNames& rows,
                                                               Scripted::Options options) {
    const std::lock_guard lock(made->mutex);
    for (const auto& [names, asked, known] : made->all)
      if (names == rows.rows && asked == options) return known;
    auto outside = scenario::script_environment(rows.name_of);
    const auto now = options.live ? std::make_shared<SimTime>() : nullptr;
    outside.now = now;
    auto scripted = std::make_shared<Scripted>(
        conversations(*program, std::move(outside), options.live, options.merges), program, rows,
        options, now);
    if (!options.live) made->all.emplace_back(rows.rows, options, scripted);
    return scripted;
  };
  return out;
}

}  // namespace

Duration part_of(Duration whole, Share share) {
  return Duration(multiply_divide(whole.count(), share.billionths, Decimal::one));
}

Strategy compose(const scenario::Strategy& settings, std::uint32_t retries) {
  if (settings.script) return compose_script(settings, retries);
  Strategy out{.name = settings.name};
  out.retries = retries;
  out.invalidate = delete_keys;
  const auto choice = [&](const auto& chosen) { compose(chosen, out); };
  expire(settings.expiry, out);
  std::visit(choice, settings.read);
  std::visit(choice, settings.load);
  std::visit(choice, settings.fill);
  std::visit(choice, settings.write);
  spread_ttl(settings.expiry.jitter, out);
  guard(settings.guards, out);
  return out;
}

}  // namespace cacherace::strategy
