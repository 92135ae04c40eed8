// The arguments of steps, as in counterexample files: with them a step can be performed on a server
// of another kind.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/engine/race/race.hpp"

namespace cacherace::engine {
namespace {

using Names = std::vector<std::string>;

std::string ttl_text(Duration ttl) { return ttl == Duration::max() ? "none" : written(ttl); }

std::string name_of(Leaves leaves) {
  switch (leaves) {
    case Leaves::nothing:
      break;
    case Leaves::tombstone:
      return "tombstone";
    case Leaves::hold_off:
      return "hold-off";
    case Leaves::generation:
      return "generation";
  }
  return "nothing";
}

std::string name_of(Until until) {
  switch (until) {
    case Until::unlocked:
      break;
    case Until::filled_or_unlocked:
      return "filled or unlocked";
    case Until::filled_or_leasable:
      return "filled or leasable";
  }
  return "unlocked";
}

// Of one step.
class ArgsOf {
 public:
  ArgsOf(const Race& race, const Race::State& before, const Step& step, const Race::State& after)
      : race_(race), before_(before), step_(step), after_(after) {}

  Args take() {
    if (step_.turn == Turn::crashed) return std::move(args_);
    if (step_.node != 0) return std::move(args_);  // its label says all
    add_all();
    return std::move(args_);
  }

 private:
  void add(std::string name, Arg value) { args_.emplace_back(std::move(name), std::move(value)); }
  void add_number(std::string name, std::uint64_t value) { add(std::move(name), value); }
  void add_ttl() {
    add("ttl", ttl_text(effect().ttl));
    add("ttl_spread", written(effect().ttl_spread));
  }

  const Effect& effect() const { return step_.effect; }
  const Reply& reply() const { return step_.reply; }
  const world::Layout& layout() const { return race_.strategy().layout; }
  std::string key_name(Key key) const { return race_.plan().key_name(key); }

  void add_all() {
    switch (effect().kind) {
      case EffectKind::cache_get:
      case EffectKind::cache_lease_get:
        return add_get();
      case EffectKind::cache_set:
        return add_set();
      case EffectKind::cache_del:
        return add_del();
      case EffectKind::cache_set_ttl:
      case EffectKind::cache_mark:
        return add_ttl();
      case EffectKind::cache_lock:
        add_number("token", effect().token);
        return add("ttl", ttl_text(effect().ttl));
      case EffectKind::cache_unlock:
        return add_number("token", effect().token);
      case EffectKind::cache_seed_version:
      case EffectKind::cache_bump_version:
        return add_seed();
      case EffectKind::cache_keys:
      case EffectKind::cache_scan:
        return add_listing();
      case EffectKind::cache_del_listed:
        return add("keys", listed(before_));
      case EffectKind::cache_write:
        add_ttl();
        add("soft", ttl_text(effect().soft));
        [[fallthrough]];
      case EffectKind::queue_append:
        if (step_.happened()) add_number("version", reply().version);
        return add("queue", queue());
      case EffectKind::cache_clean:
        add_number("version", effect().version);
        return add("queue", queue());
      case EffectKind::queue_take:
        if (reply().found) {
          add("key", key_name(reply().token));
          add_number("version", reply().version);
        }
        return add("queue", queue());
      case EffectKind::db_read:
      case EffectKind::db_write:
      case EffectKind::db_begin:
      case EffectKind::db_commit:
      case EffectKind::db_apply:
        return add_row();
      case EffectKind::cache_restart:
        if (layout().local_caches) add("flushes_local_caches", layout().flushes_locals);
        return;
      case EffectKind::flight_join:
      case EffectKind::flight_wait:
      case EffectKind::flight_finish:
      case EffectKind::flight_forget:
      case EffectKind::local_get:
      case EffectKind::local_set:
      case EffectKind::local_del:
        return add_process();
      case EffectKind::wait:
        add("after", written(effect().after));
        add("give_up", written(effect().give_up));
        return add("until", name_of(effect().until));
      case EffectKind::cache_block:
      case EffectKind::cache_publish:
      case EffectKind::db_block:
      case EffectKind::db_delete:
      case EffectKind::db_roll_back:
      case EffectKind::memory_get:
      case EffectKind::memory_set:
      case EffectKind::memory_del:
      case EffectKind::memory_block:
      case EffectKind::memory_await:
      case EffectKind::memory_lock:
      case EffectKind::memory_unlock:
      case EffectKind::choose:
      case EffectKind::cache_ttl:
      case EffectKind::cache_watch:
      case EffectKind::cache_unwatch:
      case EffectKind::cache_unlock_any:
      case EffectKind::cache_get_version:
      case EffectKind::cache_get_mark:
      case EffectKind::cache_expire:
      case EffectKind::cache_soften:
      case EffectKind::cache_evict:
      case EffectKind::cache_flush:
      case EffectKind::filter_check:
      case EffectKind::filter_add:
        return;
    }
  }

