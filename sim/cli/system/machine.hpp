#pragma once
// What the machine has for us.

#include "sim/core/units.hpp"

namespace cacherace::cli {

/// Memory that is free for this process: of the machine, of the control groups that it is in, and
/// of its own limit, the least. A gigabyte where nothing is known.
Bytes free_memory();

}  // namespace cacherace::cli
