#pragma once
// What came of driving an application.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/drive/control/driven.hpp"
#include "sim/report/report_result.hpp"
#include "sim/search/rerun.hpp"
#include "sim/search/shrink_again.hpp"

namespace cacherace::drive {

/// Stronger words than these do not exist for a real application: what was not seen is not known.
enum class Word { violated, exhausted, clean_so_far, vacuous, uncontrolled, nondeterministic };
constexpr const char* name(Word word) {
  switch (word) {
    case Word::violated:
      return "violated";
    case Word::exhausted:
      return "exhausted";
    case Word::clean_so_far:
      return "clean-so-far";
    case Word::vacuous:
      return "vacuous";
    case Word::uncontrolled:
      return "uncontrolled";
    case Word::nondeterministic:
      break;
  }
  return "nondeterministic";
}

/// What one request does alone.
struct Profile {
  std::string request;                // its name
  std::string shown;                  // "GET /users/7"
  std::vector<ShownStep> cold, warm;  // with an empty cache, and right after that
};

struct DriveResult {
  std::string title, servers, property;
  Word word = Word::clean_so_far;
  std::vector<std::string> why;  // not exhausted, not controlled, or not repeated
  std::vector<std::string> notes;
  std::vector<Profile> profiles;
  search::RerunOutcome search;
  std::uint64_t random_executions = 0;  // of these, before every order was taken
  bool counted = false;                 // every order was asked for
  Noticed noticed;
  std::size_t connections = 0;
  double seconds = 0;  // of the search
  struct {
    std::uint32_t times = 0, of = 0;
  } replayed;
  std::optional<search::Order> order;  // of the counterexample
  std::set<std::string> without;       // requests that take no part in it
  std::optional<search::ShrunkAgain> shrunk;
  report::Counterexample shown;
  std::vector<std::pair<std::string, std::string>> expectations;  // property and what is wanted
  bool met = true;
  bool complete = true;  // false when it was interrupted
};

/// As the interleavings of simulated races: lanes for requests, cache and database.
report::Counterexample to_counterexample(const Driven& driven, const std::string& says);

std::string to_text(const DriveResult& result, bool color);
std::string to_json(const DriveResult& result);
std::string to_markdown(const DriveResult& result);
std::string to_junit(const DriveResult& result);
std::string to_html(const DriveResult& result);

/// What each request does alone, as a table.
std::string profiles_text(const DriveResult& result);

}  // namespace cacherace::drive