  // A miss also tells the key's generation; a lease is asked for with a token.
  void add_get() {
    if (effect().kind == EffectKind::cache_lease_get) {
      add_number("token", effect().token);
      add("lease_ttl", written(layout().lease_ttl));
      add("lease_rate", written(layout().lease_rate));
      if (step_.happened()) add("given", !reply().found && !reply().refused);
    } else if (layout().generations && step_.happened()) {
      add_number("generation", reply().token);
    }
  }

  void add_set() {
    add_number("version", effect().version);
    if (effect().keeps_ttl) {
      add("ttl", "keep");
    } else {
      add_ttl();
    }
    add("soft", ttl_text(effect().soft));
    if (effect().when == When::leased) add_number("token", effect().token);
    if (effect().when == When::same_generation) add_number("generation", effect().token);
  }

  void add_del() {
    const Leaves leaves = effect().leaves;
    add("leaves", name_of(leaves));
    if (leaves == Leaves::tombstone) add_number("version", effect().version);
    if (leaves == Leaves::tombstone || leaves == Leaves::hold_off)
      add("ttl", ttl_text(effect().ttl));
    if (leaves == Leaves::generation && step_.happened())
      add_number(
          "generation",
          after_.world.cache.peek({world::Space::generation, effect().key}, start_of_time).number);
    if (layout().leases) add("voids_lease", true);
    if (layout().stale_values) add("keeps_stale_for", written(*layout().stale_values));
  }

  // A version that is not there starts with `seed`.
  void add_seed() {
    if (effect().token != 0)
      add_number("seed", effect().token);
    else if (step_.happened() && !reply().found)
      add_number("seed", reply().token);
    else
      add("seed", "unused");
  }

  // What the command looks at, and which of it is there.
  void add_listing() {
    const bool whole = effect().kind == EffectKind::cache_keys;
    const Key from = whole ? 0 : effect().token;
    const Key to =
        whole ? layout().keys() : std::min(layout().keys(), Key{from + effect().version});
    add_number("group", layout().group_of(effect().key));
    if (layout().groups == 1) add("pattern", "*");
    if (!whole) {
      add_number("cursor", effect().token);
      add_number("count", effect().version);
      if (step_.happened()) add_number("next_cursor", reply().token);
    }
    Names among;
    for (Key key = from; key < to; ++key)
      if (layout().group_of(key) == layout().group_of(effect().key)) among.push_back(key_name(key));
    add("among", std::move(among));
    if (step_.happened()) add("keys", listed(after_));
  }

  void add_row() {
    const EffectKind kind = effect().kind;
    add("row",
        key_name(layout().has_row(effect().key) ? layout().row_of(effect().key) : effect().key));
    if (kind == EffectKind::db_read) add("from", effect().from_replica ? "replica" : "primary");
    if (kind == EffectKind::db_apply || effect().from_replica)
      add_number("replica", effect().token + 1);
    if (kind == EffectKind::db_read) return;
    if (effect().version != 0)
      add_number("version", effect().version);
    else if (step_.happened())
      add_number("version", reply().version);
  }

  void add_process() {
    const auto process = race_.local_cache(before_, step_);
    add_number("process", process ? *process + 1
                                  : before_.world.clients[step_.actor].process + std::uint64_t{1});
    const EffectKind kind = effect().kind;
    if (kind == EffectKind::local_set || kind == EffectKind::flight_finish)
      add_number("version", effect().version);
    if (kind == EffectKind::local_set) add("ttl", ttl_text(effect().ttl));
  }

  // What KEYS or SCAN listed for the client.
  Names listed(const Race::State& state) const {
    Names names;
    for (const auto& name : state.world.listed(step_.actor)) names.push_back(key_name(name.key));
    return names;
  }

  // After the step, the oldest first.
  Names queue() const {
    Names names;
    for (const auto& queued : after_.world.queue)
      names.push_back(fmt::format("{} v{}", key_name(queued.key), queued.version));
    return names;
  }

  const Race& race_;
  const Race::State& before_;
  const Step& step_;
  const Race::State& after_;
  Args args_;
};

}  // namespace

namespace {

// In a first-level cache, or in the memory that a script uses as one.
bool is_in_process(EffectKind kind) {
  switch (kind) {
    case EffectKind::local_get:
    case EffectKind::local_set:
    case EffectKind::local_del:
    case EffectKind::memory_get:
    case EffectKind::memory_set:
    case EffectKind::memory_del:
    case EffectKind::memory_block:
    case EffectKind::memory_await:
    case EffectKind::memory_lock:
    case EffectKind::memory_unlock:
      return true;
    default:
      return false;
  }
}

}  // namespace

Args Race::args(const State& before, const Step& step, const State& after) const {
  return ArgsOf(*this, before, step, after).take();
}

std::optional<std::uint32_t> Race::local_cache(const State& before, const Step& step) const {
  if (!is_in_process(step.effect.kind)) return std::nullopt;
  if (step.turn == Turn::crashed) return std::nullopt;
  if (step.actor == clock_actor) return step.effect.token;
  return before.world.clients[step.actor].process;
}

}  // namespace cacherace::engine
