// What caches keep and what clients may expect of themselves, in histories written by hand.

#include "sim/judge/property/property.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/judge/histories.hpp"

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;

TEST_CASE("no-stale-residue: an old version stored after its successor's commit") {
  const auto history = ending({commit(1, 2), store(0, 1)}, {true, 1, 2});
  REQUIRE(violated(no_stale_residue, history));
  CHECK(judged(no_stale_residue, history).finding->decisive == 1);
  CHECK(explained(no_stale_residue, history) ==
        "reader-1 stores v1, which writer-1 had already replaced in step 1: the cache keeps v1 of "
        "user:7 while the database holds v2.");
}

TEST_CASE("no-stale-residue: a fresh version that a commit overtook") {
  const auto history = ending({store(0, 1), commit(1, 2)}, {true, 1, 2});
  REQUIRE(violated(no_stale_residue, history));
  CHECK(judged(no_stale_residue, history).finding->decisive == 1);
  CHECK(explained(no_stale_residue, history) ==
        "writer-1 commits v2, and nothing removes the entry any more: the cache keeps v1 of user:7 "
        "while the database holds v2.");
}

TEST_CASE("no-stale-residue: arises only when an entry of a written key remains") {
  CHECK(arises(no_stale_residue, ending({commit(1, 2), store(0, 2)}, {true, 2, 2})));
  CHECK_FALSE(arises(no_stale_residue, ending({commit(1, 2)}, {false, 0, 2})));
  CHECK_FALSE(arises(no_stale_residue, ending({store(0, 1)}, {true, 1, 1})));
  CHECK_FALSE(arises(no_stale_residue,
                     ending({with(Turn::lost, commit(1, 2)), store(0, 1)}, {true, 1, 1})));
}

TEST_CASE("no-stale-residue: a rolled-back version between the two is not the overtaking one") {
  const auto history = ending({commit(1, 3), store(0, 1)}, {true, 1, 3});
  CHECK(judged(no_stale_residue, history).finding->earlier == 0);
}

TEST_CASE("no-stale-residue: a set that was refused or lost stored nothing") {
  Step refused = store(0, 1);
  refused.reply.found = false;
  for (const Step& step : {refused, with(Turn::lost, store(0, 1))}) {
    const auto history = ending({store(0, 1), commit(1, 2), step}, {true, 1, 2});
    CHECK(judged(no_stale_residue, history).finding->decisive == 1);
  }
}

TEST_CASE("no-stale-residue: an aggregate is compared with the row behind it") {
  const History history{
      .steps = {of_key(1, store(0, 1)), commit(1, 2)},
      .finals = {{.row_version = 2}, {.cached = true, .cached_version = 1, .row_version = 2}}};
  CHECK(explained(no_stale_residue, history) ==
        "writer-1 commits v2, and nothing removes the entry any more: the cache keeps v1 of "
        "user:7#1 while the database holds v2.");
}

TEST_CASE("heals: a stale entry without a TTL never does") {
  const auto history = ending({commit(1, 2), store(0, 1)}, {.cached = true,
                                                            .cached_version = 1,
                                                            .row_version = 2,
                                                            .kept_for_good = true,
                                                            .kept_version = 1});
  CHECK(explained(heals, history) ==
        "reader-1 stores v1, which writer-1 had already replaced in step 1: the cache keeps v1 of "
        "user:7 for good, without a TTL, while the database holds v2.");
}

TEST_CASE("heals: a stale entry with a TTL does, beside a fresh one without") {
  const auto history = ending({commit(1, 2), store(0, 1, 60s), store(0, 2)}, {.cached = true,
                                                                              .cached_version = 1,
                                                                              .row_version = 2,
                                                                              .kept_for_good = true,
                                                                              .kept_version = 2});
  CHECK_FALSE(violated(heals, history));
  CHECK(arises(heals, history));
  CHECK(violated(no_stale_residue, history));
  CHECK_FALSE(arises(heals, ending({commit(1, 2)}, {false, 0, 2})));
}

TEST_CASE("read-your-writes: an older version than the client's own commit") {
  const auto history = ending({commit(0, 2), answer(0, 1)});
  CHECK(explained(read_your_writes, history) ==
        "reader-1 reads v1 of user:7, although it committed v2 itself in step 1.");
  CHECK_FALSE(violated(read_your_writes, ending({commit(0, 2), answer(0, 2)})));
  CHECK(arises(read_your_writes, ending({commit(0, 2), answer(0, 2)})));
  CHECK_FALSE(arises(read_your_writes, ending({commit(1, 2), answer(0, 1)})));
  CHECK_FALSE(arises(read_your_writes, ending({answer(0, 1), commit(0, 2)})));
}

