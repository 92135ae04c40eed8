#pragma once
// What a search knows of the world: a value with questions that have finitely many answers.

#include <concepts>
#include <vector>

#include "sim/core/history.hpp"

namespace cacherace::search {

/// `pending` lists the answers to "what happens next", always in the same order for equal states,
/// and is empty exactly when the execution is complete; `step` takes one of them.
template <typename M>
concept Model = std::copyable<typename M::State> &&
                requires(const M& model, typename M::State& state, std::size_t index) {
                  { model.initial() } -> std::same_as<typename M::State>;
                  { model.pending(state) } -> std::same_as<typename M::Choices>;
                  { model.step(state, model.pending(state)[index]) } -> std::same_as<Step>;
                  { model.finals(state) } -> std::same_as<std::vector<FinalKey>>;
                };

}  // namespace cacherace::search
