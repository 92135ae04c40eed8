// Compares many more races with the oracle than the suite does:
//   rules_by_hand FEATURE|all FIRST COUNT SCHEDULES_MAX FOLDER
// Each race on which they differ becomes a file in FOLDER.

#include <chrono>
#include <fstream>
#include <iostream>

#include "tests/rules/compare.hpp"
#include "tests/rules/draw.hpp"
#include "tests/rules/simpler.hpp"

namespace rules = cacherace::rules;

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string wanted = argv[1];
  const auto first = std::stoull(argv[2]), count = std::stoull(argv[3]), max = std::stoull(argv[4]);
  const std::string folder = argv[5];
  for (int f = 0; f < rules::feature_count; ++f) {
    const auto feature = static_cast<rules::Feature>(f);
    if (wanted != "all" && wanted != rules::name(feature)) continue;
    std::uint64_t compared = 0, refused = 0, large = 0, schedules = 0, differ = 0, verdicts = 0;
    for (auto number = first; number < first + count; ++number) {
      const auto race = rules::draw(feature, number);
      const auto result = rules::compare(race, max);
      refused += result.refused ? 1 : 0;
      large += result.large ? 1 : 0;
      if (result.refused || result.large) continue;
      ++compared;
      schedules += result.schedules;
      if (result.difference.empty()) continue;
      ++differ;
      std::string file = folder + "/" + rules::name(feature) + "-" + std::to_string(number);
      for (auto& c : file)
        if (c == ' ') c = '-';
      // Of two things that differ, the verdict is what matters.
      const auto simple = rules::simplest(race, [&](const rules::Race& candidate) {
        const auto again = rules::compare(candidate, max);
        return !again.difference.empty() && (!result.verdicts || again.verdicts);
      });
      std::ofstream(file + ".json") << rules::to_json(simple);
      std::ofstream(file + ".txt") << rules::compare(simple, max).difference;
      verdicts += result.verdicts ? 1 : 0;
    }
    std::cout << rules::name(feature) << ": " << compared << " compared, " << schedules
              << " schedules, " << differ << " differ (" << verdicts << " in verdicts), " << refused << " refused, " << large
              << " too large" << std::endl;
  }
}
