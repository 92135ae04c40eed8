// The other parties: processes with flights and first-level caches, the database with transactions
// and replicas, and the write-behind queue.

#include <catch2/catch_test_macros.hpp>

#include "tests/world/server.hpp"

namespace cacherace::world {
namespace {

using enum EffectKind;

// ---- flights -----------------------------------------------------------------------------------

struct Flights : Server {
  explicit Flights(std::uint32_t processes = 1)
      : Server({.rows = 3, .processes = processes, .flights = true}, 5) {}
  bool leads(ClientIndex who, Key key = 0) {
    return send({.kind = flight_join, .key = key}, 0s, who).found;
  }
  void wait(ClientIndex who) { world.clients[who].pending = {.kind = flight_wait}; }
  void finish(ClientIndex who, Version version, Key key = 0) {
    send({.kind = flight_finish, .key = key, .version = version}, 0s, who);
  }
};

TEST_CASE("the first one leads, the others join and get what it found, each woken once") {
  Flights server;
  CHECK(server.leads(0));
  for (const ClientIndex who : {1U, 2U}) {
    CHECK_FALSE(server.leads(who));
    server.wait(who);
    CHECK_FALSE(server.world.enabled(who));
  }
  server.finish(0, 5);
  auto woken = server.world.take_woken();
  std::sort(woken.begin(), woken.end());
  CHECK(woken == std::vector<ClientIndex>{1, 2});
  CHECK(server.world.take_woken().empty());
  for (const ClientIndex who : {1U, 2U}) {
    CHECK(server.world.enabled(who));
    const Reply reply = server.send({.kind = flight_wait}, 0s, who);
    CHECK(reply.found);
    CHECK(reply.version == 5);
  }
  CHECK(server.leads(3));  // it has landed
}

TEST_CASE("after forget, joined callers get the old result, and the next one loads anew") {
  Flights server;
  CHECK(server.leads(0));
  CHECK_FALSE(server.leads(1));
  server.send({.kind = flight_forget}, 0s, 4);
  CHECK(server.leads(2));
  CHECK_FALSE(server.leads(3));
  server.finish(0, 5);
  CHECK(server.world.take_woken() == std::vector<ClientIndex>{1});
  CHECK(server.world.clients[1].reply.version == 5);
  CHECK_FALSE(server.leads(4));  // the new flight is still there: a landing ends only its own
  server.finish(2, 6);
  CHECK(server.world.take_woken().size() == 2);
  CHECK(server.world.clients[3].reply.version == 6);
}

TEST_CASE("when a leader dies, those who joined get an error, and the flight is gone") {
  Flights server;
  server.world.clients[0].key = 2;
  CHECK(server.leads(0, 2));
  CHECK_FALSE(server.leads(1, 2));
  server.world.crash(0);
  CHECK(server.world.take_woken() == std::vector<ClientIndex>{1});
  CHECK(server.world.clients[1].landed);
  CHECK(server.world.clients[1].reply.failed);
  CHECK(server.leads(3, 2));
}

TEST_CASE("when one who joined dies, the others still get the result") {
  for (const ClientIndex dies : {1U, 2U, 3U}) {
    Flights server;
    CHECK(server.leads(0));
    for (const ClientIndex who : {1U, 2U, 3U}) CHECK_FALSE(server.leads(who));
    server.world.crash(dies);
    server.world.clients[dies] = {};  // and is another
    server.finish(0, 5);
    CHECK(server.world.take_woken().size() == 2);
    for (const ClientIndex who : {1U, 2U, 3U})
      CHECK(server.world.clients[who].landed == (who != dies));
  }
}

TEST_CASE("keys and processes have flights of their own, and rows that never exist have none") {
  Flights server(2);
  server.world.clients[1].process = 1;
  CHECK(server.leads(0));
  CHECK(server.leads(1));
  CHECK(server.leads(2, 1));
  CHECK_FALSE(server.leads(3));
  CHECK(server.leads(3, 99));
  CHECK(server.leads(4, 99));
}

// ---- first-level caches ------------------------------------------------------------------------

TEST_CASE(
    "each process has a cache of its own, with a TTL, which the shared one knows nothing of") {
  Server server({.rows = 2, .processes = 2, .local_caches = true});
  server.world.clients[1].process = 1;
  const Effect get{.kind = local_get, .key = 1};
  const Effect set{.kind = local_set, .key = 1, .version = 5, .ttl = 1s};
  server.send(set);
  CHECK(server.send(get, 1s).version == 5);
  CHECK_FALSE(server.send(get, 0s, 1).found);
  CHECK_FALSE(server.get(1).found);
  CHECK(server.send(get, 1s + 1ns).expired);
  server.send({.kind = local_set, .key = 1, .version = 0, .ttl = 1s}, 0s, 1);
  CHECK(server.send(get, 0s, 1).found);  // "no such row" is an answer
  CHECK(server.send({.kind = local_del, .key = 1}, 0s, 1).found);
  CHECK_FALSE(server.send({.kind = local_del, .key = 1}, 0s, 1).found);
  server.send(set);
  server.send({.kind = cache_flush});
  CHECK(server.send(get).found);
}

TEST_CASE("keys of rows that never exist have local copies of their own") {
  Server server({.rows = 2, .processes = 2, .local_caches = true});
  server.world.clients[1].process = 1;
  for (const ClientIndex who : {0U, 1U})
    server.send({.kind = local_set, .key = 50 + who, .version = 0, .ttl = 1s}, 0s, who);
  CHECK(server.send({.kind = local_get, .key = 50}, 0s, 0).found);
  CHECK_FALSE(server.send({.kind = local_get, .key = 51}, 0s, 0).found);
  CHECK(server.send({.kind = local_get, .key = 51}, 0s, 1).found);
}

// ---- transactions ------------------------------------------------------------------------------

struct Transactions : Server {
  Transactions() : Server({.rows = 2, .transactions = true}) {}
  Reply begin(ClientIndex who) { return send({.kind = db_begin}, 0s, who); }
  Version row() { return send({.kind = db_read}, 0s, 2).version; }
  bool may_begin(ClientIndex who) {
    world.clients[who].pending = {.kind = db_begin};
    return world.enabled(who);
  }
};

TEST_CASE("a transaction locks its row, and shows its version when it is committed") {
  Transactions server;
  CHECK(server.may_begin(1));
  CHECK(server.begin(0).version == 2);
  CHECK(server.row() == 1);
  CHECK_FALSE(server.may_begin(1));
  CHECK(server.send({.kind = db_commit}).version == 2);
  CHECK(server.row() == 2);
  CHECK(server.may_begin(1));
}

TEST_CASE("a transaction that is rolled back, or whose client dies, leaves the row as it was") {
  for (const bool dies : {false, true}) {
    Transactions server;
    server.begin(0);
    dies ? server.world.crash(0) : server.world.roll_back(0);
    CHECK(server.row() == 1);
    CHECK(server.may_begin(1));
    CHECK(server.begin(1).version == 3);  // a version is never used twice
    server.world.roll_back(0);            // it is no longer in one
    CHECK_FALSE(server.may_begin(2));
  }
}

TEST_CASE("a write makes the next version, and inserts a row that is not there") {
  Server server({.rows = 2});
  server.world.database.start_absent(1);
  CHECK_FALSE(server.send({.kind = db_read, .key = 1}).found);
  CHECK(server.send({.kind = db_write, .key = 1}).version == 1);
  CHECK(server.send({.kind = db_write, .key = 1}).version == 2);
  CHECK(server.send({.kind = db_read, .key = 1}).version == 2);
  CHECK_FALSE(server.send({.kind = db_read, .key = 2}).found);  // no row has that key
}

// ---- replicas ----------------------------------------------------------------------------------

TEST_CASE("replicas apply the commits in their order, each at its own pace") {
  Server server({.rows = 2, .replicas = 2});
  const auto read = [&](Key key, std::uint32_t replica) {
    return server.send({.kind = db_read, .from_replica = true, .key = key, .token = replica});
  };
  server.send({.kind = db_write, .key = 0}, 1s);
  server.send({.kind = db_write, .key = 1}, 2s);
  server.send({.kind = db_write, .key = 0}, 3s);
  CHECK(read(0, 0).version == 1);
  CHECK(read(0, 0).superseded_at == at(1s));  // by the first newer version
  server.send({.kind = db_apply, .token = 0});
  CHECK(read(0, 0).version == 2);
  CHECK(read(0, 0).superseded_at == at(3s));
  CHECK(read(1, 0).superseded_at == at(2s));
  CHECK(read(0, 1).version == 1);
  for (int i = 0; i < 2; ++i) server.send({.kind = db_apply, .token = 0});
  CHECK_FALSE(server.world.database.behind(0));
  CHECK(read(0, 0) == Reply{.found = true, .version = 3});
  CHECK(read(1, 0) == Reply{.found = true, .version = 2});
  CHECK(server.world.database.behind(1));
  for (int i = 0; i < 3; ++i) server.send({.kind = db_apply, .token = 1});
  CHECK(read(0, 1).version == 3);
}

TEST_CASE("the mark of a row goes when a replica has applied its commit") {
  Server server({.rows = 2, .replicas = 1, .markers = true});
  for (Key key = 0; key < 2; ++key) server.send({.kind = cache_mark, .key = key});
  server.send({.kind = db_write, .key = 1});
  server.send({.kind = db_apply});
  CHECK(server.send({.kind = cache_get_mark, .key = 0}).found);
  CHECK_FALSE(server.send({.kind = cache_get_mark, .key = 1}).found);
}

// ---- the write-behind queue --------------------------------------------------------------------

TEST_CASE("a write is queued, taken, written and cleaned; only the first one starts a flush") {
  Server server({.rows = 2, .volatile_queue = true});
  const Reply first = server.send({.kind = cache_write, .key = 1, .ttl = 5s});
  CHECK(first.found);
  CHECK(first.version == 2);
  CHECK_FALSE(server.send({.kind = cache_write, .key = 0}).found);
  CHECK(server.get(1).version == 2);
  CHECK(server.send({.kind = db_read, .key = 1}).version == 1);
  const Reply taken = server.send({.kind = queue_take});
  CHECK(taken.found);
  CHECK(taken.token == 1);
  CHECK(taken.version == 2);
  CHECK(server.world.queue.size() == 2);  // it stays until it is clean
  CHECK(server.send({.kind = db_write, .key = 1, .version = 2}).version == 2);
  CHECK(server.send({.kind = cache_clean, .key = 1, .version = 2}, 1s).found);
  CHECK_FALSE(server.entry({.key = 1}).dirty);
  CHECK(server.entry({.key = 1}).expires_at == at(5s));  // since it was stored
  CHECK(server.world.queue == std::vector<QueuedWrite>{{.key = 0, .version = 2}});
}

TEST_CASE("an entry that was written again while it was flushed stays dirty, and queued") {
  for (const bool coalesce : {true, false}) {
    Server server({.rows = 1, .volatile_queue = true, .coalesce = coalesce});
    server.send({.kind = cache_write});
    server.send({.kind = queue_take});
    server.send({.kind = cache_write});
    CHECK(server.world.queue.size() == (coalesce ? 1 : 2));
    CHECK_FALSE(server.send({.kind = cache_clean, .version = 2}).found);
    CHECK(server.entry({}).dirty);
    CHECK(server.entry({}).number == 3);
    CHECK(server.world.queue == std::vector<QueuedWrite>{{.key = 0, .version = 3}});
  }
}

TEST_CASE("a queue in the cache is lost with it, a durable one is not") {
  for (const EffectKind mishap : {cache_flush, cache_restart, cache_evict}) {
    Server in_cache({.rows = 2, .volatile_queue = true});
    in_cache.send({.kind = cache_write, .key = 0});
    CHECK(in_cache.send({.kind = mishap, .key = 0}).lost_writes == 1);
    CHECK(in_cache.world.queue.empty());
    CHECK_FALSE(in_cache.send({.kind = queue_take}).found);
    CHECK(in_cache.send({.kind = cache_write, .key = 0}).found);  // so a flush is started again

    Server durable({.rows = 2});
    durable.send({.kind = queue_append, .key = 0});
    durable.set(0, 2);
    CHECK(durable.send({.kind = mishap, .key = 0}).lost_writes == 0);
    CHECK(durable.world.queue.size() == 1);
  }
}

TEST_CASE(
    "a dirty entry expires as any other, and a write that is queued in it only goes with it") {
  for (const bool volatile_queue : {true, false}) {
    Server server({.rows = 1, .volatile_queue = volatile_queue});
    if (volatile_queue)
      server.send({.kind = cache_write, .ttl = 5s});
    else
      server.send({.kind = queue_append});
    CHECK(server.send({.kind = queue_take}, 5s).found);
    const Reply later = server.send({.kind = queue_take}, 5s + 1ns);
    CHECK(later.found == !volatile_queue);
    CHECK(later.lost_writes == (volatile_queue ? 1 : 0));
  }
}

TEST_CASE("a newer write of the key gives a queued one its time; a fill over it lets it stay") {
  Server server({.rows = 1, .volatile_queue = true});
  server.send({.kind = cache_write, .ttl = 5s});
  server.send({.kind = cache_write, .ttl = 5s}, 4s);
  CHECK(server.send({.kind = queue_take}, 9s).found);
  server.send({.kind = cache_set, .version = 1, .ttl = 5s}, 9s);
  CHECK(server.send({.kind = queue_take}, 100s).found);
  CHECK(server.send({.kind = cache_write, .ttl = 5s}, 100s).version == 4);
  CHECK(server.send({.kind = cache_write, .ttl = 5s}, 106s).lost_writes == 3);
}

TEST_CASE("the last one of a flush stops the clock of its queue where that is empty") {
  Server server({.rows = 2, .volatile_queue = true});
  server.send({.kind = cache_write, .key = 0});
  server.send({.kind = queue_take});
  CHECK(server.send({.kind = cache_clean, .key = 0, .version = 2, .token = 1}).token == 0);
  CHECK(server.send({.kind = cache_write, .key = 0}).found);  // starts a flush of its own
  server.send({.kind = cache_write, .key = 1});
  server.send({.kind = queue_take});
  CHECK(server.send({.kind = cache_clean, .key = 0, .version = 3, .token = 1}).token == 1);
  CHECK_FALSE(server.send({.kind = cache_write, .key = 0}).found);  // one is under way
}

TEST_CASE("the eviction of a clean entry loses no write") {
  Server server({.rows = 1, .volatile_queue = true});
  server.send({.kind = cache_write});
  server.set(0, 1);  // a reader's fill: the entry is no longer the queue's
  CHECK(server.send({.kind = cache_evict}).lost_writes == 0);
  CHECK(server.world.queue.size() == 1);
}

// ---- the filter --------------------------------------------------------------------------------

TEST_CASE("a filter knows what was added, and may be wrong about the rest") {
  Server server({.rows = 2, .filter = scenario::BloomFilter{.bits = 1 << 16, .hashes = 7}});
  const Effect check{.kind = filter_check, .key = 1};
  CHECK_FALSE(server.send(check).found);
  CHECK(server.world.perform(check, 0, at(0s), true).found);  // a false positive
  server.send({.kind = filter_add, .key = 1});
  CHECK(server.send(check).found);
}

}  // namespace
}  // namespace cacherace::world
