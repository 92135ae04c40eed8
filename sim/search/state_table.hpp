#pragma once
// Recognises states: each distinct sequence of words has a number.

#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/monitor.hpp"

namespace cacherace::search {

/// Numbers sequences of words in the order in which they are first added, from 0. Exact: sequences
/// are compared, not only their hashes. Expected O(words) per call.
class StateTable {
 public:
  struct Added {
    std::uint32_t number;
    bool is_new;
  };

  StateTable() : slots_(1024) {}

  Added add(std::span<const Word> words);
  /// Valid until the next `add`.
  std::span<const Word> operator[](std::uint32_t number) const {
    return {words_.data() + begins_[number], words_.data() + begins_[number + 1]};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  /// Memory in use.
  std::uint64_t bytes() const {
    return words_.capacity() * sizeof(Word) + begins_.capacity() * sizeof(std::uint64_t) +
           slots_.capacity() * sizeof(Slot);
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;     // of the hash
    std::uint32_t number = 0;  // plus 1; 0: free
  };
  void grow();

  std::vector<Word> words_;
  std::vector<std::uint64_t> begins_{0};
  std::vector<Slot> slots_;  // open addressing; a power of 2
};

}  // namespace cacherace::search
