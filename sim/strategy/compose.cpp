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

Duration part_of(Duration whole, Share share) {
  return Duration(multiply_divide(whole.count(), share.billionths, Decimal::one));
}

// Each slot sets its protocol, its options and what it needs of a world.
struct Composer {
  Strategy out;

  // read
  void operator()(const scenario::PlainRead&) { out.read = plain_read; }
  void operator()(const scenario::DirectRead&) { out.read = direct_read; }
  void operator()(const scenario::StaleWhileRevalidate& read) {
    out.read = stale_while_revalidate;
    out.soft = read.soft;
    out.ttl = read.hard;
    refreshes(read.refresh_lock);
  }
  void operator()(const scenario::RefreshAhead& read) {
    out.read = stale_while_revalidate;
    out.soft = part_of(out.ttl, read.threshold);
    refreshes(read.refresh_lock);
  }
  void operator()(const scenario::XFetch& read) {
    out.read = xfetch;
    out.early = true;
    out.beta = read.beta;
  }
  void operator()(const scenario::StaleIfError& read) {
    out.read = stale_if_error;
    out.soft = out.ttl;
    out.kept = read.keep;
    out.ttl = plus(out.ttl, read.keep);
  }

  // load
  void operator()(const scenario::EveryReader&) { out.load = every_reader_loads; }
  void operator()(const scenario::SingleFlight& load) {
    out.load = single_flight;
    out.forget = load.forget;
    out.layout.flights = true;
    out.layout.processes = load.processes;
  }
  void operator()(const scenario::ReadThrough& load) {
    out.load = read_through;
    out.layout.flights = true;
    out.layout.processes = load.nodes;
  }
  void operator()(const scenario::Lock& load) {
    out.load = lock_and_load;
    out.lock = load;
    out.layout.locks = true;
  }
  void operator()(const scenario::Lease& load) {
    out.load = lease_and_load;
    out.lease = load;
    out.layout.leases = true;
    out.layout.lease_rate = load.rate;
    out.layout.lease_ttl = load.token_ttl;
    out.layout.stale_values = load.stale;
  }

  // fill
  void operator()(const scenario::SetFill&) { out.store = set_fill; }
  void operator()(const scenario::SetThenExpire&) { out.store = set_then_expire; }
  void operator()(const scenario::AddFill&) { out.store = add_fill; }
  void operator()(const scenario::SetIfNewer& fill) {
    out.store = set_if_newer;
    if (!fill.tombstones) return;
    out.leaves = Leaves::tombstone;
    out.leaves_for = *fill.tombstones;
  }
  void operator()(const scenario::GenerationCheck&) {
    out.store = set_if_generation;
    out.leaves = Leaves::generation;
    out.layout.generations = true;
  }
  void operator()(const scenario::LeaseSet&) { out.store = lease_set; }

  // write
  void operator()(const scenario::NoInvalidation&) { out.write = write_without_invalidation; }
  void operator()(const scenario::DeleteAfter&) { out.write = delete_after_commit; }
  void operator()(const scenario::DeleteBefore&) { out.write = delete_before_commit; }
  void operator()(const scenario::DeleteInTransaction&) {
    out.write = delete_in_transaction;
    out.layout.transactions = true;
  }
  void operator()(const scenario::DoubleDelete& write) {
    out.write = double_delete;
    out.second_delete = write;
  }
  void operator()(const scenario::SetAfter& write) {
    out.write = set_after_commit;
    out.written_ttl = write.ttl;
  }
  void operator()(const scenario::WriteThrough& write) {
    out.write = write_through;
    out.write_through = write;
    out.layout.locks |= write.lock.has_value();
    out.layout.transactions = write.order == scenario::WriteThrough::Order::cache_first;
  }
  void operator()(const scenario::WriteBehind& write) {
    out.write = write_behind;
    out.write_behind = write;
    out.layout.volatile_queue = write.queue == scenario::WriteBehind::Queue::in_cache;
    out.layout.coalesce = write.coalesce;
  }
  void operator()(const scenario::BumpVersion& write) {
    out.write = delete_after_commit;
    out.invalidate = bump_version;
    out.by_group = true;
    out.seed = write.seed;
    out.layout.versions = true;
  }
  void operator()(const scenario::DeleteByKeys&) {
    out.write = delete_after_commit;
    out.invalidate = delete_by_keys;
    out.by_group = true;
  }
  void operator()(const scenario::DeleteByScan& write) {
    out.write = delete_after_commit;
    out.invalidate = delete_by_scan;
    out.by_group = true;
    out.scan_count = write.count;
  }
  void operator()(const scenario::ChangeDataCapture& write) {
    out.write = write_without_invalidation;
    out.follows_log = true;
    out.lag = write.lag;
  }

  // A refresh looks at its lock once: whoever finds it taken leaves the refresh to its holder.
  void refreshes(std::optional<Duration> lock_ttl) {
    out.layout.locks = true;
    out.lock.ttl = lock_ttl.value_or(scenario::refresh_lock_default);
  }

  void expire(const scenario::Expiry& expiry) {
    out.ttl = expiry.ttl.value_or(Duration::max());
    out.negative = expiry.negative;
  }
  void spread(Share jitter) {
    if (jitter.billionths > 0) out.ttl_spread = part_of(out.ttl, jitter);
  }

  void guard(const scenario::Guards& guards) {
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
};

}  // namespace

namespace {

// The world that a script needs follows from what it mentions.
Strategy compose_script(const scenario::Strategy& settings, std::uint32_t retries) {
  auto loaded = scenario::load_script(*settings.script);
  if (!loaded) throw script::ScriptError(to_text(loaded.error().front()));
  const auto program = std::make_shared<const script::Program>(*std::move(loaded));
  Strategy out{.name = settings.name};
  out.retries = retries;
  out.message = settings.script->message;
  out.names_clients = program->names_clients;
  out.script_blocks = program->waits;
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
    auto scripted = std::make_shared<Scripted>(
        conversations(*program, scenario::script_environment(rows.name_of), options.live,
                      options.merges),
        program, rows, options);
    if (!options.live) made->all.emplace_back(rows.rows, options, scripted);
    return scripted;
  };
  return out;
}

}  // namespace

Strategy compose(const scenario::Strategy& settings, std::uint32_t retries) {
  if (settings.script) return compose_script(settings, retries);
  Composer composer;
  composer.out.name = settings.name;
  composer.out.retries = retries;
  composer.out.invalidate = delete_keys;
  composer.expire(settings.expiry);
  std::visit(composer, settings.read);
  std::visit(composer, settings.load);
  std::visit(composer, settings.fill);
  std::visit(composer, settings.write);
  composer.spread(settings.expiry.jitter);
  composer.guard(settings.guards);
  return composer.out;
}

}  // namespace cacherace::strategy
