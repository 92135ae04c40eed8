#pragma once
// Recognises states: each distinct sequence of words has a number.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/large_pages.hpp"
#include "sim/core/monitor.hpp"
#include "sim/search/packing.hpp"

namespace cacherace::search {

/// Numbers sequences of words in the order in which they are first added, from 0. Exact: sequences
/// are compared, not only their hashes. Words are packed into as few bits as the greatest of all
/// allows; a state takes 6 to 11 bytes more than that, and 8 more again where lengths differ.
/// Expected O(words) per state. Requires that a state has less than 2^16 words.
class StateTable {
 public:
  struct Added {
    std::uint32_t number;
    bool is_new;
  };

  StateTable() : slots_(std::size_t{1} << slot_bits_) {}

  Added add(std::span<const Word> words);
  /// In two steps many are added faster, since the memory that they need is asked for before the
  /// first of them is compared. `add_staged` adds all that were staged since its last call, in
  /// that order. It ends before the first that would be one more than `states_max`; the rest is
  /// forgotten. What it returns is valid until the next call.
  void stage(std::span<const Word> words);
  std::span<const Added> add_staged(std::uint64_t states_max = capacity);
  /// Its number, if it was added.
  std::optional<std::uint32_t> find(std::span<const Word> words);
  /// There are never more: what `add_staged` is asked for beyond that is not added.
  static constexpr std::uint64_t capacity = 3'000'000'000;

  /// Valid until the next call.
  std::span<const Word> operator[](std::uint32_t number) const;
  void copy(std::uint32_t number, std::vector<Word>& words) const;
  std::uint32_t size() const { return size_; }
  /// Memory in use.
  std::uint64_t bytes() const {
    return units_.capacity() * sizeof(std::uint64_t) + places_.capacity() * sizeof(std::uint64_t) +
           slots_.capacity() * sizeof(Slot);
  }

 private:
  using Slot = std::uint32_t;  // number plus 1, and above it bits of the hash; 0: free
  static constexpr std::size_t group = 4;
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

  void look_for_staged();
  void ask_for_ragged();
  static constexpr std::uint32_t no_state = ~std::uint32_t{0};
  Added add_one(const Staged& staged, std::uint32_t states_max);
  std::uint32_t append(const Staged& staged);
  void make_ragged();
  void make_room();
  void fill_slots();
  void widen(Word all);

  Place place(std::uint32_t number) const {
    if (ragged_) return {.begin = places_[number] >> 16, .words = places_[number] & 0xffff};
    return {.begin = number * stride_, .words = words_};
  }
  // Where a state may be first: at the begin of a group of slots.
  std::size_t home(std::uint64_t hash) const { return (hash >> (64 - slot_bits_)) & ~(group - 1); }
  Slot mark(std::uint64_t hash) const { return static_cast<Slot>(hash << slot_bits_); }

  Packing packing_;
  LargeVector<std::uint64_t> units_;
  // All states have the same number of words so far; or each has its place.
  bool ragged_ = false;
  std::size_t words_ = 0, stride_ = 0;
  std::vector<std::uint64_t> places_;  // begin, and in the low 16 bits words

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
