// The read slot: how a read is answered.

#include "sim/scenario/decode/decode_choice.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

Read stale_while_revalidate(Fields& options, Collector& problems) {
  StaleWhileRevalidate out;
  const Node* soft = options.need("soft", out.soft, positive_duration, R"("60s")");
  const Node* hard = options.need("hard", out.hard, positive_duration, R"("300s")");
  options.read("refresh_lock", out.refresh_lock, positive_duration);
  if (soft != nullptr && hard != nullptr && out.soft >= out.hard) {
    problems.meaning(*soft, "\"soft\" is not shorter than \"hard\", so no entry is ever stale",
                     "an entry is fresh until \"soft\", then stale, and gone after \"hard\"");
  }
  return out;
}

Read refresh_ahead(Fields& options, Collector& /*problems*/) {
  RefreshAhead out;
  options.read("threshold", out.threshold, share);
  options.read("refresh_lock", out.refresh_lock, positive_duration);
  return out;
}

Read xfetch(Fields& options, Collector& /*problems*/) {
  constexpr std::int64_t beta_max = 100;
  XFetch out;
  options.read("beta", out.beta, [](const Node& node, Collector& problems) {
    return decimal(node, problems, beta_max);
  });
  return out;
}

Read stale_if_error(Fields& options, Collector& /*problems*/) {
  StaleIfError out;
  options.need("keep", out.keep, positive_duration, R"("10min")");
  return out;
}

constexpr auto reads = std::to_array<Choice<Read>>({
    {"plain", no_options<Read, PlainRead>},
    {"direct", no_options<Read, DirectRead>},
    {"stale-while-revalidate", stale_while_revalidate, R"({ "soft": "60s", "hard": "300s" })",
     true},
    {"refresh-ahead", refresh_ahead, R"({ "threshold": "80%" })"},
    {"xfetch", xfetch, R"({ "beta": 1 })"},
    {"stale-if-error", stale_if_error, R"({ "keep": "10min" })", true},
});

}  // namespace

std::optional<Read> read_slot(const Node& node, Collector& problems) {
  return choice_of(reads, node, problems);
}

}  // namespace cacherace::scenario
