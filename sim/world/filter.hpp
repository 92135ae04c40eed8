#pragma once
// A Bloom filter over the rows that exist (Bloom 1970).

#include <vector>

#include "sim/core/effect.hpp"
#include "sim/scenario/slots.hpp"

namespace cacherace::world {

/// Says of a key that it was never added, or that it probably was. Nothing can be taken out again.
/// Without hashes, each key below the number of bits has one of its own. O(hashes) a call.
class Filter {
 public:
  explicit Filter(const scenario::BloomFilter& settings)
      : hashes_(settings.hashes), size_(settings.bits), bits_(settings.bits) {}

  void add(Key key);
  bool probably_has(Key key) const;

  std::uint64_t bytes() const { return bits_.capacity() / 8; }

  bool operator==(const Filter&) const = default;

 private:
  std::uint64_t bit(Key key, std::uint32_t hash) const;

  std::uint32_t hashes_;
  std::uint64_t size_;
  std::vector<bool> bits_;
};

}  // namespace cacherace::world
