#include "sim/world/filter.hpp"

#include "sim/core/fixed.hpp"
#include "sim/core/stream.hpp"

namespace cacherace::world {

// Each hash is an independent draw for (key, hash): the seed is part of the filter, not of a run.
std::uint64_t Filter::bit(Key key, std::uint32_t hash) const {
  return multiply_high(draw(0, key, Purpose::filter, hash).first, size_);
}

void Filter::add(Key key) {
  if (hashes_ == 0) bits_[key] = true;
  for (std::uint32_t hash = 0; hash < hashes_; ++hash) bits_[bit(key, hash)] = true;
}

bool Filter::probably_has(Key key) const {
  if (hashes_ == 0) return bits_[key];
  for (std::uint32_t hash = 0; hash < hashes_; ++hash)
    if (!bits_[bit(key, hash)]) return false;
  return true;
}

}  // namespace cacherace::world
