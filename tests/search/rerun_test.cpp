// Exploring by running again: counts that are known, whatever is swapped, and honest words.

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "sim/search/rerun.hpp"
#include "sim/search/shrink_again.hpp"

namespace cacherace::test {
namespace {

using search::Choice;
using search::Effected;
using search::Order;
using search::RerunOptions;

// A cache and a row, readers that fill it and writers that delete from it; each party is a line of
// calls, and the last one of them is followed by an end that shows nothing.
class CacheAside : public search::Rerunnable {
 public:
  int readers = 1, writers = 1;
  bool tells_past = true;
  bool deletes_again = false;  // writers, after a step that shows nothing
  int breaks_at = -1;          // a step of an execution that cannot be controlled
  bool wanders = false;        // labels differ from run to run
  bool evicts = false;         // once, whenever the search wants it
  std::set<std::string> without;

  void begin() override {
    ++runs;
    taken = 0;
    cache = 0, row = 1;
    parties.clear();
    for (int i = 0; i < readers; ++i) parties[fmt::format("reader {}", i)] = {};
    for (int i = 0; i < writers; ++i) parties[fmt::format("writer {}", i)] = {};
    std::erase_if(parties, [&](const auto& party) { return without.contains(party.first); });
    evictions = 1;
  }
  std::vector<Choice> choices() override {
    std::vector<Choice> out;
    for (const auto& [name, party] : parties)
      if (!party.over) out.push_back({name, tells_past ? name + party.past : "", name});
    if (evicts && !out.empty() && evictions > 0) out.push_back({"evict", "", "", true});
    return out;
  }
  std::optional<Effected> step(const std::string& name) override {
    if (taken++ == breaks_at) return std::nullopt;
    if (name == "evict") {
      --evictions;
      cache = 0;
      return Effected{true, "evict", {{"cache", "k", true}}};
    }
    Party& party = parties.at(name);
    Effected out;
    if (name.starts_with("reader")) {
      if (party.at == 0) {
        party.holds = cache;
        out = {true, "get", {{"cache", "k", false}}};
        if (cache != 0) party.at = 2;
      } else if (party.at == 1) {
        party.holds = row;
        out = {true, "select", {{"row", "k", false}}};
      } else if (party.at == 2) {
        cache = party.holds;
        out = {true, "set", {{"cache", "k", true}}};
      } else {
        party.over = true;
        return Effected{false, "", {}, true};
      }
    } else if (party.at == 0) {
      ++row;
      out = {true, "update", {{"row", "k", true}}};
    } else if (party.at == 2 && deletes_again) {
      ++party.at;  // it is answered, and goes on in the background
      party.past += ";answered";
      return Effected{false, "", {}};
    } else if (party.at == 1 || (party.at == 3 && deletes_again)) {
      party.holds = cache;  // what it is told: whether there was an entry
      cache = 0;
      out = {true, "del", {{"cache", "k", true}}};
    } else {
      party.over = true;
      return Effected{false, "", {}, true};
    }
    ++party.at;
    if (wanders) out.label += std::to_string(runs);
    party.past += fmt::format(";{} {}", out.label, party.holds);
    return out;
  }
  bool finish() override { return cache != 0 && cache != row; }
  void give_up() override {}
  void leave_out(const std::set<std::string>& names) override { without = names; }

  int runs = 0;

