#include "tests/races/table/anomalies.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "sim/strategy/protocols.hpp"

namespace cacherace::test {
namespace {

using engine::Plan;
using scenario::Faults;
using scenario::KeyStart;
using strategy::Strategy;
using Kind = scenario::Operation::Kind;

using Operations = std::vector<engine::Planned>;
const Operations read{{Kind::read, 0}};
const Operations write{{Kind::write, 0}};

// Clients of the row user:7.
Plan race(KeyStart start, std::vector<engine::Script> scripts, Faults faults = {}) {
  return {.rows = {"user:7"}, .starts = {start}, .scripts = std::move(scripts), .faults = faults};
}

Plan reader_and_writer(KeyStart start, Faults faults = {}) {
  return race(start, {{"reader", read}, {"writer", write}}, faults);
}

Plan two_readers(KeyStart start) { return race(start, {{"reader-1", read}, {"reader-2", read}}); }

Plan with_replica(Plan plan) {
  plan.replicas = 1;
  return plan;
}

// The reader asks for an aggregate of the row that the writer does not know.
Plan with_unknown_aggregate(Plan plan) {
  plan.derived = 1;
  plan.starts.push_back(plan.starts[0]);
  for (auto& script : plan.scripts)
    for (auto& operation : script.operations)
      if (operation.kind == Kind::read) operation.key = 1;
  return plan;
}

bool has_ttl(const Strategy& strategy) { return strategy.ttl != Duration::max(); }
bool has_locks(const Strategy& strategy) { return strategy.layout.locks; }
bool refreshes(const Strategy& strategy) {
  return has_locks(strategy) && strategy.soft != Duration::max();
}
bool has_markers(const Strategy& strategy) { return strategy.layout.markers; }
bool has_local_caches(const Strategy& strategy) { return strategy.local_cache.has_value(); }

AnomalyGroup old_entries() {
  return {
      "Old entries",
      {
          {"stale repopulate", "one reader, one writer", reader_and_writer(KeyStart::cold),
           &judge::no_stale_residue},
          {"refill between delete and commit", "the same, and the entry is there at the start",
           reader_and_writer(KeyStart::warm), &judge::no_stale_residue},
          {"write-write inversion", "two writers",
           race(KeyStart::cold, {{"writer-1", write}, {"writer-2", write}}),
           &judge::no_stale_residue},
          {"replica-lag refill", "one reader, one writer, one replica",
           with_replica(reader_and_writer(KeyStart::cold)), &judge::no_stale_residue},
          {"replica-lag refill, two writers", "one reader, two writers, one replica",
           with_replica(
               race(KeyStart::cold, {{"writer-1", write}, {"writer-2", write}, {"reader", read}})),
           &judge::no_stale_residue, has_markers},
          {"late negative", "one reader, and one writer who creates the row",
           reader_and_writer(KeyStart::absent), &judge::no_stale_residue},
          {"unknown derived key",
           "one reader of an aggregate that the writer of its row does not know, and whose entry "
           "is there at the start",
           with_unknown_aggregate(reader_and_writer(KeyStart::warm)), &judge::no_stale_residue},
          {"old for good", "one reader, one writer; one client may crash",
           reader_and_writer(KeyStart::cold, {.crash = 1}), &judge::heals},
      }};
}

AnomalyGroup faults() {
  return {
      "Faults",
      {
          {"lost invalidation by a crash",
           "one writer, who may crash; the entry is there at the start",
           race(KeyStart::warm, {{"writer", write}}, {.crash = 1}), &judge::no_stale_residue},
          {"lost invalidation by a message",
           "one writer, of whose messages one may be lost or late; the entry is there at the start",
           race(KeyStart::warm, {{"writer", write}}, {.lose = 1}), &judge::no_stale_residue},
          {"resurrection after eviction", "one reader, one writer, one eviction",
           reader_and_writer(KeyStart::cold, {.evict = 1}), &judge::no_stale_residue},
          {"resurrection after a flush", "one reader, one writer; the cache may be flushed once",
           reader_and_writer(KeyStart::cold, {.flush = 1}), &judge::no_stale_residue},
          {"lost write", "one writer; the writer may crash, and the cache may be restarted",
           race(KeyStart::cold, {{"writer", write}}, {.crash = 1, .cache_restart = 1}),
           &judge::no_lost_writes},
          {"dirty read", "one reader, one writer; one client may crash",
           reader_and_writer(KeyStart::cold, {.crash = 1}), &judge::no_dirty_reads},
          {"entry without TTL", "one reader, who may crash",
           race(KeyStart::cold, {{"reader", read}}, {.crash = 1}), &judge::every_key_expires,
           has_ttl},
          {"TTL lost by a write", "one reader, one writer; the entry is there at the start",
           reader_and_writer(KeyStart::warm), &judge::every_key_expires, has_ttl},
      }};
}

AnomalyGroup loads_and_answers() {
  return {
      "Loads, locks and answers",
      {
          {"stampede", "two readers", two_readers(KeyStart::cold), &judge::loads_in_flight},
          {"stampede at expiry", "two readers, and the entry is there at the start",
           two_readers(KeyStart::warm), &judge::loads_in_flight, has_ttl},
          {"stampede after a write", "two readers, one writer; the entry is there at the start",
           race(KeyStart::warm, {{"writer", write}, {"reader-1", read}, {"reader-2", read}}),
           &judge::loads_in_flight},
          {"lost mutual exclusion", "two readers", two_readers(KeyStart::cold),
           &judge::mutual_exclusion, has_locks},
          {"lost mutual exclusion of refreshes", "two readers, and the entry is there at the start",
           two_readers(KeyStart::warm), &judge::mutual_exclusion, refreshes},
          {"old answer after a write",
           "one client that reads twice, one writer; the entry is there at the start",
           race(KeyStart::warm, {{"reader", {read[0], read[0]}}, {"writer", write}}),
           &judge::linearizable},
          {"old answer to the author", "one reader, and one client that writes and then reads",
           race(KeyStart::cold, {{"reader", read}, {"author", {write[0], read[0]}}}),
           &judge::read_your_writes},
          {"answers that go back",
           "one client that reads twice, one reader, one writer; the entry is there at the start",
           race(KeyStart::warm,
                {{"reader-1", {read[0], read[0]}}, {"writer", write}, {"reader-2", read}}),
           &judge::monotonic_reads},
          {"divergence of first and second level",
           "one reader, one writer, of whose messages one may be lost or late; the entry is there "
           "at the start",
           reader_and_writer(KeyStart::warm, {.lose = 1}), &judge::no_stale_residue,
           has_local_caches},
      }};
}

}  // namespace

const std::vector<AnomalyGroup>& anomaly_groups() {
  static const std::vector<AnomalyGroup> all{old_entries(), faults(), loads_and_answers()};
  return all;
}

bool concerns(const Anomaly& anomaly, const Strategy& strategy) {
  const bool warm = anomaly.plan.starts[0] == KeyStart::warm;
  if (warm && strategy.read == strategy::direct_read) return false;
  return anomaly.only == nullptr || anomaly.only(strategy);
}

const Anomaly& anomaly(std::string_view name) {
  for (const AnomalyGroup& group : anomaly_groups())
    for (const Anomaly& each : group.anomalies)
      if (each.name == name) return each;
  throw std::out_of_range("no anomaly is called \"" + std::string(name) + "\"");
}

}  // namespace cacherace::test
