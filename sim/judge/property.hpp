#pragma once
// Properties: pure functions of a history that return evidence.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/history.hpp"

namespace cacherace::judge {

/// Why a history violates a property. Steps are indices into `History::steps`.
struct Finding {
  Key key = 0;
  std::size_t decisive = 0;            // the step that made it wrong
  std::optional<std::size_t> earlier;  // what it contradicts: the commit or read before it
  Version kept = 0;                    // the old version that was kept or served
  Version current = 0;                 // what should have been there
};

struct Judgement {
  bool arose =
      false;  // the situation that the property is about came up; never: the verdict is vacuous
  std::optional<Finding> finding;
};

/// Names that an explanation needs.
struct Names {
  std::vector<std::string> clients;  // by actor
  std::vector<std::string> keys;
};

struct Property {
  std::string_view name;
  Judgement (*judge)(const History&);
  /// The finding in one sentence, with steps counted from 1.
  std::string (*explain)(const History&, const Finding&, const Names&);
};

/// When every client is done, no cached entry is older than its row.
extern const Property no_stale_residue;
/// A client's read never returns a version older than the client's own last commit of that key.
extern const Property read_your_writes;
/// A client's reads of one key never go back to an older version.
extern const Property monotonic_reads;

/// The property of that name, or nullptr.
const Property* find_property(std::string_view name);
/// All of them, in the order of the documentation.
std::vector<const Property*> all_properties();

}  // namespace cacherace::judge
