#pragma once
// The parts of the schema of scenarios that follow from the choices.

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/strategies/choice.hpp"

namespace cacherace::scenario {

/// The forms of a slot: a name, or an object with a choice and its options.
std::vector<std::string> slot_schema(std::string_view slot);

/// The members of the object that has the options of a choice.
std::vector<std::string> options_schema(std::string_view slot, std::string_view name);

/// The members of the object that says when entries expire.
std::vector<std::string> expiry_schema();

/// `"name": { … }`
std::string member_schema(const ChoiceOption& option);

}  // namespace cacherace::scenario
