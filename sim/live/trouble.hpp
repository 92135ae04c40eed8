#pragma once
// Trouble with other processes, as problems.

#include <string>
#include <utility>

#include "sim/core/result.hpp"

namespace cacherace::live {

inline Problems trouble(std::string fact, std::string fix = "") {
  Problem found;
  found.kind = Problem::Kind::file;
  found.fact = std::move(fact);
  found.fix = std::move(fix);
  return {found};
}

}  // namespace cacherace::live
