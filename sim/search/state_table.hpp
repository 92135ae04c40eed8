#pragma once
// Recognises states: each distinct sequence of words has a number.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/monitor.hpp"
#include "sim/search/large_pages.hpp"

namespace cacherace::search {

/// Numbers sequences of words in the order in which they are first added, from 0. Exact: sequences
/// are compared, not only their hashes. Words take as few bits as the greatest of all allows, and a
/// state about 12 bytes more than its words. Expected O(words) per state.
class StateTable {
 public:
  struct Added {
    std::uint32_t number;
    bool is_new;
  };

  StateTable() : slots_(std::size_t{1} << slot_bits_) {}

  Added add(std::span<const Word> words) {
    stage(words);
    return add_staged()[0];
  }
  /// Adding in two steps is faster for many at once: the memory that they need is asked for before
  /// the first of them is compared. `add_staged` adds all that were staged since the last call, in
  /// this order; what it returns is valid until the next call.
  void stage(std::span<const Word> words);
  std::span<const Added> add_staged();

  /// Valid until the next call.
  std::span<const Word> operator[](std::uint32_t number) const;
  void copy(std::uint32_t number, std::vector<Word>& words) const;
  std::uint32_t size() const { return size_; }
  /// Memory in use.
  std::uint64_t bytes() const {
    return units_.capacity() * sizeof(std::uint64_t) + places_.capacity() * sizeof(Place) +
           slots_.capacity() * sizeof(Slot);
  }

 private:
  static constexpr std::size_t group = 4;
  using Slot = std::uint32_t;  // number plus 1, and above it bits of the hash; 0: free
  struct Place {
    std::uint64_t begin;  // of the units
    std::size_t words;
  };
  struct Staged {
    std::uint64_t hash;
    std::size_t at;              // the slot to look at next
    std::uint32_t begin, units;  // in `staged_units_`
    std::size_t words;
  };

  struct Packed {
    Word all;  // bits that are set in some word; if they are too many, the units mean nothing
    std::uint32_t units;
  };
  Packed pack(std::span<const Word> words, std::uint64_t* to) const;
  void unpack(const std::uint64_t* units, std::span<Word> words) const;
  void look_for_staged();
  Added add_one(const Staged& staged);
  std::uint32_t append(const Staged& staged);
  void make_room();
  void widen(Word all);
  void fill_slots();

  std::size_t units_for(std::size_t words) const {
    return ((words + 1) / 2 + unit_pairs_ - 1) / unit_pairs_;
  }
  Place place(std::uint32_t number) const {
    return ragged_ ? places_[number] : Place{.begin = number * stride_, .words = words_};
  }
  // Where a state may be first: at the begin of a group of slots.
  std::size_t home(std::uint64_t hash) const { return (hash >> (64 - slot_bits_)) & ~(group - 1); }
  Slot mark(std::uint64_t hash) const { return static_cast<Slot>(hash << slot_bits_); }
  std::uint32_t number_in(Slot slot) const {
    return static_cast<std::uint32_t>(slot & (slots_.size() - 1)) - 1;
  }

  // A unit holds some pairs of words, the first of each pair in its low half.
  std::uint32_t word_bits_ = 4, unit_pairs_ = 8;
  LargeVector<std::uint64_t> units_;
  // All states have the same number of words so far; or each has its place.
  bool ragged_ = false;
  std::size_t words_ = 0, stride_ = 0;
  std::vector<Place> places_;

  std::uint32_t size_ = 0;
  std::uint32_t slot_bits_ = 8;
  LargeVector<Slot> slots_;  // open addressing; 2^slot_bits_

  std::vector<Staged> staged_;
  std::vector<std::uint64_t> staged_units_;
  std::uint32_t staged_end_ = 0;  // of the units that are in use
  std::vector<Added> added_;
  mutable std::vector<Word> unpacked_;
};

}  // namespace cacherace::search
