// A real application between proxies: known counts, honest words, and counterexamples that replay.

#include <catch2/catch_test_macros.hpp>

#include "sim/drive/session/recorded.hpp"
#include "sim/drive/session/saved_order.hpp"
#include "tests/drive/driven_app.hpp"

namespace cacherace::test {
namespace {

TEST_CASE("a reader against a writer: 10 orders, 1 wrong") { counts({.name = "aside"}, 10, 1); }
TEST_CASE("a delete behind the transaction: 20 orders, 3 wrong") {
  counts({.name = "transaction"}, 20, 3);
}
TEST_CASE("a delete within the transaction: 20 orders, 12 wrong") {
  counts({.name = "inside"}, 20, 12);
}
TEST_CASE("a generation: 10 orders, none wrong") { counts({.name = "generation"}, 10, 0); }
TEST_CASE("an application that sleeps is waited for") { counts({.name = "sleeps"}, 10, 1); }

TEST_CASE("orders that differ in swaps alone are taken once") {
  const auto result = driven({.name = "generation"}, {.mode = DriveOptions::Mode::exhaustive});
  CHECK(result.word == Word::exhausted);
  CHECK(result.search.orders == 5);
}

TEST_CASE("a key that is evicted between two steps is a fault that is tried") {
  const auto result = driven({.name = "generation", .more = R"(, "faults": { "evict": 1 })"},
                             {.mode = DriveOptions::Mode::exhaustive, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.word == Word::violated);
}

TEST_CASE("a connection that is lost keeps a delete from coming") {
  const auto result = driven({.name = "generation", .more = R"(, "faults": { "drop": 1 })"},
                             {.mode = DriveOptions::Mode::exhaustive, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.word == Word::violated);
}

TEST_CASE("what comes in the background is not controlled, unless the file says so") {
  const auto result = driven({.name = "timer"}, {.replays = 3});
  CHECK(result.word == Word::uncontrolled);
  CHECK(result.noticed.uncontrolled > 0);
  const auto said = driven({.name = "timer", .requests = R"("reader": { "get": "/users/7" },
                                           "writer": { "put": "/users/7", "json": { "name": "v2" },
                                                       "background_within": "200ms" })"},
                           {.replays = 3});
  INFO(drive::to_text(said, false));
  CHECK(said.word == Word::violated);  // the fill may come after both deletes
  CHECK(said.noticed.uncontrolled == 0);
}

TEST_CASE("an application that does not repeat itself is never exhausted") {
  for (const char* name : {"random", "in-process"}) {
    const auto result = driven({.name = name}, {.replays = 3});
    INFO(drive::to_text(result, false));
    CHECK((result.word == Word::nondeterministic || result.word == Word::violated));
    CHECK_FALSE(result.why.empty());
  }
}

TEST_CASE("what the requests did alone becomes a script") {
  need_servers();
  const auto file = file_of({.name = "inside"});
  const auto result = drive::record(file, {});
  REQUIRE(result.has_value());
  const auto model = drive::to_model(*result, file);
  CHECK(model.script.find("function read(key)\n"
                          "  local found = cache.get(\"user:7\")") != std::string::npos);
  CHECK(model.script.find("  db.transaction(function(tx)\n"
                          "    tx.write(key)\n"
                          "    cache.del(\"user:7\")\n"
                          "  end)\n") != std::string::npos);
  CHECK(model.scenario.find("\"write users\"") != std::string::npos);
}

TEST_CASE("a time limit ends every part of the work, and what is finished is kept") {
  need_servers();
  const auto file = file_of({.name = "aside"});
  for (const int calls : {1, 50, 300}) {
    int left = calls;
    const auto result = drive::drive(file, {.go_on = [&left] { return left-- > 0; }});
    REQUIRE(result.has_value());
    CHECK_FALSE(result->complete);
    CHECK(result->word != Word::exhausted);
  }
}

TEST_CASE("what is found is shrunk: a reader that is not needed, and switches that are not") {
  const auto result =
      driven({.name = "aside", .requests = R"("reader": { "get": "/users/7", "count": 3 },
                                  "writer": { "put": "/users/7", "json": { "name": "v2" } })"},
             {.mode = DriveOptions::Mode::random, .replays = 3});
  INFO(drive::to_text(result, false));
  REQUIRE(result.word == Word::violated);
  REQUIRE(result.shrunk);
  CHECK(result.shrunk->complete);
  CHECK(result.shrunk->to.clients == 2);
  CHECK(result.shrunk->to.switches == 2);
  CHECK(result.shrunk->to.steps == 5);
  CHECK(result.without.size() == 2);
  CHECK(result.order->size() == 5);
  CHECK(result.shown.readers.size() == 1);
  const auto file =
      file_of({.name = "aside", .requests = R"("reader": { "get": "/users/7", "count": 3 },
                                  "writer": { "put": "/users/7", "json": { "name": "v2" } })"});
  const auto saved = drive::read_saved_order(drive::saved_order(result, file, "drive.json"),
                                             "race.json", root() / "tests/drive/app");
  REQUIRE(saved.has_value());
  CHECK(saved->without == result.without);
  const auto again = drive::replay(saved->file, saved->order, saved->without, {.replays = 2});
  REQUIRE(again.has_value());
  CHECK(again->diverged_at == 0);
}

TEST_CASE("requests that only read are vacuous") {
  const auto result =
      driven({.name = "aside", .requests = R"("reader": { "get": "/users/7", "count": 2 })"});
  CHECK(result.word == Word::vacuous);
}

TEST_CASE("requests that wait for each other within the application are seen") {
  const auto result =
      driven({.name = "mutex", .requests = R"("reader": { "get": "/users/7", "count": 2 },
                                  "writer": { "put": "/users/7", "json": { "name": "v2" } })"},
             {.replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.word == Word::violated);
  CHECK(result.noticed.waits > 0);
}

TEST_CASE("row locks and deadlocks end as the database ends them") {
  const auto result =
      driven({.name = "aside", .requests = R"("reader": { "get": "/users/7" },
                                  "one": { "put": "/pairs/7/8", "json": {} },
                                  "other": { "put": "/pairs/8/7", "json": {} })"},
             {.mode = DriveOptions::Mode::random, .executions_max = 12, .replays = 3});
  INFO(drive::to_text(result, false));
  CHECK(result.noticed.stuck == 0);
  CHECK(result.noticed.uncontrolled == 0);
  CHECK(result.search.executions > 0);
}

TEST_CASE("an application that answers 500, or ends, is a clear error") {
  need_servers();
  const auto broken = drive::drive(file_of({.name = "broken"}), {});
  REQUIRE_FALSE(broken.has_value());
  CHECK(to_text(broken.error().front()).find("is answered with 500") != std::string::npos);

  auto file = file_of({.name = "aside"});
  file.app.command = "echo no such thing; exit 3";
  const auto ended = drive::drive(file, {});
  REQUIRE_FALSE(ended.has_value());
  CHECK(to_text(ended.error().front()).find("no such thing") != std::string::npos);

  file = file_of({.name = "aside"});
  file.reset_sql = "TRUNCATE nothing";
  const auto reset = drive::drive(file, {});
  REQUIRE_FALSE(reset.has_value());
  CHECK(to_text(reset.error().front()).find("the reset fails") != std::string::npos);
}

TEST_CASE("a counterexample of an application is saved, read and replayed") {
  const auto file = file_of({.name = "aside"});
  const auto result = driven({.name = "aside"}, {.replays = 2});
  REQUIRE(result.word == Word::violated);
  const std::string text = drive::saved_order(result, file, "drive.json");
  CHECK(drive::is_saved_order(text));
  const auto saved = drive::read_saved_order(text, "race.json", root() / "tests/drive/app");
  REQUIRE(saved.has_value());
  const auto again = drive::replay(saved->file, saved->order, {}, {.replays = 10});
  REQUIRE(again.has_value());
  CHECK(again->diverged_at == 0);
  CHECK(again->result.replayed.times == 10);

  auto other = *saved;  // the application was mended since
  other.file.app.env = {{"WAY", "generation"}};
  const auto mended = drive::replay(other.file, other.order, {}, {.replays = 1});
  REQUIRE(mended.has_value());
  CHECK(mended->diverged_at == 1);
}

}  // namespace
}  // namespace cacherace::test
