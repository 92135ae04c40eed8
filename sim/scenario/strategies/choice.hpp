#pragma once
// What the project knows of a choice of a slot, in one place each: how it is written, what it does,
// what it removes and leaves. The decoder, the schema, `list`, `describe` and the documentation all
// read it here; what the choice does is a protocol of sim/strategy.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::scenario {

/// A failure mode, a cost or a property, and when it is removed or remains.
struct Remark {
  std::string_view what;
  std::string_view says;
};

struct ChoiceOption {
  std::string_view name;
  std::string values;    // a type, or the words to choose from: "process | durable"
  std::string standard;  // the default, as it is written; "" when the option must be given
  std::string_view meaning;
  std::string schema;  // of its value, draft-07: the members of an object without the braces
};

/// One choice of one slot, named as in scenario files.
struct Choice {
  std::string_view slot;
  std::string_view name;
  std::string_view summary;
  std::string_view steps;  // pseudo-code; effects are called as in results
  std::vector<Remark> removes;
  std::vector<Remark> remains;
  std::vector<std::string_view> sources;
  std::string_view scenario;  // a complete scenario file that uses the choice
  std::vector<ChoiceOption> options = {};
  std::string written = "";  // as the slot's value, with the options that it needs

  /// Whether the name alone says too little.
  bool needs_options() const {
    for (const ChoiceOption& option : options)
      if (option.standard.empty()) return true;
    return false;
  }
};

/// Every choice, slot by slot.
const std::vector<Choice>& choices();

}  // namespace cacherace::scenario
