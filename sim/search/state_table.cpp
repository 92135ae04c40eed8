#include "sim/search/state_table.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/core/assert.hpp"

namespace cacherace::search {
namespace {

using Pair = std::array<Word, 2>;
constexpr std::uint64_t both_halves = 0x1'0000'0001;

void prefetch(const void* address) { __builtin_prefetch(address); }

// Multiplies and folds (wyhash's primitive).
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash(const std::uint64_t* units, std::size_t count, std::size_t words) {
  std::uint64_t state = 0x9e3779b97f4a7c15U ^ words;
  for (; count > 1; count -= 2, units += 2)
    state = fold(state ^ units[0], 0xbf58476d1ce4e5b9U ^ units[1]);
  if (count > 0) state = fold(state ^ units[0], 0xbf58476d1ce4e5b9U);
  return fold(state, 0x94d049bb133111ebU);
}

}  // namespace

// ---- words and units ---------------------------------------------------------------------------

void StateTable::stage(std::span<const Word> words) {
  const std::size_t end_max = staged_end_ + words.size() / 2 + 1;
  if (staged_units_.size() < end_max) staged_units_.resize(2 * end_max);
  std::uint64_t* const units = staged_units_.data() + staged_end_;
  const auto [all, count] = pack(words, units);
  if (std::uint64_t{all} >> word_bits_ != 0) {
    widen(all);
    return stage(words);
  }
  const std::uint64_t h = hash(units, count, words.size());
  prefetch(&slots_[home(h)]);
  staged_.push_back(
      {.hash = h, .at = home(h), .begin = staged_end_, .units = count, .words = words.size()});
  staged_end_ += count;
}

inline StateTable::Packed StateTable::pack(std::span<const Word> words, std::uint64_t* to) const {
  const Word* from = words.data();
  std::uint64_t all = 0;
  std::uint32_t units = 0;
  for (std::size_t left = words.size(); left > 0; ++units) {
    std::size_t pairs = std::min<std::size_t>(left / 2, unit_pairs_);
    const bool odd = left % 2 != 0 && pairs < unit_pairs_;
    left -= 2 * pairs + (odd ? 1 : 0);
    std::uint64_t unit = 0;
    for (; pairs > 0; --pairs, from += 2) {
      const auto pair = std::bit_cast<std::uint64_t>(Pair{from[0], from[1]});
      all |= pair;
      unit = unit << word_bits_ | pair;
    }
    if (odd) {
      const auto pair = std::bit_cast<std::uint64_t>(Pair{*from, 0});
      all |= pair;
      unit = unit << word_bits_ | pair;
    }
    to[units] = unit;
  }
  return {.all = static_cast<Word>(all | all >> 32), .units = units};
}

void StateTable::unpack(const std::uint64_t* units, std::span<Word> words) const {
  const std::uint64_t mask = both_halves * ((std::uint64_t{1} << word_bits_) - 1);
  const std::size_t unit_words = std::size_t{2} * unit_pairs_;
  for (std::size_t begin = 0; begin < words.size(); begin += unit_words) {
    std::uint64_t unit = *units++;
    const std::size_t end = std::min(begin + unit_words, words.size());
    std::size_t i = end;
    if ((end - begin) % 2 != 0) {
      words[--i] = std::bit_cast<Pair>(unit & mask)[0];
      unit >>= word_bits_;
    }
    for (; i > begin; i -= 2) {
      const auto pair = std::bit_cast<Pair>(unit & mask);
      words[i - 2] = pair[0];
      words[i - 1] = pair[1];
      unit >>= word_bits_;
    }
  }
}

void StateTable::copy(std::uint32_t number, std::vector<Word>& words) const {
  const Place from = place(number);
  words.resize(from.words);
  unpack(units_.data() + from.begin, words);
}

std::span<const Word> StateTable::operator[](std::uint32_t number) const {
  copy(number, unpacked_);
  return unpacked_;
}

// Packs all states anew, with room for such words.
void StateTable::widen(Word all) {
  StateTable wider;
  wider.unit_pairs_ = 32 / static_cast<std::uint32_t>(std::bit_width(all));
  wider.word_bits_ = 32 / wider.unit_pairs_;
  for (std::uint32_t number = 0; number < size_; ++number) wider.add((*this)[number]);
  for (const Staged& staged : staged_) {
    unpacked_.resize(staged.words);
    unpack(staged_units_.data() + staged.begin, unpacked_);
    wider.stage(unpacked_);
  }
  *this = std::move(wider);
}

// ---- slots -------------------------------------------------------------------------------------

std::span<const StateTable::Added> StateTable::add_staged() {
  make_room();
  look_for_staged();
  if (ragged_)
    for (const Staged& staged : staged_)
      if (const Slot slot = slots_[staged.at]; slot != 0)
        prefetch(&units_[places_[number_in(slot)].begin]);
  added_.resize(staged_.size());
  Added* added = added_.data();
  for (const Staged& staged : staged_) *added++ = add_one(staged);
  staged_.clear();
  staged_end_ = 0;
  return added_;
}

// Goes on to the first slots that are free or may be those of the states, and asks for what they
// mean. Looks at a group at a time, without a branch for each slot.
void StateTable::look_for_staged() {
  const std::size_t mask = slots_.size() - 1;
  const Slot high = ~static_cast<Slot>(mask);
  const Slot* const slots = slots_.data();
  const auto* const units = units_.data();
  const std::size_t stride = stride_;
  for (Staged& staged : staged_) {
    const Slot wanted = mark(staged.hash);
    std::size_t at = staged.at;
    Slot stops = 0;
    for (;; at = (at + group) & mask) {
      const auto is_stop = [&](std::size_t i) -> Slot {
        const Slot slot = slots[at + i];
        return Slot{slot == 0} | Slot{((slot ^ wanted) & high) == 0};
      };
      stops = is_stop(0) | is_stop(1) << 1 | is_stop(2) << 2 | is_stop(3) << 3;
      if (stops != 0) break;
    }
    at += static_cast<std::size_t>(std::countr_zero(stops));
    staged.at = at;
    const std::size_t number = (slots[at] & mask) - std::size_t{slots[at] != 0};
    if (ragged_)
      prefetch(places_.data() + number);
    else
      prefetch(units + number * stride);
  }
}

inline StateTable::Added StateTable::add_one(const Staged& staged) {
  const std::size_t mask = slots_.size() - 1;
  const Slot wanted = mark(staged.hash);
  for (std::size_t at = staged.at;; at = (at + 1) & mask) {
    const Slot slot = slots_[at];
    if (slot == 0) {
      const std::uint32_t number = append(staged);
      slots_[at] = wanted | (number + 1);
      return {.number = number, .is_new = true};
    }
    if ((slot ^ wanted) > mask) continue;
    const std::uint32_t number = number_in(slot);
    const Place known = place(number);
    if (known.words != staged.words) continue;
    const std::uint64_t* const units = staged_units_.data() + staged.begin;
    const std::uint64_t* const others = units_.data() + known.begin;
    std::size_t same = 0;
    while (same < staged.units && units[same] == others[same]) ++same;
    if (same == staged.units) return {.number = number, .is_new = false};
  }
}

std::uint32_t StateTable::append(const Staged& staged) {
  if (size_ == 0) {
    words_ = staged.words;
    stride_ = staged.units;
  } else if (!ragged_ && staged.words != words_) {
    for (std::uint32_t number = 0; number < size_; ++number) places_.push_back(place(number));
    ragged_ = true;
  }
  if (ragged_) places_.push_back({.begin = units_.size(), .words = staged.words});
  for (std::size_t i = 0; i < staged.units; ++i) units_.push_back(staged_units_[staged.begin + i]);
  return size_++;
}

// ---- growth ------------------------------------------------------------------------------------

// At most three quarters of the slots are in use.
void StateTable::make_room() {
  const std::uint64_t states = std::uint64_t{size_} + staged_.size();
  if (states * 4 <= slots_.size() * 3) return;
  while (states * 4 > std::uint64_t{3} << slot_bits_) ++slot_bits_;
  SIM_ASSERT(slot_bits_ <= 32);
  slots_.assign(std::size_t{1} << slot_bits_, 0);
  fill_slots();
  for (Staged& staged : staged_) staged.at = home(staged.hash);
}

void StateTable::fill_slots() {
  const std::size_t mask = slots_.size() - 1;
  std::array<std::uint64_t, 32> hashes;  // some at a time, to ask for their slots beforehand
  for (std::uint32_t number = 0; number < size_;) {
    const std::uint32_t count = std::min<std::uint32_t>(hashes.size(), size_ - number);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Place from = place(number + i);
      const std::size_t units = ragged_ ? units_for(from.words) : stride_;
      hashes[i] = hash(units_.data() + from.begin, units, from.words);
      prefetch(&slots_[home(hashes[i])]);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      std::size_t at = home(hashes[i]);
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = mark(hashes[i]) | ++number;
    }
  }
}

}  // namespace cacherace::search
