// What happens between clients, the queue and locks, in histories written by hand.

#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "sim/judge/property/property.hpp"
#include "tests/judge/histories.hpp"

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;

Step commit_begun(Actor actor, Version version) {
  Step step = commit(actor, version);
  step.effect.kind = EffectKind::db_commit;
  return step;
}

TEST_CASE("no-dirty-reads: a version that is committed later, or never") {
  CHECK(explained(no_dirty_reads,
                  ending({begin(1, 2), store(1, 2), answer(0, 2), written(commit_begun(1, 2))})) ==
        "reader-1 reads v2 of user:7, which writer-1 began to write in step 1 and commits only in "
        "step 4.");
  CHECK(explained(no_dirty_reads, ending({begin(1, 2), store(1, 2), crash(1), answer(0, 2)})) ==
        "reader-1 reads v2 of user:7, which writer-1 began to write in step 1 and never commits.");
}

TEST_CASE("no-dirty-reads: what was committed or stood at the start is clean") {
  const auto after = ending({begin(1, 2), commit_begun(1, 2), answer(0, 2)});
  CHECK_FALSE(violated(no_dirty_reads, after));
  CHECK(arises(no_dirty_reads, after));
  CHECK_FALSE(violated(no_dirty_reads, ending({begin(1, 2), answer(0, 1)})));
  CHECK_FALSE(violated(no_dirty_reads, ending({begin(1, 1), answer(0, 0)})));
  CHECK(violated(no_dirty_reads, ending({begin(1, 1), answer(0, 1)})));  // there was no row
}

TEST_CASE("no-dirty-reads: what is queued counts as committed") {
  const auto queued = ending({written(queue(1, 2)), answer(0, 2)});
  CHECK_FALSE(violated(no_dirty_reads, queued));
  CHECK(arises(no_dirty_reads, queued));
}

TEST_CASE("no-dirty-reads: does not arise where every write is one statement") {
  CHECK_FALSE(arises(no_dirty_reads, ending({commit(1, 2), answer(0, 2)})));
  CHECK_FALSE(arises(no_dirty_reads, ending({answer(0, 1), begin(1, 2)})));
  CHECK_FALSE(arises(no_dirty_reads, ending({begin(1, 2), failing(answer(0, 0))})));
}

TEST_CASE("no-lost-writes: an eviction drops a write from the queue") {
  const auto history =
      ending({written(queue(1, 2)), evict(0), evict(1)}, {.cached = false, .row_version = 1});
  CHECK(judged(no_lost_writes, history).finding->decisive == 2);
  CHECK(explained(no_lost_writes, history) ==
        "fault drops v2 of user:7 from the queue, which writer-1 is told is written in step 1: the "
        "database is left with v1.");
}

TEST_CASE("no-lost-writes: an older version is committed over it") {
  const auto history = ending(
      {with(Turn::delayed, commit(1, 2)), written(commit(1, 3)), task(Task::late, 1, commit(1, 2))},
      {.cached = false, .row_version = 2});
  CHECK(explained(no_lost_writes, history) ==
        "writer-1/task commits v2 of user:7 over v3, which writer-1 is told is written in step 2: "
        "the database is left with v2.");
}

TEST_CASE("no-lost-writes: nobody brings it into the database") {
  CHECK(explained(no_lost_writes, ending({written(queue(1, 2))}, {.row_version = 1})) ==
        "writer-1 is told that v2 of user:7 is written, but it never reaches the database: the "
        "database "
        "is left with v1.");
}

TEST_CASE("no-lost-writes: there, overwritten, or never acknowledged") {
  const auto there = ending({written(commit(1, 2))}, {.row_version = 2});
  CHECK_FALSE(violated(no_lost_writes, there));
  CHECK(arises(no_lost_writes, there));
  CHECK_FALSE(violated(no_lost_writes, ending({written(queue(1, 2))}, {.row_version = 3})));
  for (const Step& step : {failing(written(queue(1, 2))), queue(1, 2)})
    CHECK_FALSE(arises(no_lost_writes, ending({step}, {.row_version = 1})));
}

TEST_CASE("mutual-exclusion: the second holder, before the first is done") {
  const auto history = ending({lock(0), load(0), lock(2), unlock(0)});
  CHECK(judged(mutual_exclusion, history).finding->decisive == 2);
  CHECK(explained(mutual_exclusion, history) ==
        "reader-2 takes the lock of user:7, although reader-1 took it in step 1 and is not done.");
}

TEST_CASE("mutual-exclusion: a holder is done when it unlocks, answers or dies") {
  for (const Step& end : {unlock(0), with(Turn::lost, unlock(0)), answer(0, 1), crash(0)}) {
    const auto history = ending({lock(0), end, lock(2)});
    CHECK_FALSE(violated(mutual_exclusion, history));
    CHECK_FALSE(arises(mutual_exclusion, history));
  }
  CHECK(violated(mutual_exclusion, ending({lock(0), unlock(1), crash(1), lock(2)})));
}

TEST_CASE("mutual-exclusion: arises when the lock that somebody asks for is not free") {
  CHECK(arises(mutual_exclusion, ending({lock(0), lock(2, false)})));
  CHECK_FALSE(violated(mutual_exclusion, ending({lock(0), lock(2, false)})));
  CHECK_FALSE(arises(mutual_exclusion, ending({lock(0), unlock(0), lock(0)})));
  const History two{.steps = {lock(0), of_key(1, lock(2))}, .finals = {{}, {.row = 1}}};
  CHECK_FALSE(arises(mutual_exclusion, two));
}

