#pragma once
// Where long work can be ended.

#include <cstdint>
#include <functional>
#include <utility>

namespace cacherace {

/// Thrown by work that was told to end; nothing of it is left.
struct Stopped {};

/// Called in each turn of a loop that may take long; asks now and then whether to go on.
class StopPoint {
 public:
  /// Never ends anything.
  StopPoint() = default;
  explicit StopPoint(std::function<bool()> go_on) : go_on_(std::move(go_on)) {}

  /// `turns` at once. Throws Stopped when the answer is no.
  void operator()(std::uint64_t turns = 1) {
    constexpr std::uint64_t turns_between_asking = 1U << 16;
    turns_ += turns;
    if (turns_ < turns_between_asking) return;
    turns_ = 0;
    if (go_on_ && !go_on_()) throw Stopped{};
  }

 private:
  std::function<bool()> go_on_;
  std::uint64_t turns_ = 0;
};

}  // namespace cacherace