 private:
  struct Party {
    int at = 0;
    int holds = 0;
    bool over = false;
    std::string past;
  };
  std::map<std::string, Party> parties;
  int taken = 0, cache = 0, row = 1, evictions = 1;
};

search::RerunOutcome explored(CacheAside& system, RerunOptions options) {
  options.stop_at_first = false;
  return search::explore_again(system, options);
}

TEST_CASE("every order of one reader and one writer is taken once") {
  CacheAside system;
  const auto all = explored(system, {.reduce = false});
  CHECK(all.exhausted);
  CHECK(all.orders == 10);
  CHECK(all.executions == 10);
  CHECK(all.violating == 1);
  const auto some = explored(system, {.reduce = true});
  CHECK(some.exhausted);
  CHECK(some.executions < 10);
  CHECK(some.violating == 1);
}

TEST_CASE("two readers have 534 orders, of which 70 leave the cache wrong") {
  CacheAside system;
  system.readers = 2;
  const auto all = explored(system, {.reduce = false});
  CHECK(all.exhausted);
  CHECK(all.orders == 534);
  CHECK(all.violating == 70);
  const auto some = explored(system, {.reduce = true});
  CHECK(some.exhausted);
  CHECK(some.executions < 100);
  CHECK(some.violating > 0);
}

TEST_CASE("orders are counted once where nobody knows the past") {
  CacheAside system;
  system.readers = 2;
  system.tells_past = false;
  const auto all = explored(system, {.reduce = false});
  CHECK(all.exhausted);
  CHECK(all.orders == 534);
  CHECK(all.violating == 70);
}

TEST_CASE("a step that shows nothing may be followed by one that does") {
  CacheAside system;
  system.deletes_again = true;
  system.tells_past = false;
  const auto plain = explored(system, {.reduce = false});
  CHECK(plain.exhausted);
  CHECK(plain.violating == 1);
  for (const int readers : {1, 2})
    for (const bool reduce : {false, true}) {
      system.readers = readers;
      system.tells_past = false;
      const auto unknown = explored(system, {.reduce = false});
      system.tells_past = true;
      const auto known = explored(system, {.reduce = reduce});
      CHECK(known.exhausted);
      CHECK(known.divergent == 0);
      CHECK(known.violating > 0);
      if (!reduce) CHECK(known.orders == unknown.orders);
      if (!reduce) CHECK(known.violating == unknown.violating);
    }
}

TEST_CASE("a search by running again stops at the first wrong end and repeats it") {
  CacheAside system;
  for (const auto mode :
       {RerunOptions::Mode::exhaustive, RerunOptions::Mode::random, RerunOptions::Mode::pct}) {
    const auto found = search::explore_again(system, {.mode = mode, .executions_max = 10'000});
    REQUIRE(found.first);
    CHECK_FALSE(found.exhausted);
    for (int i = 0; i < 10; ++i) {
      const auto again = search::repeat(system, *found.first);
      CHECK(again.followed);
      CHECK(again.violated);
    }
  }
  const auto other = search::repeat(system, {{"reader 0", "get"}, {"reader 0", "set"}});
  CHECK_FALSE(other.followed);
  CHECK(other.diverged_at == 2);
  CHECK(other.says == "reader 0 does select");
}

TEST_CASE("what could not be controlled, or does not repeat itself, is never exhausted") {
  CacheAside system;
  system.breaks_at = 3;
  const auto broken = explored(system, {.reduce = false});
  CHECK_FALSE(broken.exhausted);
  CHECK(broken.abandoned > 0);
  CHECK(broken.executions == 0);

  CacheAside wandering;
  wandering.wanders = true;
  const auto wandered = explored(wandering, {.reduce = false});
  CHECK_FALSE(wandered.exhausted);
  CHECK(wandered.divergent > 0);
}

TEST_CASE("whatever random order was found shrinks to one reader, one writer, two switches") {
  CacheAside system;
  system.readers = 3;
  system.writers = 2;
  system.evicts = true;
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    system.without.clear();
    const auto found = search::explore_again(system, {.mode = RerunOptions::Mode::random,
                                                      .reduce = false,
                                                      .executions_max = 1000,
                                                      .seed = seed});
    REQUIRE(found.first);
    const auto shrunk = search::shrink_again(system, *found.first, 500);
    REQUIRE(shrunk);
    CHECK(shrunk->complete);
    CHECK(shrunk->executions <= 500);
    CHECK(shrunk->to <= shrunk->from);
    CHECK(shrunk->to.clients == 2);
    CHECK(shrunk->to.faults == 0);
    CHECK(shrunk->to.switches == 2);
    CHECK(shrunk->to.steps == 5);
    CHECK(shrunk->without.size() == 3);
    sizes.insert(shrunk->from.steps);
    system.leave_out(shrunk->without);
    const auto again = search::repeat(system, shrunk->order);
    CHECK(again.followed);
    CHECK(again.violated);
  }
  CHECK(sizes.size() > 1);  // they were different ones
}

TEST_CASE("an order that is right does not shrink, and a bound ends shrinking with what it has") {
  CacheAside system;
  CHECK_FALSE(search::shrink_again(system, {{"writer 0", "update"}, {"writer 0", "del"}}, 100));
  system.readers = 3;
  const auto found =
      search::explore_again(system, {.mode = RerunOptions::Mode::random, .reduce = false});
  REQUIRE(found.first);
  const auto cut = search::shrink_again(system, *found.first, 1);
  REQUIRE(cut);
  CHECK(cut->executions == 1);
  CHECK_FALSE(cut->complete);
  CHECK(cut->from == cut->to);
}

}  // namespace
}  // namespace cacherace::test
