#include "sim/judge/metric/misses.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::judge {
namespace {

// Why a read of key 0 misses that looks it up now.
MissCause cause_of_miss(MissCauses& causes, bool expired = false) {
  causes.looked_up(3, 0, expired);
  return causes.take(3);
}

TEST_CASE("a miss is told what became of the entry") {
  MissCauses causes(2);
  CHECK(cause_of_miss(causes) == MissCause::cold);
  for (const MissCause cause : {MissCause::expired, MissCause::evicted, MissCause::invalidated}) {
    causes.stored(0);
    causes.gone(0, cause);
    CHECK(cause_of_miss(causes) == cause);
  }
  causes.stored(0);
  CHECK(cause_of_miss(causes, true) == MissCause::expired);
  causes.stored(0);
  causes.emptied();
  CHECK(cause_of_miss(causes) == MissCause::emptied);
}

TEST_CASE("who does not find what is cached looks under another name") {
  MissCauses causes(1);
  causes.stored(0);
  CHECK(cause_of_miss(causes) == MissCause::renamed);
}

TEST_CASE("who never looked has bypassed the cache, and is forgotten after each read") {
  MissCauses causes(1);
  CHECK(causes.take(7) == MissCause::bypassed);
  CHECK(cause_of_miss(causes) == MissCause::cold);
  CHECK(causes.take(3) == MissCause::bypassed);
}

TEST_CASE("the first look counts, and an entry that is gone does not go again") {
  MissCauses causes(1);
  causes.stored(0);
  causes.gone(0, MissCause::evicted);
  causes.gone(0, MissCause::invalidated);
  causes.looked_up(1, 0, false);
  causes.stored(0);
  causes.looked_up(1, 0, false);
  CHECK(causes.take(1) == MissCause::evicted);
}

TEST_CASE("keys of rows that never exist are cold") {
  MissCauses causes(1);
  causes.stored(9);
  causes.looked_up(0, 9, false);
  CHECK(causes.take(0) == MissCause::cold);
}

}  // namespace
}  // namespace cacherace::judge
