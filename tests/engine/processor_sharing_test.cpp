// A server that is shared evenly, against the work of each added up over every interval.

#include "sim/engine/clock/processor_sharing.hpp"

#include <rapidcheck.h>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/support/prop.hpp"

namespace cacherace::engine {
namespace {

using namespace std::chrono_literals;

struct Job {
  std::int64_t from, work;  // ns
};

// When each ends, in nanoseconds: between two events the rate of all is the same.
std::vector<long double> ends_of(const std::vector<Job>& jobs, std::uint32_t processors) {
  std::vector<long double> left, ends(jobs.size(), -1);
  for (const Job& job : jobs) left.push_back(static_cast<long double>(job.work));
  long double now = 0;
  std::size_t begun = 0, ended = 0;
  while (ended < jobs.size()) {
    std::vector<std::size_t> served;
    for (std::size_t i = 0; i < begun; ++i)
      if (ends[i] < 0) served.push_back(i);
    const long double rate = std::min(
        1.0L, static_cast<long double>(processors) / std::max<std::size_t>(1, served.size()));
    long double until = begun < jobs.size() ? static_cast<long double>(jobs[begun].from) : 1e30L;
    for (const auto i : served) until = std::min(until, now + left[i] / rate);
    for (const auto i : served) left[i] -= (until - now) * rate;
    now = until;
    for (const auto i : served)
      if (left[i] < 1e-6L) ends[i] = now, ++ended;
    while (begun < jobs.size() && static_cast<long double>(jobs[begun].from) <= now) ++begun;
  }
  return ends;
}

std::vector<SimTime> simulated(const std::vector<Job>& jobs, std::uint32_t processors) {
  ProcessorSharing server(processors);
  std::vector<SimTime> ends(jobs.size());
  SimTime now = start_of_time;
  const auto end_all = [&](SimTime until) {
    for (auto next = server.next(now); next && now + next->after <= until;
         next = server.next(now)) {
      now += next->after;
      ends[next->actor] = now;
      server.end(now);
    }
  };
  for (std::uint32_t i = 0; i < jobs.size(); ++i) {
    const SimTime from = start_of_time + Duration(jobs[i].from);
    end_all(from);
    now = from;
    server.begin(i, Duration(jobs[i].work), i, now);
  }
  end_all(start_of_time + 24h);
  return ends;
}

TEST_CASE("one that comes into a service that is shared slows the other down") {
  const auto ends = simulated({{0, 10'000}, {200, 10'000}}, 1);
  CHECK(ends[0] == start_of_time + 19'800ns);
  CHECK(ends[1] == start_of_time + 20us);
}

TEST_CASE("while there is a processor for each, nobody is slowed down") {
  const auto ends = simulated({{0, 10'000}, {200, 10'000}}, 2);
  CHECK(ends[0] == start_of_time + 10us);
  CHECK(ends[1] == start_of_time + 10'200ns);
}

TEST_CASE("a shared service does everybody's work, no more and no less") {
  test::prop("the ends are those of work added up", [] {
    const auto processors = *rc::gen::inRange(1u, 5u);
    std::vector<Job> jobs(*rc::gen::inRange<std::size_t>(1, 40));
    std::int64_t from = 0;
    for (Job& job : jobs) {
      from += *rc::gen::inRange<std::int64_t>(0, 3'000);
      job = {from, *rc::gen::inRange<std::int64_t>(1, 20'000)};
    }
    const auto expected = ends_of(jobs, processors);
    const auto ends = simulated(jobs, processors);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto exact = static_cast<long double>((ends[i] - start_of_time).count());
      // Each end is rounded up to a nanosecond, which the others have then been served, too.
      RC_ASSERT(std::abs(exact - expected[i]) <= static_cast<long double>(jobs.size()));
    }
  });
}

}  // namespace
}  // namespace cacherace::engine
