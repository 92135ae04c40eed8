#pragma once
// Everything that a few clients of one script can come to, whatever the order of their effects.

#include <cstddef>
#include <set>
#include <string>

#include "sim/script/program.hpp"

namespace cacherace::test {

struct Clients {
  int readers = 2;       // read("k0"), read("k1"), …
  bool writer = false;   // and write("k0")
  int requests_max = 7;  // of one client; then it stops
  int lost_max = 0;      // requests that get no answer
  std::size_t states_max = 20'000;
};

struct Outcomes {
  std::set<std::string> all;  // what each client returned or told, and what is left
  std::size_t states = 0, nodes = 0;
  bool cut = false;  // there were more states
};
/// Explores with a tree that merges, or with one that does not.
Outcomes outcomes(const script::Program& program, const Clients& clients, bool merges);

}  // namespace cacherace::test
