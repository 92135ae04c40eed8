#include "sim/core/effect.hpp"

#include <array>

#include "sim/core/assert.hpp"

namespace cacherace {
namespace {

std::string_view name_of_set(When when) {
  switch (when) {
    case When::always:
      return "cache.set";
    case When::absent:
      return "cache.add";
    case When::newer:
      return "cache.set-if-newer";
    case When::same_generation:
      return "cache.set-if-generation";
    case When::leased:
      return "cache.lease-set";
    case When::not_held:
      return "cache.set-unless-held";
    case When::present:
      return "cache.replace";
  }
  SIM_ASSERT(false);
  return "";
}

enum class About : std::uint8_t { one_key, all };

// What it does to its party; one that `stores` may leave an entry whose time then runs.
enum class Access : std::uint8_t { reads, writes, stores };

// It `runs` at once and in one way, or `branches`: a search tries its other outcome as well; or
// `blocks`: something else may have to happen before it.
enum class Course : std::uint8_t { runs, branches, blocks };

// No column has a default: whoever adds an effect decides on each.
struct Traits {
  constexpr Traits(std::string_view name_, Party party_, About about_, Access access_,
                   Course course_)
      : name(name_), party(party_), about(about_), access(access_), course(course_) {}

  std::string_view name;
  Party party;
  About about;
  Access access;
  Course course;
};

constexpr auto traits = [] {
  using enum Party;
  using enum About;
  using enum Access;
  using enum Course;
  return std::to_array<Traits>({
      {"cache.get", cache, one_key, reads, branches},
      {"cache.set", cache, one_key, stores, runs},
      {"cache.del", cache, one_key, stores, runs},
      {"cache.set-ttl", cache, one_key, stores, runs},
      {"cache.lease-get", cache, one_key, stores, runs},
      {"cache.lock", cache, one_key, stores, runs},
      {"cache.unlock", cache, one_key, writes, runs},
      {"cache.unlock-any", cache, one_key, writes, runs},
      {"cache.get-version", cache, all, reads, runs},
      {"cache.seed-version", cache, all, writes, runs},
      {"cache.bump-version", cache, all, writes, runs},
      {"cache.mark", cache, one_key, stores, runs},
      {"cache.get-mark", cache, one_key, reads, runs},
      {"cache.keys", cache, all, reads, runs},
      {"cache.scan", cache, all, reads, runs},
      {"cache.del-listed", cache, all, writes, runs},
      {"cache.write", cache, all, stores, runs},  // it touches the queue as well
      {"cache.clean", cache, all, writes, runs},
      {"cache.expire", cache, one_key, writes, runs},
      {"cache.soften", cache, one_key, writes, runs},
      {"cache.evict", cache, one_key, writes, runs},
      {"cache.flush", cache, all, writes, runs},
      {"cache.restart", cache, all, writes, runs},
      {"db.read", database, one_key, reads, runs},
      {"db.write", database, one_key, writes, runs},
      {"db.begin", database, one_key, writes, blocks},
      {"db.commit", database, one_key, writes, runs},
      {"db.apply", database, all, writes, runs},
      {"queue.append", cache, all, writes, runs},
      {"queue.take", cache, all, writes, runs},
      {"flight.join", process, one_key, writes, runs},
      {"flight.wait", process, one_key, writes, blocks},
      {"flight.finish", process, one_key, writes, runs},
      {"flight.forget", process, one_key, writes, runs},
      {"local.get", process, one_key, reads, runs},
      {"local.set", process, one_key, stores, runs},
      {"local.del", process, one_key, writes, runs},
      {"filter.check", process, one_key, reads, branches},
      {"filter.add", process, all, writes, runs},
      {"wait", process, one_key, writes, branches},
      {"cache.block", cache, all, writes, runs},
      {"cache.publish", cache, all, writes, runs},
      {"db.block", database, all, reads, runs},
      {"db.delete", database, one_key, writes, runs},
      {"db.roll-back", database, all, writes, runs},
      {"memory.get", process, all, reads, runs},
      {"memory.set", process, all, stores, runs},
      {"memory.del", process, all, writes, runs},
      {"memory.block", process, all, writes, runs},
      {"memory.await", process, all, reads, blocks},
      {"memory.lock", process, all, writes, blocks},
      {"memory.unlock", process, all, writes, runs},
      {"choose", process, one_key, reads, runs},
      {"cache.ttl", cache, one_key, reads, runs},
      {"cache.watch", cache, one_key, writes, runs},
      {"cache.unwatch", cache, all, writes, runs},
  });
}();
static_assert(traits.size() == effect_kinds);

const Traits& of(EffectKind kind) { return traits[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view name(const Effect& effect) {
  return effect.kind == EffectKind::cache_set ? name_of_set(effect.when) : of(effect.kind).name;
}

std::string_view name(OperationKind kind) {
  switch (kind) {
    case OperationKind::read:
      return "read";
    case OperationKind::write:
      return "write";
    case OperationKind::background:
      return "background";
    case OperationKind::mishap:
      return "mishap";
  }
  SIM_ASSERT(false);
  return "";
}

std::string_view name(Task task) {
  switch (task) {
    case Task::none:
      return "";
    case Task::second_delete:
      return "second-delete";
    case Task::refresh:
      return "refresh";
    case Task::flush:
      return "flush";
    case Task::propagate:
      return "propagate";
    case Task::end_group:
      return "end-group";
    case Task::tell:
      return "tell";
    case Task::late:
      return "late";
    case Task::mishap:
      return "mishap";
    case Task::spawned:
      return "spawned";
    case Task::message:
      return "message";
  }
  SIM_ASSERT(false);
  return "";
}

Party party(EffectKind kind) { return of(kind).party; }
bool touches_all(EffectKind kind) { return of(kind).about == About::all; }
bool only_reads(EffectKind kind) { return of(kind).access == Access::reads; }
bool may_start_a_time(EffectKind kind) { return of(kind).access == Access::stores; }
bool may_branch(EffectKind kind) { return of(kind).course == Course::branches; }
bool may_block(EffectKind kind) { return of(kind).course == Course::blocks; }

bool conflicts(const Effect& a, const Effect& b) {
  // What a replica applies also takes the mark of its key out of the cache.
  if (a.kind == EffectKind::db_apply || b.kind == EffectKind::db_apply) return true;
  // Who loses the connection to a cache that restarts flushes its own.
  const auto restarts = [](const Effect& effect) {
    return effect.kind == EffectKind::cache_restart;
  };
  if ((restarts(a) && party(b.kind) == Party::process) ||
      (restarts(b) && party(a.kind) == Party::process))
    return true;
  const bool same_name = a.named == b.named && (a.named != 0 || a.key == b.key);
  const bool common = same_name || touches_all(a.kind) || touches_all(b.kind);
  return party(a.kind) == party(b.kind) && common && !(only_reads(a.kind) && only_reads(b.kind));
}

}  // namespace cacherace
