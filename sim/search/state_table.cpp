#include "sim/search/state_table.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/core/assert.hpp"
#include "sim/core/fetch_ahead.hpp"

namespace cacherace::search {
namespace {

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

StateTable::Added StateTable::add(std::span<const Word> words) {
  stage(words);
  const auto added = add_staged();
  SIM_ASSERT(added.size() == 1);
  return added[0];
}

std::optional<std::uint32_t> StateTable::find(std::span<const Word> words) {
  stage(words);
  const auto added = add_staged(0);
  return added.empty() ? std::nullopt : std::optional(added[0].number);
}

std::span<const Word> StateTable::operator[](std::uint32_t number) const {
  copy(number, unpacked_);
  return unpacked_;
}

void StateTable::copy(std::uint32_t number, std::vector<Word>& words) const {
  const Place from = place(number);
  words.resize(from.words);
  packing_.unpack(units_.data() + from.begin, words);
}

// ---- adding ------------------------------------------------------------------------------------

void StateTable::stage(std::span<const Word> words) {
  const std::size_t end_max = staged_end_ + words.size() / 2 + 1;
  if (staged_units_.size() < end_max) staged_units_.resize(2 * end_max);
  std::uint64_t* const units = staged_units_.data() + staged_end_;
  const auto [all, count] = packing_.pack(words, units);
  if (!packing_.fits(all)) {
    widen(all);
    return stage(words);
  }
  const std::uint64_t h = hash(units, count, words.size());
  fetch_ahead(&slots_[home(h)]);
  staged_.push_back(
      {.hash = h, .at = home(h), .begin = staged_end_, .units = count, .words = words.size()});
  staged_end_ += count;
}

std::span<const StateTable::Added> StateTable::add_staged(std::uint64_t states_max) {
  const auto most = static_cast<std::uint32_t>(std::min(states_max, capacity));
  make_room();
  look_for_staged();
  if (ragged_) ask_for_ragged();
  added_.resize(staged_.size());
  Added* added = added_.data();
  for (const Staged& staged : staged_) {
    *added = add_one(staged, most);
    if (added->number == no_state) break;
    ++added;
  }
  added_.resize(static_cast<std::size_t>(added - added_.data()));
  staged_.clear();
  staged_end_ = 0;
  return added_;
}

// Goes on to the first slots that are free or may be those of the states, and asks for what they
// mean. Looks at a group of slots at a time, without a branch for each.
void StateTable::look_for_staged() {
  const std::size_t mask = slots_.size() - 1;
  const Slot high = ~static_cast<Slot>(mask);
  const Slot* const slots = slots_.data();
  const std::uint64_t* const states = ragged_ ? places_.data() : units_.data();
  const std::size_t stride = ragged_ ? 1 : stride_;
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
    fetch_ahead(states + number * stride);
  }
}

void StateTable::ask_for_ragged() {
  const std::size_t mask = slots_.size() - 1;
  for (const Staged& staged : staged_)
    if (const Slot slot = slots_[staged.at]; slot != 0)
      fetch_ahead(units_.data() + place(static_cast<std::uint32_t>((slot & mask) - 1)).begin);
}

inline StateTable::Added StateTable::add_one(const Staged& staged, std::uint32_t states_max) {
  const std::size_t mask = slots_.size() - 1;
  const Slot wanted = mark(staged.hash);
  for (std::size_t at = staged.at;; at = (at + 1) & mask) {
    const Slot slot = slots_[at];
    if (slot == 0) {
      if (size_ >= states_max) return {.number = no_state, .is_new = false};
      const std::uint32_t number = append(staged);
      slots_[at] = wanted | (number + 1);
      return {.number = number, .is_new = true};
    }
    if ((slot ^ wanted) > mask) continue;
    const auto number = static_cast<std::uint32_t>((slot & mask) - 1);
    const Place known = place(number);
    if (known.words != staged.words) continue;
    const std::uint64_t* const mine = staged_units_.data() + staged.begin;
    const std::uint64_t* const others = units_.data() + known.begin;
    std::size_t same = 0;
    while (same < staged.units && mine[same] == others[same]) ++same;
    if (same == staged.units) return {.number = number, .is_new = false};
  }
}

// ---- growth ------------------------------------------------------------------------------------

std::uint32_t StateTable::append(const Staged& staged) {
  if (size_ == 0) {
    words_ = staged.words;
    stride_ = staged.units;
  } else if (!ragged_ && staged.words != words_) {
    make_ragged();
  }
  if (ragged_) {
    SIM_ASSERT(staged.words < 1U << 16);
    places_.push_back(units_.size() << 16 | staged.words);
  }
  for (std::size_t i = 0; i < staged.units; ++i) units_.push_back(staged_units_[staged.begin + i]);
  return size_++;
}

void StateTable::make_ragged() {
  SIM_ASSERT(words_ < 1U << 16);
  for (std::uint32_t number = 0; number < size_; ++number)
    places_.push_back(number * stride_ << 16 | words_);
  ragged_ = true;
}

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
    const auto count = std::min(static_cast<std::uint32_t>(hashes.size()), size_ - number);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Place from = place(number + i);
      const std::size_t units = ragged_ ? packing_.units(from.words) : stride_;
      hashes[i] = hash(units_.data() + from.begin, units, from.words);
      fetch_ahead(&slots_[home(hashes[i])]);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      std::size_t at = home(hashes[i]);
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = mark(hashes[i]) | ++number;
    }
  }
}

// Packs all states anew, with room for such words.
void StateTable::widen(Word all) {
  StateTable wider;
  wider.packing_ = Packing::for_words_like(all);
  for (std::uint32_t number = 0; number < size_; ++number) wider.add((*this)[number]);
  for (const Staged& staged : staged_) {
    unpacked_.resize(staged.words);
    packing_.unpack(staged_units_.data() + staged.begin, unpacked_);
    wider.stage(unpacked_);
  }
  *this = std::move(wider);
}

}  // namespace cacherace::search
