#pragma once
// What a search says of a property.

#include <string_view>

namespace cacherace {

enum class Verdict {
  violated,      // there is a counterexample
  proven,        // every schedule was visited, and none violates
  clean_so_far,  // none of the visited schedules violates, but the budget ended
  vacuous,       // every schedule was visited, and what the property is about never came up
};

/// As in results and expectations.
constexpr std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::violated:
      return "violated";
    case Verdict::proven:
      return "proven";
    case Verdict::clean_so_far:
      return "clean-so-far";
    case Verdict::vacuous:
      return "vacuous";
  }
  return "";
}

}  // namespace cacherace
