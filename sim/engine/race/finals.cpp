// What is left when every client is done.

#include <algorithm>

#include "sim/engine/race/race.hpp"

namespace cacherace::engine {
namespace {

// Of several copies the one that is worst: the oldest that is older than the row, else a phantom.
Version worse_of(Version a, Version b, Version row) {
  const Version oldest = std::min(a, b);
  return oldest < row ? oldest : std::max(a, b);
}

// A copy of the row, as a reader would find it.
void note_copy(FinalKey& final_key, const world::Entry& entry) {
  if (!entry.answers()) return;
  const auto worst = [&](bool any, Version known) {
    return any ? worse_of(known, entry.number, final_key.row_version) : entry.number;
  };
  final_key.cached_version = worst(final_key.cached, final_key.cached_version);
  final_key.cached = true;
  if (entry.expires_at != never) return;
  final_key.kept_version = worst(final_key.kept_for_good, final_key.kept_version);
  final_key.kept_for_good = true;
}

// A value or a lock, found by readers or not.
void note_left(FinalKey& final_key, const world::Entry& entry) {
  final_key.left = true;
  final_key.eternal |= entry.expires_at == never;
}

}  // namespace

std::vector<FinalKey> Race::finals(const State& state) const {
  if (strategy_.script) return finals_of_script(state);
  const auto& world = state.world;
  std::vector<FinalKey> finals(plan_.keys());
  for (Key key = 0; key < finals.size(); ++key) {
    FinalKey& final_key = finals[key];
    final_key.row = strategy_.layout.row_of(key);
    final_key.row_version = world.row(key);
    note_copy(final_key,
              world.cache.peek(world.current_name(key, strategy_.first_version()), start_of_time));
    if (!strategy_.layout.local_caches) continue;
    for (std::uint32_t process = 0; process < strategy_.layout.processes; ++process) {
      const auto& local = world.locals.peek(world.local_name(key, process), start_of_time);
      note_copy(final_key, local);
      if (local.answers()) note_left(final_key, local);
    }
  }
  for (world::SlotId slot = 0; slot < world.cache.slots(); ++slot) {
    const auto& entry = world.cache.entry(slot);
    if (!entry.present()) continue;
    const world::Name name = world.cache.names().name_of(slot);
    if ((name.space == world::Space::value && entry.answers()) || name.space == world::Space::lock)
      note_left(finals[name.key], entry);
  }
  return finals;
}

// ---- of a script -------------------------------------------------------------------------------

// The row that an entry which a script named is about: one that its name holds, else the first.
Key Race::key_of(const world::Name& name) const {
  if (name.space != world::Space::named) return name.key;
  const std::string text = strategy_.script->name_of(name.key + 1);
  Key best = 0;
  std::size_t longest = 0;
  for (Key row = 0; row < plan_.rows.size(); ++row) {
    const std::string& known = plan_.rows[row];
    if (known.size() <= longest || text.find(known) == std::string::npos) continue;
    best = row;
    longest = known.size();
  }
  return best;
}

// Lets an operation run alone, on a copy of the world, and notes which entries it looks at. False
// when it does not end.
bool Race::look(world::World world, std::uint32_t process, const Planned& operation,
                Found& found) const {
  constexpr int steps_max = 1'000;
  const auto who = static_cast<world::ClientIndex>(world.clients.size());
  world.clients.emplace_back();
  const auto client = [&]() -> world::Client& { return world.clients[who]; };
  client().self = token_of(0, std::uint16_t{0}, Task::late, 6);
  client().process = process;
  begin_script(client(), operation);
  for (int step = 0; client().busy(); ++step) {
    if (step == steps_max || !world.enabled(who)) return false;
    const Effect effect = client().pending;
    if (effect.kind == EffectKind::choose && effect.token > 1) return false;
    if (effect.kind == EffectKind::cache_get) found.entries.push_back(world.name_of(effect));
    if (effect.kind == EffectKind::memory_get)
      found.memory.push_back(world.memory_name(effect, who));
    strategy_.resume(client(), world.perform(effect, who, start_of_time));
  }
  return true;
}

// What readers would find: of every row, by `read`, and by the race's own operations. Nothing when
// that cannot be told: then every entry counts.
std::optional<Race::Found> Race::found_by_readers(const State& state) const {
  std::vector<Planned> all;
  const auto add = [&](const Planned& operation) {
    using Kind = scenario::Operation::Kind;
    if (operation.kind != Kind::read && operation.kind != Kind::call) return;
    if (std::ranges::find(all, operation) == all.end()) all.push_back(operation);
  };
  for (Key row = 0; row < plan_.rows.size() && strategy_.script->has("read"); ++row)
    add({.kind = scenario::Operation::Kind::read, .key = row});
  for (const auto& script : plan_.scripts)
    for (const Planned& operation : script.operations) add(operation);
  Found found;
  for (const Planned& operation : all)
    for (std::uint32_t process = 0; process < strategy_.layout.processes; ++process)
      if (!look(state.world, process, operation, found)) return std::nullopt;
  return found;
}

// An entry holds copies of the rows in its value, wherever they stand; under a row's own name
// `false` says that there is none. A token is a lock.
void Race::note_entry(std::vector<FinalKey>& finals, const world::Name& name,
                      const world::Cache& cache, bool in_memory, bool is_found) const {
  const world::Entry& entry = cache.peek(name, start_of_time);
  if (entry.content == world::Content::no_row) {
    if (is_found) note_copy(finals[name.key], entry);
    return note_left(finals[name.key], entry);
  }
  const Value value = cache.value_of(name, entry);
  if (value.kind() == Value::Kind::token && !in_memory) note_left(finals[key_of(name)], entry);
  for (const Value row : strategy_.script->rows_in(value)) {
    world::Entry copy = entry;
    copy.number = row.version();
    if (is_found) note_copy(finals[row.key()], copy);
    if (!in_memory) note_left(finals[row.key()], copy);
  }
}

std::vector<FinalKey> Race::finals_of_script(const State& state) const {
  const auto& world = state.world;
  std::vector<FinalKey> finals(plan_.keys());
  for (Key key = 0; key < finals.size(); ++key) {
    finals[key].row = strategy_.layout.row_of(key);
    finals[key].row_version = world.row(key);
  }
  const auto found = found_by_readers(state);
  for (const world::Cache* cache : {&world.cache, &world.locals}) {
    const bool in_memory = cache == &world.locals;
    for (world::SlotId slot = 0; slot < cache->slots(); ++slot) {
      const auto& entry = cache->entry(slot);
      if (!entry.present()) continue;
      const world::Name name = cache->names().name_of(slot);
      const bool is_found =
          !found || std::ranges::find(in_memory ? found->memory : found->entries, name) !=
                        (in_memory ? found->memory : found->entries).end();
      note_entry(finals, name, *cache, in_memory, is_found);
    }
  }
  return finals;
}

}  // namespace cacherace::engine
