// How fast scripts run, printed for people: test_script "[speed]".

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <iostream>

#include "sim/script/tree.hpp"
#include "tests/script/loaded.hpp"

namespace cacherace::test {
namespace {

const std::string cache_aside = R"(
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end
)";

const std::string generation = R"(
function read(key)
  local row, generation = cache.mget(key, "generation:" .. key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.atomic(function(c)
      if c.get("generation:" .. key) == generation then c.set(key, row) end
    end)
  end
  return row
end
)";

template <typename Work>
void print_rate(const char* what, Work&& work) {
  using Clock = std::chrono::steady_clock;  // tidy: a speed is measured
  const auto from = Clock::now();
  const double count = static_cast<double>(work());
  const std::chrono::duration<double> took = Clock::now() - from;
  std::cout << what << ": " << static_cast<std::uint64_t>(count / took.count() / 1000)
            << " thousand a second\n";
}

std::uint64_t live_requests(const std::string& text) {
  const auto program = program_of(text);
  script::Host host(program, outside(), true);
  const Value key[] = {host.values().text("k1")};
  const Value row[] = {Value::row(1, 1)};
  const Value miss[] = {Value{}, Value::boolean(false)};
  std::uint64_t requests = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto run = host.begin("read", key, 1);
    const script::Turn* turn = &host.resume(run, {});
    for (; !turn->over; ++requests) {
      const bool reads = turn->request.call == script::Call::db_read;
      const std::span<const Value> answers = reads ? std::span<const Value>(row) : miss;
      turn = &host.resume(run, answers);
    }
    host.end(run);
  }
  return requests;
}

std::uint64_t learnt_transitions(const std::string& text) {
  const auto program = program_of(text);
  script::Tree tree(program, outside(), true);
  const Value key[] = {tree.values().text("k1")};
  const Value row[] = {Value::row(1, 1)};
  const Value miss[] = {Value{}, Value::boolean(false)};
  std::uint64_t requests = 0;
  for (int i = 0; i < 500'000; ++i) {
    auto at = tree.begin("read", key, 1);
    for (; !at.turn->over; ++requests) {
      const bool reads = tree.request(at.node).call == script::Call::db_read;
      const std::span<const Value> answers = reads ? std::span<const Value>(row) : miss;
      at = tree.go_on(at.node, answers);
    }
  }
  return requests;
}

std::uint64_t learnt_nodes() {
  std::uint64_t nodes = 0;
  for (int i = 0; i < 20; ++i) {
    const auto program =
        program_of(in_read("local s = '' while true do s = s .. tostring(cache.get(key)) end"));
    script::Tree tree(program, outside(), true);
    const Value key[] = {tree.values().text("k1")};
    auto at = tree.begin("read", key, 1);
    const Value miss[] = {Value{}, Value::boolean(false)};
    for (int j = 0; j < 40; ++j) at = tree.go_on(at.node, std::span<const Value>(miss));
    nodes += tree.size();
  }
  return nodes;
}

TEST_CASE("speed of scripts", "[.speed]") {
  print_rate("live requests of cache-aside", [] { return live_requests(cache_aside); });
  print_rate("live requests of generation", [] { return live_requests(generation); });
  print_rate("learnt transitions of cache-aside", [] { return learnt_transitions(cache_aside); });
  print_rate("learnt transitions of generation", [] { return learnt_transitions(generation); });
  print_rate("new nodes", [] { return learnt_nodes(); });
}

}  // namespace
}  // namespace cacherace::test
