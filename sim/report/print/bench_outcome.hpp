#pragma once
// How fast the program is: what bench prints.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/report/text/text.hpp"

namespace cacherace::report {

/// Figures of the machine that measured them: medians over rounds; a ratio is the median of the
/// ratios of the rounds. The peer is an engine of std::priority_queue and std::function.
struct Bench {
  struct Traffic {
    std::string name;
    std::string says;
    std::uint64_t operations = 0, effects = 0;  // of one round
    double operations_per_s = 0, effects_per_s = 0;
    double peer_operations_per_s = 0;
    double ratio = 0;  // how many times as fast as the peer
  };
  struct Agenda {
    std::uint64_t pending = 0;  // moments
    double ns_per_event = 0, peer_ns_per_event = 0;
    double ratio = 0;
  };
  struct Search {
    std::string race;
    bool symmetry = false;  // clients that are alike are taken for each other
    std::uint64_t states = 0;
    double states_per_s = 0;
  };

  bool complete = true;  // false when it was interrupted
  std::uint32_t rounds = 0;
  std::vector<Traffic> traffic;
  std::vector<Agenda> agenda;
  std::vector<Search> search;
};

std::string to_text(const Bench& bench, const TextStyle& style);
std::string to_json(const Bench& bench);

}  // namespace cacherace::report
