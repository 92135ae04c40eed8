#pragma once
// The one event loop, of the one thread in which everything happens.

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

#include "sim/core/stop_point.hpp"

namespace cacherace::drive {

using Clock = std::chrono::steady_clock;

class Loop {
 public:
  boost::asio::io_context io;
  std::function<bool()> go_on;  // false ends the work: Stopped is thrown

  /// Handles events until `done`, or for so long. True when done.
  template <typename Done>
  bool run_until(Done done, std::chrono::milliseconds patience) {
    const auto end = Clock::now() + patience;
    while (!done()) {
      if (go_on && !go_on()) throw Stopped{};
      const auto now = Clock::now();
      if (now >= end) return false;
      io.restart();
      io.run_one_for(std::min<Clock::duration>(end - now, std::chrono::milliseconds(50)));
    }
    return true;
  }
  /// Handles what has happened by now. How many events that were.
  std::size_t poll() {
    io.restart();
    return io.poll();
  }
};

}  // namespace cacherace::drive
