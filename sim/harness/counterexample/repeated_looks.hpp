#pragma once
// Looks in vain: who waits for a lock or a lease asks for it again and again.

#include <cstddef>
#include <optional>
#include <vector>

#include "sim/core/history.hpp"

namespace cacherace::harness {

/// By step, the earlier step that it repeats: of the same client and effect, with the same reply,
/// and with nothing but such looks between them. A look begins with a wait and ends before the next
/// one; it changes nothing. O(steps · log steps).
std::vector<std::optional<std::size_t>> repeated_looks(const std::vector<Step>& steps);

}  // namespace cacherace::harness
