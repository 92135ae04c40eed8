// A model's counterexample, as the order of an application's commands.

#include <catch2/catch_test_macros.hpp>

#include "sim/drive/session/model_order.hpp"

namespace cacherace::test {
namespace {

using drive::ShownStep;
using drive::Store;

std::string counterexample(const std::string& steps, const std::string& more = "") {
  return R"({ "cacherace": "0.1.0", "kind": "counterexample", "property": "no-stale-residue", )" +
         more + R"("steps": [)" + steps + "] }";
}

std::string refused(const std::string& text) {
  const auto order = drive::read_model_order(text, "race.json");
  return order ? "" : to_text(order.error().front());
}

TEST_CASE("a model's counterexample is read") {
  const auto order = drive::read_model_order(
      counterexample(
          R"({ "client": "reader-1", "operation": "read users", "effect": "cache.get user:7",
               "result": "miss", "args": {} },
             { "client": "writer-1", "operation": "write users", "effect": "db.commit",
               "result": "committed v2" })",
          R"("start": { "users": "cold" }, )"),
      "race.json");
  REQUIRE(order.has_value());
  CHECK(order->property == "no-stale-residue");
  REQUIRE(order->steps.size() == 2);
  CHECK(order->steps[1].client == "writer-1");
  CHECK(order->steps[1].effect == "db.commit");
}

TEST_CASE("what an application cannot be asked for is refused by name") {
  const std::string read = R"({ "client": "reader-1", "operation": "read users",
                                "effect": "cache.get user:7", "result": "miss" })";
  CHECK(refused(counterexample(read)).empty());
  CHECK(refused(counterexample(read + R"(, { "client": "clock", "operation": "",
                                             "effect": "expire user:7", "result": "gone" })"))
            .find("\"expire user:7\" is not supported") != std::string::npos);
  CHECK(refused(counterexample(read + R"(, { "client": "reader-1", "operation": "read users",
                                             "effect": "crash", "result": "" })"))
            .find("\"crash\" is not supported") != std::string::npos);
  CHECK(refused(counterexample(read, R"("start": { "users": "cached" }, )"))
            .find("filled cache is not supported") != std::string::npos);
  CHECK(refused(counterexample("")).find("it has no steps") != std::string::npos);
  CHECK(refused(R"({ "kind": "counterexample", "from": "drive" })").find("of a model") !=
        std::string::npos);
  CHECK(refused(R"({ "kind": "search" })").find("of a model") != std::string::npos);
}

TEST_CASE("commands are what the model calls them") {
  const auto cache = [](const std::string& label) {
    return ShownStep{.store = Store::redis, .label = label};
  };
  CHECK(drive::is_same_effect("cache.get user:7", cache("GET user:7")));
  CHECK_FALSE(drive::is_same_effect("cache.get user:7", cache("GET user:8")));
  CHECK(drive::is_same_effect("cache.set user:7", cache("SETEX user:7")));
  CHECK(drive::is_same_effect("cache.del user:7", cache("UNLINK user:7")));
  CHECK_FALSE(drive::is_same_effect("cache.del user:7", cache("SET user:7")));
  const ShownStep update{.store = Store::postgres,
                         .label = "UPDATE users SET name = $1",
                         .touches = {{"postgres", "users", true}}};
  CHECK(drive::is_same_effect("db.write users", update));
  CHECK_FALSE(drive::is_same_effect("db.read users", update));
  const ShownStep commit{
      .store = Store::postgres, .label = "COMMIT", .touches = {{"postgres", "users", true}}};
  CHECK(drive::is_same_effect("db.commit", commit));
  CHECK_FALSE(drive::is_same_effect("db.write users", commit));
}

}  // namespace
}  // namespace cacherace::test
