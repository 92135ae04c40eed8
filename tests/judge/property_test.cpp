// Properties over histories written by hand.

#include "sim/judge/property.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::judge {
namespace {

const Names names{.clients = {"reader-1", "writer-1"}, .keys = {"user:7"}};

Step commit(Actor actor, Version version) {
  return {.actor = actor,
          .serves = OperationKind::write,
          .effect = {.kind = EffectKind::db_write},
          .reply = {.found = true, .version = version}};
}

Step store(Actor actor, Version version) {
  return {.actor = actor, .effect = {.kind = EffectKind::cache_set, .version = version}};
}

Step answer(Actor actor, Version version) {
  return {.actor = actor,
          .effect = {.kind = EffectKind::cache_get},
          .reply = {.found = true, .version = version},
          .completes = true,
          .answer = version};
}

History ending(std::vector<Step> steps, FinalKey final_key) {
  return {.steps = std::move(steps), .finals = {final_key}};
}

TEST_CASE("no-stale-residue: an old version stored after its successor's commit") {
  const auto history = ending({commit(1, 2), store(0, 1)}, {true, 1, 2});
  const auto judgement = no_stale_residue.judge(history);
  REQUIRE(judgement.finding);
  CHECK(judgement.finding->decisive == 1);
  CHECK(no_stale_residue.explain(history, *judgement.finding, names) ==
        "reader-1 stores v1, which writer-1 had already replaced in step 1: the cache keeps v1 of "
        "user:7 while the database holds v2.");
}

TEST_CASE("no-stale-residue: a fresh version that a commit overtook") {
  const auto history = ending({store(0, 1), commit(1, 2)}, {true, 1, 2});
  const auto judgement = no_stale_residue.judge(history);
  REQUIRE(judgement.finding);
  CHECK(judgement.finding->decisive == 1);
  CHECK(no_stale_residue.explain(history, *judgement.finding, names) ==
        "writer-1 commits v2, and nothing removes the entry any more: the cache keeps v1 of user:7 "
        "while the database holds v2.");
}

TEST_CASE("no-stale-residue: arises only when an entry of a written key remains") {
  CHECK(no_stale_residue.judge(ending({commit(1, 2), store(0, 2)}, {true, 2, 2})).arose);
  CHECK_FALSE(no_stale_residue.judge(ending({commit(1, 2)}, {false, 0, 2})).arose);
  CHECK_FALSE(no_stale_residue.judge(ending({store(0, 1)}, {true, 1, 1})).arose);
}

TEST_CASE("read-your-writes: an older version than the client's own commit") {
  const auto history = ending({commit(0, 2), answer(0, 1)}, {true, 1, 2});
  const auto judgement = read_your_writes.judge(history);
  REQUIRE(judgement.finding);
  CHECK(read_your_writes.explain(history, *judgement.finding, names) ==
        "reader-1 reads v1 of user:7, although it committed v2 itself in step 1.");
  CHECK_FALSE(read_your_writes.judge(ending({commit(0, 2), answer(0, 2)}, {})).finding);
  CHECK_FALSE(read_your_writes.judge(ending({commit(1, 2), answer(0, 1)}, {})).arose);
  CHECK_FALSE(read_your_writes.judge(ending({answer(0, 1), commit(0, 2)}, {})).arose);
}

TEST_CASE("monotonic-reads: back to an older version") {
  const auto history = ending({answer(0, 2), answer(0, 1)}, {true, 1, 2});
  const auto judgement = monotonic_reads.judge(history);
  REQUIRE(judgement.finding);
  CHECK(monotonic_reads.explain(history, *judgement.finding, names) ==
        "reader-1 reads v1 of user:7, although it had read v2 in step 1.");
  CHECK(monotonic_reads.judge(ending({answer(0, 1), answer(0, 2)}, {})).arose);
  CHECK_FALSE(monotonic_reads.judge(ending({answer(0, 1), answer(0, 2)}, {})).finding);
  CHECK_FALSE(monotonic_reads.judge(ending({answer(0, 2), answer(1, 1)}, {})).arose);
}

TEST_CASE("properties are found by name") {
  for (const auto* property : all_properties()) CHECK(find_property(property->name) == property);
  CHECK(find_property("no-such-thing") == nullptr);
}

}  // namespace
}  // namespace cacherace::judge
