#pragma once
// Smaller orders of a system that can only be run again, and that are wrong all the same.

#include <set>
#include <string>

#include "sim/search/rerun.hpp"

namespace cacherace::search {

/// What a person has to follow: fewer of the first count before fewer of the second.
struct OrderSize {
  std::size_t clients = 0, faults = 0, switches = 0, steps = 0;
  auto operator<=>(const OrderSize&) const = default;
};

struct ShrunkAgain {
  Order order;
  std::set<std::string> without;  // clients that take no part in it
  std::uint64_t executions = 0;
  OrderSize from, to;
  bool complete = false;  // nothing smaller was left to be tried
};

/// Leaves out clients, then faults, then changes from one client to another, as long as what is
/// left is still wrong when it is run: each candidate is one execution.
/// Nothing when the order itself is not wrong a second time. The system keeps what was left out
/// last; the caller says it again.
std::optional<ShrunkAgain> shrink_again(Rerunnable& system, const Order& order,
                                        std::uint64_t executions_max,
                                        const std::function<bool()>& go_on = {});

}  // namespace cacherace::search