TEST_CASE("read-your-writes: what was queued counts, what did not happen does not") {
  CHECK(explained(read_your_writes, ending({queue(0, 2), answer(0, 1)})) ==
        "reader-1 reads v1 of user:7, although it queued v2 itself in step 1.");
  CHECK_FALSE(arises(read_your_writes, ending({with(Turn::lost, commit(0, 2)), answer(0, 1)})));
  CHECK_FALSE(arises(read_your_writes, ending({commit(0, 2), failing(answer(0, 0))})));
  const Step begun = begin(0, 2);
  CHECK_FALSE(arises(read_your_writes, ending({begun, answer(0, 1)})));
}

TEST_CASE("read-your-writes: a late commit is none of the client's own") {
  CHECK_FALSE(arises(read_your_writes, ending({with(Turn::delayed, commit(0, 2)),
                                               task(Task::late, 0, commit(0, 2)), answer(0, 1)})));
}

TEST_CASE("read-your-writes: an aggregate shows what was written to its row") {
  History history{.steps = {commit(0, 2), of_key(1, answer(0, 1))}, .finals = {{}, {}}};
  CHECK(violated(read_your_writes, history));
  history.finals[1].row = 1;
  CHECK_FALSE(arises(read_your_writes, history));
}

TEST_CASE("monotonic-reads: back to an older version") {
  const auto history = ending({answer(0, 2), answer(0, 1)});
  CHECK(explained(monotonic_reads, history) ==
        "reader-1 reads v1 of user:7, although it had read v2 in step 1.");
  CHECK(arises(monotonic_reads, ending({answer(0, 1), answer(0, 2)})));
  CHECK_FALSE(violated(monotonic_reads, ending({answer(0, 1), answer(0, 2)})));
  CHECK_FALSE(arises(monotonic_reads, ending({answer(0, 2), answer(2, 1)})));
  CHECK_FALSE(arises(monotonic_reads, ending({failing(answer(0, 2)), answer(0, 1)})));
  CHECK_FALSE(arises(monotonic_reads, ending({answer(0, 2), failing(answer(0, 0))})));
}

TEST_CASE("linearizable: older than what an operation over by then has read or written") {
  const auto reads = ending({commit(1, 2), answer(0, 2), answer(2, 1), remove(1, 2)});
  CHECK(explained(linearizable, reads) ==
        "reader-2 reads v1 of user:7, although reader-1 had read v2 before it began, in step 2.");
  const auto writes = ending({commit(1, 2), remove(1, 2), answer(0, 1)});
  CHECK(explained(linearizable, writes) ==
        "reader-1 reads v1 of user:7, although writer-1 had written v2 before it began, in step "
        "2.");
  const auto own = ending({commit(1, 2), remove(1, 2), of_operation(1, answer(1, 1))});
  CHECK(explained(linearizable, own) ==
        "writer-1 reads v1 of user:7, although it had written v2 before, in step 2.");
}

TEST_CASE("linearizable: operations that overlap may be in either order") {
  const auto under_way = ending({commit(1, 2), answer(0, 1), remove(1, 2)});
  CHECK_FALSE(violated(linearizable, under_way));
  CHECK(arises(linearizable, under_way));
  CHECK_FALSE(violated(linearizable, ending({miss(0), commit(1, 2), remove(1, 2), answer(0, 1)})));
  CHECK_FALSE(violated(linearizable, ending({commit(1, 2), remove(1, 2), answer(0, 2)})));
  CHECK_FALSE(arises(linearizable, ending({answer(0, 1), answer(2, 1)})));
}

TEST_CASE("linearizable: a write that was not acknowledged may be read, and need not be") {
  const auto crashed = [](Version read) {
    return ending({commit(1, 2), crash(1), answer(0, read)});
  };
  CHECK_FALSE(violated(linearizable, crashed(1)));
  CHECK_FALSE(violated(linearizable, crashed(2)));
  CHECK_FALSE(violated(linearizable, ending({commit(1, 2), failing(remove(1, 2)), answer(0, 1)})));
}

TEST_CASE("linearizable: a version that is only written later") {
  const Step first = of(1, {.serves = OperationKind::write});
  const auto history = ending({answer(0, 2), first, commit(1, 2)});
  CHECK(explained(linearizable, history) ==
        "writer-1 begins to write v2 of user:7, which reader-1 read before, in step 1.");
  CHECK_FALSE(violated(linearizable, ending({first, answer(0, 2), commit(1, 2)})));
}

TEST_CASE("every property is found by its name") {
  CHECK(find_property("no-such-thing") == nullptr);
  for (const auto* property : default_properties())
    CHECK(find_property(property->name) == property);
  for (const auto name : property_names) {
    CAPTURE(name);
    const auto* property = find_property(name);
    REQUIRE(property != nullptr);
    CHECK(property->name == name);
  }
}

TEST_CASE("properties are listed in the order of their rows") {
  std::vector<std::string_view> listed;
  for (const auto* property : all_properties) listed.push_back(property->name);
  CHECK(listed == std::vector<std::string_view>(property_names.begin(), property_names.end()));
}

}  // namespace
}  // namespace cacherace::judge
