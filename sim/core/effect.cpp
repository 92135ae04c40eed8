#include "sim/core/effect.hpp"

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
  }
  SIM_ASSERT(false);
  return "";
}

struct Traits {
  std::string_view name;
  Party party;
  bool touches_all = false;
  bool only_reads = false;
};

constexpr Traits traits[] = {
    {"cache.get", Party::cache, false, true},
    {"cache.set", Party::cache},
    {"cache.del", Party::cache},
    {"cache.set-ttl", Party::cache},
    {"cache.lease-get", Party::cache},
    {"cache.lock", Party::cache},
    {"cache.unlock", Party::cache},
    {"cache.unlock-any", Party::cache},
    {"cache.get-version", Party::cache, true, true},
    {"cache.seed-version", Party::cache, true},
    {"cache.bump-version", Party::cache, true},
    {"cache.mark", Party::cache},
    {"cache.get-mark", Party::cache, false, true},
    {"cache.keys", Party::cache, true, true},
    {"cache.scan", Party::cache, true, true},
    {"cache.del-listed", Party::cache, true},
    {"cache.write", Party::cache, true},  // it touches the queue as well
    {"cache.clean", Party::cache, true},
    {"cache.expire", Party::cache},
    {"cache.soften", Party::cache},
    {"cache.evict", Party::cache},
    {"cache.flush", Party::cache, true},
    {"cache.restart", Party::cache, true},
    {"db.read", Party::database, false, true},
    {"db.write", Party::database},
    {"db.begin", Party::database},
    {"db.commit", Party::database},
    {"db.apply", Party::database, true},
    {"queue.append", Party::cache, true},
    {"queue.take", Party::cache, true},
    {"flight.join", Party::process},
    {"flight.wait", Party::process},
    {"flight.finish", Party::process},
    {"flight.forget", Party::process},
    {"local.get", Party::process, false, true},
    {"local.set", Party::process},
    {"local.del", Party::process},
    {"filter.check", Party::process, false, true},
    {"filter.add", Party::process, true},
    {"wait", Party::process},
};
static_assert(std::size(traits) == effect_kinds);

const Traits& of(EffectKind kind) { return traits[static_cast<int>(kind)]; }

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
  }
  SIM_ASSERT(false);
  return "";
}

Party party(EffectKind kind) { return of(kind).party; }
bool touches_all(EffectKind kind) { return of(kind).touches_all; }
bool only_reads(EffectKind kind) { return of(kind).only_reads; }

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
  const bool common = a.key == b.key || touches_all(a.kind) || touches_all(b.kind);
  return party(a.kind) == party(b.kind) && common && !(only_reads(a.kind) && only_reads(b.kind));
}

}  // namespace cacherace
