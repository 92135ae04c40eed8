#include "sim/harness/traffic/doubts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/core/duration_text.hpp"
#include "sim/core/fixed.hpp"
#include "sim/harness/traffic/traffic_words.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

using Names = std::vector<std::string>;

std::string quoted(const Names& names) { return fmt::format("\"{}\"", fmt::join(names, "\", \"")); }

// The shortest that an entry of the strategy lives, if it has a TTL.
std::optional<Duration> shortest_ttl(const scenario::Strategy& strategy) {
  auto ttl = strategy.expiry.ttl;
  if (const auto* swr = std::get_if<scenario::StaleWhileRevalidate>(&strategy.read))
    ttl = swr->soft;
  if (!ttl) return std::nullopt;
  return *ttl -
         Duration(multiply_divide(ttl->count(), strategy.expiry.jitter.billionths, Decimal::one));
}

std::optional<Duration> shortest(const scenario::Latency& latency) {
  if (const auto* fixed = std::get_if<scenario::Constant>(&latency)) return fixed->value;
  if (const auto* range = std::get_if<scenario::Uniform>(&latency)) return range->min;
  return std::nullopt;
}

std::optional<Duration> longest(const scenario::Latency& latency) {
  if (const auto* fixed = std::get_if<scenario::Constant>(&latency)) return fixed->value;
  if (const auto* range = std::get_if<scenario::Uniform>(&latency)) return range->max;
  return std::nullopt;
}

double mean_of(const report::StrategyResult& strategy, Metric metric) {
  const auto* found = metric_of(strategy, metric);
  return found == nullptr ? 0 : found->mean.value_or(0);
}

bool all_alike(const report::StrategyResult& a, const report::StrategyResult& b) {
  return std::equal(
      a.metrics.begin(), a.metrics.end(), b.metrics.begin(), b.metrics.end(),
      [](const auto& x, const auto& y) { return x.mean == y.mean && x.endless == y.endless; });
}

// Strategies whose every figure is the same, group by group.
std::vector<Names> alike(const report::Result& result) {
  std::vector<Names> groups;
  std::vector<const report::StrategyResult*> firsts;
  for (const auto& strategy : result.results) {
    if (strategy.metrics.empty()) continue;
    const auto first = std::find_if(firsts.begin(), firsts.end(),
                                    [&](const auto* of) { return all_alike(*of, strategy); });
    const auto at = static_cast<std::size_t>(first - firsts.begin());
    if (first == firsts.end()) {
      firsts.push_back(&strategy);
      groups.emplace_back();
    }
    groups[at].push_back(strategy.strategy);
  }
  std::erase_if(groups, [](const Names& group) { return group.size() < 2; });
  return groups;
}

// Whether nobody ever overtakes anybody between two servers, although somebody writes.
bool keeps_step(const scenario::Scenario& scenario) {
  const auto constant = [](const scenario::Latency& latency) {
    const auto from = shortest(latency);
    return from && from == longest(latency);
  };
  const auto& database = scenario.database;
  return constant(scenario.cache.latency) && constant(database.read) && constant(database.write) &&
         database.replicas.count == 0 && scenario.clients.pause.share.billionths == 0 &&
         std::ranges::any_of(scenario.traffic.flows, [](const scenario::Flow& flow) {
           return flow.reads.billionths < Decimal::one;
         });
}

bool nothing_left(const report::StrategyResult& strategy) {
  for (const Metric metric :
       {Metric::expired_keys, Metric::evicted_keys, Metric::misses_expired, Metric::misses_evicted,
        Metric::misses_invalidated, Metric::misses_emptied, Metric::misses_renamed})
    if (mean_of(strategy, metric) > 0) return false;
  return mean_of(strategy, Metric::hits) > 0;
}

}  // namespace

std::vector<std::string> doubts_about(const scenario::Scenario& scenario) {
  if (!traffic_notes(scenario).empty()) return {};  // the default traffic, which nobody chose
  const Duration duration = scenario.traffic.duration;
  const auto load = longest(scenario.database.read);
  Names never_expire, tokens, replaced;
  for (const auto& strategy : scenario.strategies) {
    if (const auto ttl = shortest_ttl(strategy); ttl && *ttl >= duration)
      never_expire.push_back(strategy.name);
    const auto* lease = std::get_if<scenario::Lease>(&strategy.load);
    if (lease == nullptr || !load) continue;
    if (lease->token_ttl <= *load)
      tokens.push_back(strategy.name);
    else if (lease->rate <= *load)
      replaced.push_back(strategy.name);
  }
  std::vector<std::string> notes;
  if (!never_expire.empty())
    notes.push_back(fmt::format(
        "{}: no entry gets as old as its TTL within {} of traffic, so the figures say nothing "
        "about expiry; use a longer \"duration\" or a shorter \"ttl\"",
        quoted(never_expire), duration_text(duration)));
  if (!tokens.empty())
    notes.push_back(
        fmt::format("{}: a load may take {}, and the token of a lease does not live longer, so "
                    "that fills are refused; "
                    "use a longer \"token_ttl\"",
                    quoted(tokens), duration_text(*load)));
  if (!replaced.empty())
    notes.push_back(
        fmt::format("{}: a load may take {}, and another reader may get a token before it ends, so "
                    "that its fill is refused; use a longer \"rate\"",
                    quoted(replaced), duration_text(*load)));
  if (keeps_step(scenario))
    notes.push_back(
        "all latencies are constant, so one client overtakes another only in a queue, and a race "
        "that needs that, such as a stale fill, may never occur; write ranges, such as "
        "\"5ms..30ms\"");
  for (const auto& flow : scenario.traffic.flows) {
    const auto* loop = std::get_if<scenario::ClosedLoop>(&flow.load);
    if (loop == nullptr) continue;
    if (const auto think = shortest(loop->think); think && *think >= duration)
      notes.push_back(
          fmt::format("flow \"{}\": its clients think for {} and the traffic ends after {}, so "
                      "each makes one request "
                      "at most; use a longer \"duration\" or a shorter \"think\"",
                      flow.name, duration_text(*think), duration_text(duration)));
  }
  return notes;
}

std::vector<std::string> doubts_about(const scenario::Scenario& scenario,
                                      const report::Result& result) {
  std::vector<std::string> notes;
  for (const Names& group : alike(result))
    notes.push_back(fmt::format(
        "{}: every figure is the same, so this traffic does not show in what they differ",
        quoted(group)));
  Names kept, saturated;
  const auto service = shortest(scenario.database.read);
  for (const auto& strategy : result.results) {
    if (nothing_left(strategy)) kept.push_back(strategy.strategy);
    if (service && service->count() > 0 &&
        mean_of(strategy, Metric::db_wait_us_mean) * 1000 > static_cast<double>(service->count()))
      saturated.push_back(strategy.strategy);
  }
  if (!kept.empty())
    notes.push_back(fmt::format(
        "{}: nothing expired, was evicted or was invalidated before a read missed it, so the hit "
        "ratio "
        "is that of a cache that nothing leaves; simulate writes, a TTL or a longer \"duration\"",
        quoted(kept)));
  if (!saturated.empty())
    notes.push_back(
        fmt::format("{}: on average a query waited longer for a connection than it is served, so "
                    "latencies show the "
                    "queue more than the strategy; use a lower \"rate\" or more \"connections\"",
                    quoted(saturated)));
  return notes;
}

}  // namespace cacherace::harness
