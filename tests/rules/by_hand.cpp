// Compares many more races with the oracle than the suite does:
//   rules_by_hand FEATURE|all|timed|LAW FIRST COUNT MAX FOLDER
// MAX bounds the schedules of a race, of a timed one the steps that are tried. Each race on which
// oracle and product differ becomes two files in FOLDER, as simple as it can be.

#include <fstream>
#include <iostream>

#include "tests/rules/compare.hpp"
#include "tests/rules/draw.hpp"
#include "tests/rules/laws.hpp"
#include "tests/rules/simpler.hpp"

namespace rules = cacherace::rules;

namespace {

struct Hunt {
  std::string about;
  std::uint64_t first, count, max;
  std::string folder;
};

template <typename Draw, typename Compare>
void hunt(const Hunt& hunt, const Draw& draw, const Compare& compare) {
  std::uint64_t compared = 0, refused = 0, large = 0, schedules = 0, differ = 0, verdicts = 0;
  for (auto number = hunt.first; number < hunt.first + hunt.count; ++number) {
    const auto race = draw(number);
    const auto result = compare(race, hunt.max);
    refused += result.refused ? 1 : 0;
    large += result.large ? 1 : 0;
    if (result.refused || result.large) continue;
    ++compared;
    schedules += result.schedules;
    if (result.difference.empty()) continue;
    ++differ;
    verdicts += result.verdicts ? 1 : 0;
    if (differ > 40) continue;
    std::string file = hunt.folder + "/" + hunt.about + "-" + std::to_string(number);
    for (auto& c : file)
      if (c == ' ') c = '-';
    const auto simple = rules::simplest(race, [&](const rules::Race& candidate) {
      const auto again = compare(candidate, hunt.max);
      return !again.difference.empty() && (!result.verdicts || again.verdicts);
    });
    std::ofstream(file + ".json") << rules::to_json(simple);
    std::ofstream(file + ".txt") << compare(simple, hunt.max).difference;
  }
  std::cout << hunt.about << ": " << compared << " compared, " << schedules << " schedules, "
            << differ << " differ (" << verdicts << " in verdicts), " << refused << " refused, "
            << large << " too large" << std::endl;
}

void try_law(const Hunt& hunt, rules::Law law) {
  std::uint64_t obeyed = 0, silent = 0, broken = 0;
  for (auto number = hunt.first; number < hunt.first + hunt.count; ++number) {
    const auto result = rules::obeys(law, number);
    if (result.says_nothing) {
      ++silent;
    } else if (result.broken.empty()) {
      ++obeyed;
    } else {
      ++broken;
      std::ofstream(hunt.folder + "/" + hunt.about + "-" + std::to_string(number) + ".txt")
          << result.broken;
    }
  }
  std::cout << hunt.about << ": obeyed by " << obeyed << ", broken by " << broken
            << "; says nothing of " << silent << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string wanted = argv[1];
  Hunt settings{.about = wanted,
                .first = std::stoull(argv[2]),
                .count = std::stoull(argv[3]),
                .max = std::stoull(argv[4]),
                .folder = argv[5]};
  for (int i = 0; i < rules::law_count; ++i)
    if (wanted == rules::name(static_cast<rules::Law>(i)))
      try_law(settings, static_cast<rules::Law>(i));
  if (wanted == "timed") hunt(settings, rules::draw_timed, rules::compare_timed);
  for (int f = 0; f < rules::feature_count; ++f) {
    const auto feature = static_cast<rules::Feature>(f);
    if (wanted != "all" && wanted != rules::name(feature)) continue;
    settings.about = rules::name(feature);
    hunt(
        settings, [&](std::uint64_t number) { return rules::draw(feature, number); },
        rules::compare);
  }
}