TEST_CASE("mutual-exclusion: a refresh holds it too, until the client that it belongs to dies") {
  const Step refresh = task(Task::refresh, 1, lock(9));
  CHECK(violated(mutual_exclusion, ending({refresh, lock(0)})));
  CHECK_FALSE(violated(mutual_exclusion, ending({refresh, crash(1), lock(0)})));
}

TEST_CASE("mutual-exclusion: a lock that comes late has no holder") {
  const auto history =
      ending({with(Turn::delayed, lock(0)), task(Task::late, 0, lock(9)), evict(0), lock(2)});
  CHECK_FALSE(arises(mutual_exclusion, history));
}

TEST_CASE("every-key-expires: names the step that left an entry or a lock without a TTL") {
  const FinalKey eternal{.eternal = true, .left = true};
  CHECK(explained(every_key_expires, ending({store(0, 1), crash(0)}, eternal)) ==
        "reader-1 stores v1 of user:7 without a TTL, and nothing gives it one or removes it.");
  CHECK(explained(every_key_expires, ending({lock(0), store(0, 1, 60s), crash(0)}, eternal)) ==
        "reader-1 takes the lock of user:7, which has no TTL, and nobody releases it.");
  CHECK(explained(every_key_expires, ending({queue(1, 2), store(0, 1, 60s)}, eternal)) ==
        "writer-1 stores v2 of user:7 without a TTL, and nothing gives it one or removes it.");
  CHECK(explained(every_key_expires, ending({answer(0, 1)}, eternal)) ==
        "The entry of user:7 was there at the start, without a TTL, and still is.");
}

TEST_CASE("every-key-expires: arises when anything is left") {
  const auto kept = ending({store(0, 1, 60s)}, {.left = true});
  CHECK(arises(every_key_expires, kept));
  CHECK_FALSE(violated(every_key_expires, kept));
  CHECK_FALSE(arises(every_key_expires, ending({store(0, 1)})));
}

TEST_CASE("loads-in-flight: two queries, each between its client's steps around it") {
  const auto history = ending({miss(0), miss(2), load(0), load(2), store(0, 1), store(2, 1)});
  CHECK(judged(loads_in_flight, history).measured == 2);
  CHECK(judged(loads_in_flight, history).finding->decisive == 3);
  CHECK(explained(loads_in_flight, history) ==
        "reader-1 (step 3) and reader-2 (step 4) load user:7 at once: each may have issued its "
        "query before any has its reply.");
  CHECK_FALSE(loads_in_flight.judge(history, 2).finding);
}

TEST_CASE("loads-in-flight: one after the other") {
  const auto history = ending({miss(0), load(0), store(0, 1), miss(2), load(2), store(2, 1)});
  CHECK(judged(loads_in_flight, history).measured == 1);
  CHECK_FALSE(violated(loads_in_flight, history));
  CHECK(arises(loads_in_flight, history));
}

TEST_CASE("loads-in-flight: a reply may be as late as the client's next step") {
  CHECK(
      judged(loads_in_flight, ending({miss(0), load(0), miss(2), load(2), store(0, 1)})).measured ==
      2);
  CHECK(judged(loads_in_flight, ending({miss(0), load(0), miss(2), load(2)})).measured == 2);
  CHECK(judged(loads_in_flight, ending({miss(0), load(0), crash(0), miss(2), load(2)})).measured ==
        1);
}

TEST_CASE("loads-in-flight: the worst moment, not the sum of overlaps") {
  // The first overlaps the second, the second the third.
  const auto chain = ending({miss(0), load(0), miss(1), store(0, 1), miss(2), load(1), load(2),
                             store(1, 1), store(2, 1)});
  CHECK(judged(loads_in_flight, chain).measured == 2);
}

TEST_CASE("loads-in-flight: counts key by key, and only what happened") {
  const History two{.steps = {load(0), load(2, 1)}, .finals = {{}, {.row = 1}}};
  CHECK(judged(loads_in_flight, two).measured == 1);
  CHECK(judged(loads_in_flight, ending({with(Turn::lost, load(0)), load(2)})).measured == 1);
  CHECK_FALSE(arises(loads_in_flight, ending({with(Turn::lost, load(0))})));
}

TEST_CASE("loads-in-flight: a query that comes late is in flight beside the next try") {
  const Step late = task(Task::late, 0, load(9));
  const auto retried = ending({miss(0), with(Turn::delayed, load(0)), load(0), store(0, 1), late});
  CHECK(judged(loads_in_flight, retried).measured == 2);
  const auto others =
      ending({miss(2), load(2), store(2, 1), miss(0), with(Turn::delayed, load(0)), late});
  CHECK(judged(loads_in_flight, others).measured == 1);
}

TEST_CASE("loads-in-flight: a refresh loads until the client that it belongs to dies") {
  const Step held = task(Task::refresh, 1, lock(9));
  const Step refresh = task(Task::refresh, 1, load(9));
  CHECK(judged(loads_in_flight, ending({held, refresh, miss(0), load(0)})).measured == 2);
  CHECK(judged(loads_in_flight, ending({held, refresh, crash(1), miss(0), load(0)})).measured == 1);
}

}  // namespace
}  // namespace cacherace::judge
