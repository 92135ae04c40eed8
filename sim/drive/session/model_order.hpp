#pragma once
// A counterexample of a model, to be performed on the application that it was made from.

#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {

/// The order of its steps: "reader-1" does "cache.get user:7".
struct ModelOrder {
  struct Step {
    std::string client, effect;
  };
  std::string property;
  std::vector<Step> steps;
};

/// Of a file that `cacherace search --save` has written, called `name`. What an application cannot
/// be asked for, such as a crash or the passing of time, is an error.
Result<ModelOrder> read_model_order(const std::string& text, const std::string& name);

/// What the model calls the `index`-th request, from 1, of a section.
std::string model_client(const RequestSection& section, std::size_t index);

/// Whether a step of the application is what the model calls by this effect.
bool is_same_effect(const std::string& effect, const ShownStep& step);

/// The effect as the model would call it: "cache.get user:7", "db.write".
std::string model_effect(const ShownStep& step);

}  // namespace cacherace::drive
