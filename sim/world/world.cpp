#include "sim/world/world.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

namespace cacherace::world {
namespace {

// The entries of first-level caches: one for each key and process.
Layout locals_of(const Layout& layout) {
  return {.rows = layout.local_caches ? layout.keys() * layout.processes : 0,
          .scripted = layout.scripted};
}

}  // namespace

World::World(const Layout& settings, std::size_t client_count)
    : layout(settings),
      cache(settings),
      locals(locals_of(settings)),
      database(settings.rows, settings.replicas, settings.transactions),
      clients(client_count),
      flights_(settings.flights ? settings.keys() * settings.processes : 0, no_client) {
  if (settings.filter) filter.emplace(*settings.filter);
}

std::uint64_t World::bytes() const {
  const std::uint64_t entries = cache.slots() + locals.slots();
  const std::uint64_t versions = std::uint64_t{database.rows()} * (3 + database.replicas());
  return sizeof(World) + entries * sizeof(Entry) + versions * sizeof(Version) +
         queue.size() * sizeof(QueuedWrite) + clients.size() * sizeof(Client) +
         flights_.size() * sizeof(ClientIndex) + (filter ? filter->bytes() : 0);
}

Reply World::take_effect(const Effect& effect, ClientIndex who, SimTime now, bool branch) {
  const Key key = effect.key;
  switch (effect.kind) {
    case EffectKind::cache_get:
      return get(effect, now, branch);
    case EffectKind::cache_set:
      return set(effect, now);
    case EffectKind::cache_del:
      return del(effect, now);
    case EffectKind::cache_set_ttl:
      return set_ttl(effect, now);
    case EffectKind::cache_lease_get:
      return lease_get(effect, now);
    case EffectKind::cache_lock:
      return lock(effect, now);
    case EffectKind::cache_unlock:
    case EffectKind::cache_unlock_any:
      return unlock(effect, now);
    case EffectKind::cache_get_version:
      return number({Space::version, layout.group_of(key)}, now);
    case EffectKind::cache_seed_version:
      return seed_version(effect, now);
    case EffectKind::cache_bump_version:
      return bump_version(effect, now);
    case EffectKind::cache_mark:
      return mark(effect, now);
    case EffectKind::cache_get_mark:
      return number(marker_name(key), now);
    case EffectKind::cache_keys:
    case EffectKind::cache_scan:
      return layout.scripted ? list_for_script(effect, who, now) : list(effect, who, now);
    case EffectKind::cache_del_listed:
      return del_listed(who, now);
    case EffectKind::cache_write:
      return write(effect, now);
    case EffectKind::cache_clean:
      return clean(effect, now);
    case EffectKind::cache_evict:
      return evict(effect, now);
    case EffectKind::cache_restart:
      if (layout.flushes_locals) locals.clear();
      return clear();
    case EffectKind::cache_flush:
      return clear();
    case EffectKind::db_read:
      return effect.in_transaction ? read_in_transaction(effect, who) : read_row(effect);
    case EffectKind::db_write:
      return write_row(effect, now);
    case EffectKind::db_begin:
      if (effect.in_transaction) return write_in_transaction(effect, who);
      clients[who].began = true;
      return database.begin(layout.row_of(key));
    case EffectKind::db_commit:
      if (effect.in_transaction) return commit_next(who, now);
      clients[who].began = false;
      // Nothing is left to commit of a transaction that was rolled back.
      if (!database.locked(layout.row_of(key))) return {.failed = true};
      return database.commit_begun(layout.row_of(key), now);
    case EffectKind::db_apply:
      return apply(effect, now);
    case EffectKind::queue_append:
      return append(effect);
    case EffectKind::queue_take:
      return take(now);
    case EffectKind::flight_join:
      return join(key, who);
    case EffectKind::flight_wait:
      return clients[who].reply;
    case EffectKind::flight_finish:
      return land(effect, who);
    case EffectKind::flight_forget:
      if (auto* leader = flight_of(key, clients[who].process)) *leader = no_client;
      return {};
    case EffectKind::local_get:
    case EffectKind::local_set:
    case EffectKind::local_del:
      return local(effect, who, now);
    case EffectKind::filter_check:
      return {.found = branch || filter->probably_has(key)};
    case EffectKind::filter_add:
      filter->add(key);
      return {};
    case EffectKind::wait:
      return {.refused = branch};
    case EffectKind::cache_block:
      return effect.token == block_if_unchanged ? exec(who, now) : Reply{};
    case EffectKind::db_block:
      return {};
    case EffectKind::cache_publish:
      return {.count = layout.processes};
    case EffectKind::db_delete:
      break;  // no script may do that yet
    case EffectKind::db_roll_back:
      roll_back(who);
      return {};
    case EffectKind::memory_get:
    case EffectKind::memory_set:
    case EffectKind::memory_del:
    case EffectKind::memory_await:
    case EffectKind::memory_lock:
    case EffectKind::memory_unlock:
      return memory(effect, who, now);
    case EffectKind::memory_block:
      return {};
    case EffectKind::choose:
      return {.token = effect.token};
    case EffectKind::cache_ttl:
      return ttl(effect, now);
    case EffectKind::cache_watch:
      return watch(effect, who, now);
    case EffectKind::cache_unwatch:
      cache.unwatch(clients[who].self);
      return {};
    case EffectKind::cache_expire:
    case EffectKind::cache_soften:
      break;  // of slots, not of keys: the engine performs them on the cache itself
  }
  SIM_ASSERT(false);
  return {};
}

// Commits are followed in their order, key by key.
bool World::follows_another(ClientIndex who) const {
  const Client& client = clients[who];
  return client.task == Task::propagate &&
         std::any_of(clients.begin(), clients.end(), [&](const Client& other) {
           return other.task == Task::propagate && other.busy() && other.key == client.key &&
                  other.row < client.row;
         });
}

bool World::enabled(ClientIndex who) const {
  const Client& client = clients[who];
  if (follows_another(who)) return false;
  const Effect& effect = client.pending;
  if (!may_block(effect.kind)) return true;
  if (layout.scripted) return enabled_for_script(who);
  if (effect.kind == EffectKind::flight_wait) return client.landed;
  SIM_ASSERT(effect.kind == EffectKind::db_begin);
  return !database.locked(layout.row_of(effect.key));
}

bool World::worth_polling(ClientIndex who, SimTime now) const {
  const Effect& wait = clients[who].pending;
  const auto there = [&](Space space) { return cache.peek({space, wait.key}, now).present(); };
  const Entry& value = cache.peek(current_name(wait.key), now);
  const bool kept =
      layout.local_caches && locals.peek(local_name(wait.key, clients[who].process), now).present();
  const bool filled = kept || (value.answers() && value.soft_at >= now);
  const bool deleted_value = layout.stale_values && there(Space::stale);
  switch (wait.until) {
    case Until::unlocked:
      return !there(Space::lock);
    case Until::filled_or_unlocked:
      return filled || !there(Space::lock);
    case Until::filled_or_leasable:
      return filled || deleted_value || leasable(cache.peek({Space::lease, wait.key}, now), now);
  }
  SIM_ASSERT(false);
  return false;
}

void World::crash(ClientIndex who) {
  Client& client = clients[who];
  client.failed = true;
  roll_back(who);
  if (layout.scripted) {
    release_memory(who);
    cache.unwatch(client.self);
  }
  leave_flight(who);
  land({.kind = EffectKind::flight_finish, .key = client.key}, who);
  if (client.task == Task::flush) flushing_ = false;
}

void World::hand_list_over(ClientIndex from, ClientIndex to) {
  if (from >= listed_.size() || listed_[from].empty()) return;
  if (listed_.size() <= to) listed_.resize(to + 1);
  listed_[to] = listed_[from];
}

void World::roll_back(ClientIndex who) {
  if (std::exchange(clients[who].began, false)) database.roll_back(layout.row_of(clients[who].key));
  if (!clients[who].transaction) return;
  for (const Key row : clients[who].transaction->written) database.roll_back(row);
  clients[who].transaction = {};
}

Name World::current_name(Key key, std::uint32_t first_version) const {
  if (!layout.versions) return value_name(key);
  const Entry& version = cache.peek({Space::version, layout.group_of(key)}, start_of_time);
  return value_name(key, version.present() ? version.number : first_version);
}

std::vector<ClientIndex> World::take_woken() { return std::exchange(woken_, {}); }

// ---- the database ------------------------------------------------------------------------------

Reply World::read_row(const Effect& effect) const {
  if (!layout.has_row(effect.key)) return {};
  const Key row = layout.row_of(effect.key);
  return effect.from_replica ? database.read_replica(effect.token, row) : database.read(row);
}

// `token` of a script: one more than the version that the row must have, if that is asked.
Reply World::write_row(const Effect& effect, SimTime now) {
  const Key row = layout.row_of(effect.key);
  const Version now_there = database.read(row).version;
  if (layout.scripted && effect.token != 0 && now_there + 1 != effect.token) return {};
  return effect.version == 0 ? database.write(row, now) : database.commit(row, effect.version, now);
}

Reply World::apply(const Effect& effect, SimTime now) {
  if (layout.markers) {
    const Name mark{Space::marker, database.next_to_apply(effect.token)};
    cache.also_meet(mark, now);
    cache.remove(mark);
  }
  return database.apply_next(effect.token);
}

// ---- the write-behind queue --------------------------------------------------------------------

// The reply says whether a task has to be started that flushes the queue.
Reply World::append(const Effect& effect) {
  const Version version = database.allot(layout.row_of(effect.key));
  const auto queued = std::find_if(queue.begin(), queue.end(),
                                   [&](const QueuedWrite& w) { return w.key == effect.key; });
  if (layout.coalesce && queued != queue.end())
    queued->version = version;
  else
    queue.push_back({.key = effect.key, .version = version});
  return {.found = !std::exchange(flushing_, true), .version = version};
}

// The write stays in the queue until it is in the database. `token` of the reply is its key.
Reply World::take(SimTime now) {
  Reply reply{.lost_writes = lose_expired(now)};
  flushing_ = !queue.empty();
  if (queue.empty()) return reply;
  reply.found = true;
  reply.version = queue.front().version;
  reply.token = queue.front().key;
  return reply;
}

// ---- processes ---------------------------------------------------------------------------------

ClientIndex* World::flight_of(Key key, std::uint32_t process) {
  return layout.has_row(key) && layout.flights ? &flights_[key * layout.processes + process]
                                               : nullptr;
}

// `found` of the reply: the client leads.
Reply World::join(Key key, ClientIndex who) {
  ClientIndex* leader = flight_of(key, clients[who].process);
  if (leader == nullptr) return {.found = true};
  if (*leader == no_client) {
    *leader = who;
    return {.found = true};
  }
  clients[who].landed = false;
  clients[who].next_joined = std::exchange(clients[*leader].first_joined, who);
  return {};
}

// Everybody who joined gets what the leader found.
Reply World::land(const Effect& effect, ClientIndex who) {
  ClientIndex* leader = flight_of(effect.key, clients[who].process);
  if (leader != nullptr && *leader == who) *leader = no_client;
  const Reply result{
      .found = effect.version != 0, .failed = clients[who].failed, .version = effect.version};
  ClientIndex next = std::exchange(clients[who].first_joined, no_client);
  while (next != no_client) {
    Client& joined = clients[next];
    joined.reply = result;
    joined.landed = true;
    woken_.push_back(next);
    next = std::exchange(joined.next_joined, no_client);
  }
  return {};
}

// A client that has joined a flight is no longer waiting for it. O(clients).
void World::leave_flight(ClientIndex who) {
  const ClientIndex next = std::exchange(clients[who].next_joined, no_client);
  for (Client& client : clients) {
    if (client.first_joined == who) client.first_joined = next;
    if (client.next_joined == who) client.next_joined = next;
  }
}

Reply World::local(const Effect& effect, ClientIndex who, SimTime now) {
  const Name name = local_name(effect.key, clients[who].process);
  const auto [entry, expired] = locals.meet(name, now);
  const Reply reply{.found = entry.present(),
                    .expired = expired,
                    .version = entry.number,
                    .token = clients[who].process};
  if (effect.kind == EffectKind::local_del) locals.remove(name);
  if (effect.kind == EffectKind::local_set)
    locals.store(name,
                 {.expires_at = later(now, effect.ttl),
                  .number = effect.version,
                  .content = effect.version == 0 ? Content::no_row : Content::row},
                 now);
  return reply;
}

// ---- values ------------------------------------------------------------------------------------

bool World::operator==(const World& other) const {
  return cache == other.cache && locals == other.locals && database == other.database &&
         filter == other.filter && queue == other.queue && clients == other.clients &&
         flights_ == other.flights_ && listed_ == other.listed_ && flushing_ == other.flushing_ &&
         seeds_ == other.seeds_;
}

}  // namespace cacherace::world
