#include "tests/rules/laws.hpp"

#include <algorithm>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/report/export/json.hpp"
#include "tests/rules/draw.hpp"
#include "tests/rules/enumerate/judges.hpp"
#include "tests/rules/product.hpp"

namespace cacherace::rules {
namespace {

constexpr std::uint64_t states_max = 200'000;
constexpr std::uint64_t schedules_max = 5'000;

harness::SearchOptions all_properties(bool timed) {
  harness::SearchOptions options;
  options.shrink = false;
  options.states_max = states_max;
  for (const auto property : property_names) options.properties.emplace_back(property);
  if (timed) options.properties.insert(options.properties.end(), {"staleness", "wait"});
  return options;
}

/// Nothing if the race is refused, or too large for a conclusion.
std::optional<Answer> conclusion(const Race& race, const harness::SearchOptions& options) {
  auto answer = ask(to_json(race), options);
  if (!answer.refused.empty()) return std::nullopt;
  for (const auto& [property, said] : answer.properties)
    if (said.verdict == "clean-so-far") return std::nullopt;
  return answer;
}

std::optional<Answer> conclusion(const Race& race) {
  return conclusion(race, all_properties(race.timed));
}

int badness(const Said& said) {
  return said.verdict == "violated" ? 2 : said.verdict == "proven" ? 1 : 0;
}

bool is_less(const std::optional<std::string>& a, const std::optional<std::string>& b) {
  if (!a || !b || *a == "unbounded") return false;
  return *b == "unbounded" || std::stoull(*a) < std::stoull(*b);
}

std::string both(const std::string& property, const Said& first, const Said& second) {
  return property + ": " + first.verdict + " " + first.worst.value_or("") + " of the first, " +
         second.verdict + " " + second.worst.value_or("") + " of the second\n";
}

/// The second race has all executions of the first one.
Obeyed includes(const Race& first, const Race& second, bool worst_cases) {
  const auto less = conclusion(first), more = conclusion(second);
  if (!less || !more) return {.says_nothing = true};
  Obeyed obeyed;
  for (const auto& [property, said] : less->properties) {
    const auto other = more->properties.find(property);
    if (other == more->properties.end()) continue;
    if (badness(other->second) < badness(said) ||
        (worst_cases && is_less(other->second.worst, said.worst)))
      obeyed.broken += both(property, said, other->second);
  }
  if (!obeyed.broken.empty()) obeyed.broken = to_json(first) + to_json(second) + obeyed.broken;
  return obeyed;
}

void double_it(Time& time) {
  if (time != never) time *= 2;
}

Race with_times_doubled(Race race) {
  for (auto* range : {&race.cache, &race.read, &race.write, &race.replica_lag}) {
    double_it(range->min);
    double_it(range->max);
  }
  auto& s = race.strategy;
  for (auto* time :
       {&race.pause_max, &s.soft,          &s.hard,         &s.keep,       &s.refresh_lock,
        &s.lock.ttl,     &s.lock.wait,     &s.lock.give_up, &s.rate,       &s.token_ttl,
        &s.lease_wait,   &s.lease_give_up, &s.stale,        &s.tombstones, &s.delay,
        &s.interval,     &s.lag,           &s.ttl,          &s.negative,   &s.hold_for,
        &s.mark_ttl,     &s.local_ttl,     &s.message})
    double_it(*time);
  return race;
}

Obeyed doubled(const Race& race) {
  const auto twice = with_times_doubled(race);
  const auto once = conclusion(race), doubles = conclusion(twice);
  if (!once || !doubles) return {.says_nothing = true};
  Obeyed obeyed;
  for (const auto& [property, said] : once->properties) {
    const auto& other = doubles->properties.at(property);
    std::optional<std::string> expected = said.worst;
    if (property != "loads-in-flight" && expected && *expected != "unbounded")
      expected = std::to_string(std::stoull(*expected) * 2);
    if (other.verdict != said.verdict || other.worst != expected)
      obeyed.broken += both(property, said, other);
  }
  if (!obeyed.broken.empty()) obeyed.broken = to_json(race) + to_json(twice) + obeyed.broken;
  return obeyed;
}

/// Both have the same verdicts, and the same numbers of schedules.
Obeyed alike(const Race& first, const Race& second) {
  auto options = all_properties(false);
  options.count = true;
  options.schedules_max = schedules_max;
  const auto one = conclusion(first, options), two = conclusion(second, options);
  if (!one || !two) return {.says_nothing = true};
  Obeyed obeyed;
  for (const auto& [property, said] : one->properties) {
    const auto& other = two->properties.at(property);
    if (said.verdict == other.verdict && said.schedules == other.schedules &&
        said.violating == other.violating && said.worst == other.worst)
      continue;
    obeyed.broken += both(property, said, other) + std::to_string(said.violating.value_or(0)) +
                     " of " + std::to_string(said.schedules.value_or(0)) + " and " +
                     std::to_string(other.violating.value_or(0)) + " of " +
                     std::to_string(other.schedules.value_or(0)) + "\n";
  }
  if (!obeyed.broken.empty()) obeyed.broken = to_json(first) + to_json(second) + obeyed.broken;
  return obeyed;
}

Obeyed permuted(const Race& race) {
  // The order in which rows are named first says to which groups they belong.
  const auto apart = static_cast<std::size_t>(race.strategy.processes());
  if (race.groups > 1 || race.clients.size() <= apart) return {.says_nothing = true};
  auto other = race;
  std::swap(other.clients.front(), other.clients[apart]);
  return alike(race, other);
}

Obeyed one_reader_more(Race race) {
  if (race.clients.size() > 2) return {.says_nothing = true};
  const auto before = conclusion(race);
  auto more = race;
  more.clients.push_back({{.what = Do::read, .key = Key{0}}});
  const auto after = conclusion(more);
  if (!before || !after) return {.says_nothing = true};
  // Such a read replaces what it finds, once that is past its soft expiry.
  const bool mends = race.strategy.read == Read::swr || race.strategy.read == Read::refresh_ahead ||
                     race.strategy.read == Read::stale_if_error;
  Obeyed obeyed;
  for (const auto& [property, said] : before->properties) {
    if (mends && (property == "no-stale-residue" || property == "heals")) continue;
    const auto& other = after->properties.at(property);
    if (said.verdict == "violated" && other.verdict != "violated")
      obeyed.broken += both(property, said, other);
  }
  if (!obeyed.broken.empty()) obeyed.broken = to_json(race) + to_json(more) + obeyed.broken;
  return obeyed;
}

Obeyed reductions(const Race& race) {
  auto options = all_properties(false);
  options.reduction = harness::Reduction::none;
  options.count = true;
  options.schedules_max = schedules_max;
  const auto none = conclusion(race, options);
  options.count = false;
  options.schedules_max.reset();
  options.reduction = harness::Reduction::states;
  const auto states = conclusion(race, options);
  options.reduction = harness::Reduction::all;
  const auto all = conclusion(race, options);
  if (!none || !states || !all) return {.says_nothing = true};
  Obeyed obeyed;
  for (const auto& [property, said] : none->properties)
    for (const auto* other : {&states->properties.at(property), &all->properties.at(property)})
      if (said.verdict != other->verdict || said.worst != other->worst)
        obeyed.broken += both(property, said, *other);
  if (!obeyed.broken.empty()) obeyed.broken = to_json(race) + obeyed.broken;
  return obeyed;
}

Obeyed shrunk(const Race& race) {
  auto options = all_properties(race.timed);
  const auto first = conclusion(race, options);
  if (!first) return {.says_nothing = true};
  options.shrink = true;
  const auto loaded = harness::load_scenario(to_json(race), "race.json");
  const auto outcome = harness::search(*loaded, options);
  Obeyed obeyed;
  for (const auto& property : outcome.result.results.front().properties) {
    const auto& said = first->properties.at(property.name);
    const bool found = property.counterexample && !property.counterexample->steps.empty();
    if (name(property.verdict) != said.verdict || found != (said.verdict == "violated"))
      obeyed.broken += property.name + ": " + said.verdict +
                       ", shrunk to a counterexample: " + (found ? "yes" : "no") + "\n";
  }
  // Each saved counterexample is a race of its own, which violates its property.
  for (const auto& file : outcome.counterexamples)
    if (report::to_json(file).find("\"steps\"") == std::string::npos)
      obeyed.broken += "a counterexample file without steps\n";
  if (!obeyed.broken.empty()) obeyed.broken = to_json(race) + obeyed.broken;
  return obeyed;
}

Obeyed jobs(const Race& race) {
  const auto loaded = harness::load_scenario(to_json(race), "race.json");
  if (!loaded) return {.says_nothing = true};
  auto options = all_properties(race.timed);
  const auto one = report::to_json(harness::search(*loaded, options).result);
  options.jobs = 2;
  const auto two = report::to_json(harness::search(*loaded, options).result);
  if (one == two) return {};
  return {.says_nothing = false, .broken = to_json(race) + one + two};
}

Race any_race(std::uint64_t number) {
  const auto feature = static_cast<Feature>(number % static_cast<std::uint64_t>(feature_count));
  return draw(feature, number);
}

}  // namespace

const char* name(Law law) {
  switch (law) {
    case Law::wider:
      return "wider";
    case Law::doubled:
      return "doubled";
    case Law::contained:
      return "contained";
    case Law::one_fault_more:
      return "one-fault-more";
    case Law::renamed:
      return "renamed";
    case Law::permuted:
      return "permuted";
    case Law::one_reader_more:
      return "one-reader-more";
    case Law::reductions:
      return "reductions";
    case Law::shrunk:
      return "shrunk";
    case Law::jobs:
      return "jobs";
  }
  return "";
}

Obeyed obeys(Law law, std::uint64_t number) {
  Dice dice(number * 64 + 62);
  dice.next();
  switch (law) {
    case Law::wider: {
      const auto race = draw_timed(number);
      auto wide = race;
      switch (dice.below(5)) {
        case 0:
          wide.cache.max += 4;
          break;
        case 1:
          wide.read.max += 6;
          break;
        case 2:
          wide.write.max += 6;
          break;
        case 3:
          wide.pause_max += 6;
          break;
        default:
          wide.read.min = 0;
          wide.cache.min = 0;
      }
      return includes(race, wide, true);
    }
    case Law::doubled:
      return doubled(draw_timed(number));
    case Law::contained: {
      const auto race = draw_timed(number);
      auto untimed = race;
      untimed.timed = false;
      return includes(race, untimed, true);
    }
    case Law::one_fault_more: {
      const auto race = dice.one_in(3) ? draw_timed(number) : any_race(number);
      auto more = race;
      ++more.faults[static_cast<std::size_t>(dice.below(5))];
      return includes(race, more, true);
    }
    case Law::renamed: {
      const auto race = any_race(number);
      auto other = race;
      other.row_names = "zyxwvuts";
      other.client_name = "somebody-";
      return alike(race, other);
    }
    case Law::permuted:
      return permuted(any_race(number));
    case Law::one_reader_more:
      return one_reader_more(any_race(number));
    case Law::reductions:
      return reductions(any_race(number));
    case Law::shrunk:
      return shrunk(dice.one_in(3) ? draw_timed(number) : any_race(number));
    case Law::jobs:
      return jobs(dice.one_in(3) ? draw_timed(number) : any_race(number));
  }
  return {};
}

}  // namespace cacherace::rules
