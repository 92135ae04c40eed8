#include "tests/rules/enumerate/gaps.hpp"

namespace cacherace::rules {
namespace {

Range half(Range latency) {
  return {.min = latency.min / 2, .max = latency.max == never ? never : latency.max / 2};
}

}  // namespace

Range sum(Range a, Range b) {
  return {.min = a.min + b.min, .max = a.max == never || b.max == never ? never : a.max + b.max};
}

Range exactly(Time time) { return {.min = time, .max = time}; }

Parts parts_of(const Race& race, At at, Task task) {
  switch (at) {
    case At::nothing:
    case At::filter_check:
    case At::filter_add:
    case At::local_get:
    case At::local_again:
    case At::local_set:
    case At::join:
    case At::flight_wait:
    case At::finish:
    case At::forget:
    case At::wait:
    case At::take:
    case At::append:
    case At::evict:
    case At::flush:
    case At::restart:
      return {};
    case At::local_del:
      if (task == Task::tell) return {.before = exactly(race.strategy.message), .after = {}};
      return {};
    case At::read_row:
      return {.before = {}, .after = race.read};
    case At::write_row:
    case At::begin:
    case At::commit:
      return {.before = race.write, .after = {}};
    default:
      return {.before = half(race.cache), .after = half(race.cache)};
  }
}

}  // namespace cacherace::rules
