// The load slot: who reads the database after a miss.

#include "sim/scenario/decode/decode_choice.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

constexpr auto releases = std::to_array<Spelling<Lock::Release>>(
    {{"checked", Lock::Release::checked}, {"unchecked", Lock::Release::unchecked}});

constexpr auto refusals = std::to_array<Spelling<Lease::Refused>>({
    {"retry", Lease::Refused::retry},
    {"load", Lease::Refused::load},
    {"give-up", Lease::Refused::give_up},
});

// A duration, or "none".
std::optional<std::optional<Duration>> lock_ttl(const Node& node, Collector& problems) {
  std::optional<Duration> ttl;
  if (node.type == Node::Type::string && node.text == "none") return std::make_optional(ttl);
  ttl = duration(node, problems);
  if (!ttl) return std::nullopt;
  if (*ttl > Duration::zero()) return std::make_optional(ttl);
  problems.meaning(node, "a lock that holds for no time excludes no client",
                   "write \"none\" for a lock that holds until it is released");
  return std::nullopt;
}

// `wait` and `give_up` are null where they were left out.
void check_waiting(const Node* wait, const Node* give_up, Duration between, Duration limit,
                   Collector& problems) {
  const Node* at = wait != nullptr ? wait : give_up;
  if (at == nullptr || between <= limit) return;
  problems.meaning(*at, "\"wait\" is longer than \"give_up\", so no waiter would ever look again",
                   "write a shorter \"wait\" or a longer \"give_up\"");
}

Load single_flight(Fields& options, Collector& /*problems*/) {
  SingleFlight out;
  options.read("processes", out.processes, count<std::uint32_t>(1, processes_max));
  options.read("forget", out.forget, boolean);
  return out;
}

Load lock(Fields& options, Collector& problems) { return lock_options(options, problems); }

Load lease(Fields& options, Collector& problems) {
  Lease out;
  const Node* rate = options.read("rate", out.rate, duration);
  const Node* token_ttl = options.read("token_ttl", out.token_ttl, positive_duration);
  if (token_ttl == nullptr) out.token_ttl = std::max(out.token_ttl, out.rate);
  if (rate == nullptr) out.rate = std::min(out.rate, out.token_ttl);
  if (rate != nullptr && out.rate > out.token_ttl)
    problems.meaning(
        *rate,
        "\"rate\" is longer than \"token_ttl\": after a token has ended nobody would get "
        "another, and every reader would wait",
        "write a shorter \"rate\" or a longer \"token_ttl\"");
  options.read("refused", out.refused, one_of(refusals, "reaction to a refusal"));
  const Node* wait = options.read("wait", out.wait, positive_duration);
  const Node* give_up = options.read("give_up", out.give_up, positive_duration);
  options.read("stale", out.stale, positive_duration);
  check_waiting(wait, give_up, out.wait, out.give_up, problems);
  for (const Node* waiting : {wait, give_up}) {
    if (waiting == nullptr || out.refused == Lease::Refused::retry) continue;
    problems.meaning(*waiting, "a refused reader waits only where \"refused\" is \"retry\"",
                     "leave it out");
  }
  return out;
}

Load read_through(Fields& options, Collector& /*problems*/) {
  ReadThrough out;
  options.read("nodes", out.nodes, count<std::uint32_t>(1, processes_max));
  return out;
}

constexpr auto loads = std::to_array<Choice<Load>>({
    {"every-reader", no_options<Load, EveryReader>},
    {"single-flight", single_flight, R"({ "processes": 4 })"},
    {"lock", lock, lock_example, true},
    {"lease", lease, R"({ "rate": "10s" })"},
    {"read-through", read_through, R"({ "nodes": 4 })"},
});

}  // namespace

Lock lock_options(Fields& options, Collector& problems) {
  Lock out;
  options.need("ttl", out.ttl, lock_ttl, R"("5s")");
  const Node* wait = options.need("wait", out.wait, positive_duration, R"("50ms")");
  const Node* give_up = options.need("give_up", out.give_up, positive_duration, R"("2s")");
  options.read("release", out.release, one_of(releases, "release"));
  if (wait != nullptr && give_up != nullptr) {
    check_waiting(wait, give_up, out.wait, out.give_up, problems);
  }
  return out;
}

std::optional<Load> load_slot(const Node& node, Collector& problems) {
  return choice_of(loads, node, problems);
}

}  // namespace cacherace::scenario
