// What applications do with their connections: right, or an honest word.

#include <catch2/catch_test_macros.hpp>

#include "tests/drive/driven_app.hpp"

namespace cacherace::test {
namespace {

// A reader of 3 effects and a writer of 2: 5! / (3! 2!) orders; one has select, update, del, set.
TEST_CASE("one connection for all requests: 10 orders, 1 wrong") {
  need_node();
  counts({.name = "multiplexed", .is_node = true}, 10, 1);
}
// ioredis keeps back what comes while the last pipeline is unanswered.
TEST_CASE("commands that a client sends together wait in the application: never exhausted") {
  need_node();
  const auto result =
      driven({.name = "auto-pipelining", .is_node = true}, {.count = true, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.word == Word::violated);
  CHECK(result.noticed.waits > 0);
  CHECK(result.search.divergent == 0);
  CHECK(result.noticed.uncontrolled == 0);
}
TEST_CASE("named statements: 10 orders, 1 wrong") {
  need_node();
  counts({.name = "prepared", .is_node = true}, 10, 1);
}
TEST_CASE("an invalidation in MULTI: 10 orders, 1 wrong") {
  need_node();
  counts({.name = "multi", .is_node = true}, 10, 1);
}

// On one connection, commands that are sent at once stay together, and what is sent later stands
// behind them. Reader: get, select, send both, set, set copy; writer: update, send both, del, del
// copy. If the reader sends first, its sets come before the dels: the send of the writer has 3
// places, the update before it 4, 5 or 6: 15 orders. If the writer sends first, after the get: 12
// orders if before the select, 9 if behind it. If the get is sent behind the dels: 2, and 1 if all
// is over by then. Wrong: select, update, the send of the writer, its del before the set: 3.
TEST_CASE("two commands of a request in flight at once: 39 orders, 3 wrong") {
  need_node();
  counts({.name = "promise-all", .is_node = true}, 39, 3);
}
TEST_CASE("two commands in flight at once are found to be wrong without counting, too") {
  need_node();
  const auto result = driven({.name = "promise-all", .is_node = true},
                             {.mode = DriveOptions::Mode::exhaustive, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.word == Word::violated);
}

TEST_CASE("a pool of one connection is a wait within the application, and never exhausted") {
  need_node();
  const auto result = driven({.name = "one-connection", .is_node = true},
                             {.mode = DriveOptions::Mode::exhaustive, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK((result.word == Word::violated || result.word == Word::clean_so_far));
  CHECK(result.noticed.uncontrolled == 0);
}

// WATCH, GET, select, EXEC against update and DEL: 6! / (4! 2!) orders. Redis does not call a key
// touched whose DEL found nothing, so the old value is stored all the same.
TEST_CASE("a fill that is guarded by WATCH: 15 orders, 1 wrong") {
  counts({.name = "aside", .requests = R"("reader": { "get": "/watched/7" },
                            "writer": { "put": "/users/7", "json": { "name": "v2" } })"},
         15, 1);
}

TEST_CASE("transactions that the database refuses because of others are ordered like all others") {
  const auto result = driven({.name = "aside",
                              .requests = R"("writer": { "put": "/counts/7", "count": 2 })",
                              .more = R"(, "check": { "command": "true" })"},
                             {.mode = DriveOptions::Mode::exhaustive});
  INFO(drive::to_text(result, false));
  CHECK(result.search.exhausted);
  CHECK(result.search.divergent == 0);
  CHECK(result.noticed.uncontrolled == 0);
  CHECK(result.noticed.stuck == 0);
}

TEST_CASE("a writer that waits for another one's row lock goes on when it is released") {
  const auto result = driven({.name = "inside", .requests = R"("reader": { "get": "/users/7" },
                                  "writer": { "put": "/users/7", "json": { "name": "v2" },
                                              "count": 2 })"},
                             {.replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.word == Word::violated);
  CHECK(result.search.divergent == 0);
  CHECK(result.noticed.stuck == 0);
}

TEST_CASE("a message that empties a memory is a step, and may be lost") {
  const Way way{.name = "messages",
                .app = R"(, "in_process_cache": true)",
                .requests = R"("reader": { "get": "/users/7" },
                               "writer": { "put": "/users/7", "json": { "name": "v2" },
                                           "after": "reader" })"};
  const auto heard = driven(way, {.mode = DriveOptions::Mode::exhaustive});
  INFO(drive::to_text(heard, false));
  CHECK(heard.word == Word::exhausted);
  CHECK(heard.noticed.pushes > 0);
  Way lossy = way;
  lossy.more = R"(, "faults": { "lose": 1 })";
  const auto lost = driven(lossy, {.mode = DriveOptions::Mode::exhaustive, .replays = 2});
  INFO(drive::to_text(lost, false));
  CHECK(lost.word == Word::violated);
  CHECK(drive::to_text(lost, false).find("lose message") != std::string::npos);
}

TEST_CASE("an application that is killed in the middle of a request never deletes the entry") {
  const Way way{.name = "generation", .requests = R"("reader": { "get": "/users/7" },
                               "writer": { "put": "/users/7", "json": { "name": "v2" },
                                           "after": "reader" })"};
  const auto alive = driven(way, {.mode = DriveOptions::Mode::exhaustive});
  INFO(drive::to_text(alive, false));
  CHECK(alive.word == Word::exhausted);
  Way mortal = way;
  mortal.more = R"(, "faults": { "kill": 1 })";
  const auto killed = driven(mortal, {.mode = DriveOptions::Mode::exhaustive, .replays = 2});
  INFO(drive::to_text(killed, false));
  REQUIRE(killed.word == Word::violated);
  // The reader fills, the writer updates, and the crash keeps the writer from deleting.
  CHECK(killed.order->size() == 5);
  CHECK(killed.order->back().label == "kill the application");
}

TEST_CASE("an answer that is lost last is tried as well") {
  // The delete has taken effect, so nothing is wrong: but the order has to be there.
  const Way way{.name = "generation",
                .requests = R"("reader": { "get": "/users/7" },
                               "writer": { "put": "/users/7", "json": { "name": "v2" },
                                           "after": "reader" })",
                .more = R"(, "faults": { "drop": 1 })"};
  const auto file = file_of(way);
  need_servers();
  drive::Loop loop;
  drive::Driven driven(loop, file);
  REQUIRE(driven.set_up().has_value());
  std::set<std::string> lost;
  struct Watching : search::Rerunnable {
    drive::Driven& system;
    std::set<std::string>& lost;
    Watching(drive::Driven& of, std::set<std::string>& into) : system(of), lost(into) {}
    void begin() override { system.begin(); }
    std::vector<search::Choice> choices() override { return system.choices(); }
    std::optional<search::Effected> step(const std::string& choice) override {
      auto step = system.step(choice);
      if (step && step->label.starts_with("answer lost")) lost.insert(step->label);
      return step;
    }
    bool finish() override { return system.finish(); }
    void give_up() override { system.give_up(); }
  } watching(driven, lost);
  search::explore_again(watching, {.stop_at_first = false});
  // Of each command of both requests: MGET, SELECT, EVAL; UPDATE, and EVAL once more.
  CHECK(lost.size() == 4);
}

TEST_CASE("requests about different rows of a table have one order") {
  const Way way{.name = "aside", .requests = R"("reader": { "get": "/users/8" },
                               "writer": { "put": "/users/7", "json": { "name": "v2" } })"};
  const auto result = driven(way, {.mode = DriveOptions::Mode::exhaustive});
  INFO(drive::to_text(result, false));
  CHECK(result.search.exhausted);
  CHECK(result.search.orders == 1);
}

// A reader of 3 effects and its end, a writer of 2 and its end: 7! / (4! 3!) orders.
TEST_CASE("one reader never misses a write that was acknowledged, two may") {
  const Way way{.name = "aside", .more = R"(, "check": { "property": "read-your-writes" })"};
  const auto one = driven(way, {.mode = DriveOptions::Mode::exhaustive});
  INFO(drive::to_text(one, false));
  CHECK(one.word == Word::exhausted);
  CHECK(one.search.orders == 35);
  CHECK(one.noticed.judged > 0);
  Way two = way;
  two.requests = R"("reader": { "get": "/users/7" },
                    "later": { "get": "/users/7", "after": "writer" },
                    "writer": { "put": "/users/7", "json": { "name": "v2" } })";
  const auto both = driven(two, {.mode = DriveOptions::Mode::exhaustive, .replays = 2});
  INFO(drive::to_text(both, false));
  CHECK(both.word == Word::violated);
  CHECK(both.shown.says.find("later began when every write was acknowledged") != std::string::npos);
}

TEST_CASE("an application that does not come up is a clear error") {
  need_servers();
  auto file = file_of({.name = "aside"});
  file.app.command = "sleep 60";
  file.app.ready_within = std::chrono::milliseconds(300);
  const auto result = drive::drive(file, {});
  REQUIRE_FALSE(result.has_value());
  CHECK(to_text(result.error().front()).find("is not ready after 300 ms") != std::string::npos);
}

}  // namespace
}  // namespace cacherace::test
