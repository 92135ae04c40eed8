#include "sim/judge/metric/misses.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::judge {
namespace {

// Why a read of key 0 misses that looks it up now.
MissCause cause_of_miss(MissCauses& causes, bool expired = false) {
  if (expired) causes.gone(0, MissCause::expired);
  causes.missed(3, 0);
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
  causes.missed(1, 0);
  causes.stored(0);
  causes.missed(1, 0);
  CHECK(causes.take(1) == MissCause::evicted);
}

TEST_CASE("an entry that is taken for expired is still there") {
  MissCauses causes(1);
  causes.stored(0);
  causes.may_miss(1);
  CHECK(causes.take(1) == MissCause::expired);
  causes.gone(0, MissCause::invalidated);
  CHECK(cause_of_miss(causes) == MissCause::invalidated);
}

TEST_CASE("a look that got no answer is the cause, unless a later one is answered") {
  MissCauses causes(1);
  causes.stored(0);
  causes.unanswered(1);
  CHECK(causes.take(1) == MissCause::unanswered);
  causes.gone(0, MissCause::evicted);
  causes.unanswered(1);
  causes.missed(1, 0);
  causes.unanswered(1);
  CHECK(causes.take(1) == MissCause::evicted);
}

TEST_CASE("keys of rows that never exist are cold") {
  MissCauses causes(1);
  causes.stored(9);
  causes.missed(0, 9);
  CHECK(causes.take(0) == MissCause::cold);
}

}  // namespace
}  // namespace cacherace::judge
