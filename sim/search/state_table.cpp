#include "sim/search/state_table.hpp"

#include <algorithm>
#include <bit>

#include "sim/core/assert.hpp"

namespace cacherace::search {
namespace {

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

// ---- staging -----------------------------------------------------------------------------------

void StateTable::begin_staging(std::size_t count) {
  staged_count_ = staged_units_size_ = 0;
  if (staged_.size() < count) staged_.resize(count);
}

// False if some word has more bits than any before. Then there is room for it from now on, and all
// that is staged has to be staged again.
bool StateTable::stage(std::span<const Word> words) {
  const std::size_t begin = staged_units_size_;
  const std::size_t pairs = words.size() / 2;
  if (staged_units_.size() < begin + pairs + 1) staged_units_.resize(2 * (begin + pairs + 1));
  std::uint64_t* const units = staged_units_.data() + begin;
  std::size_t count = 0;
  std::uint64_t all = 0, unit = 0;
  std::uint32_t room = unit_pairs_;
  const auto put = [&](std::uint64_t pair) {
    all |= pair;
    unit = unit << word_bits_ | pair;
    if (--room > 0) return;
    units[count++] = unit;
    unit = 0;
    room = unit_pairs_;
  };
  for (std::size_t i = 0; i < pairs; ++i) put(words[2 * i] | std::uint64_t{words[2 * i + 1]} << 32);
  if (words.size() % 2 != 0) put(words.back());
  if (room < unit_pairs_) units[count++] = unit;
  if ((all & both_halves * ((std::uint64_t{1} << word_bits_) - 1)) != all) {
    widen(static_cast<Word>(all | all >> 32));
    return false;
  }
  const std::uint64_t h = hash(units, count, words.size());
  prefetch(&slots_[home(h)]);
  staged_units_size_ += count;
  staged_[staged_count_++] = {.hash = h, .at = home(h), .begin = begin, .words = words.size()};
  return true;
}

std::span<const Word> StateTable::operator[](std::uint32_t number) const {
  const Place from = place(number);
  unpacked_.resize(from.words);
  const std::uint64_t mask = both_halves * ((std::uint64_t{1} << word_bits_) - 1);
  const std::uint64_t* units = units_.data() + from.begin;
  for (std::size_t begin = 0; begin < from.words; begin += std::size_t{2} * unit_pairs_) {
    std::uint64_t unit = *units++;
    const std::size_t end = std::min(begin + std::size_t{2} * unit_pairs_, from.words);
    for (std::size_t i = begin + (end - begin - 1) / 2 * 2;; i -= 2) {
      const std::uint64_t pair = unit & mask;
      unpacked_[i] = static_cast<Word>(pair);
      if (i + 1 < end) unpacked_[i + 1] = static_cast<Word>(pair >> 32);
      if (i == begin) break;
      unit >>= word_bits_;
    }
  }
  return unpacked_;
}

// ---- slots -------------------------------------------------------------------------------------

std::span<const StateTable::Added> StateTable::add_staged() {
  make_room();
  if (added_.size() < staged_count_) added_.resize(staged_count_);
  for (std::size_t i = 0; i < staged_count_; ++i) look_for(staged_[i]);
  if (ragged_)
    for (std::size_t i = 0; i < staged_count_; ++i)
      if (const Slot slot = slots_[staged_[i].at]; slot != 0)
        prefetch(&units_[places_[number_in(slot)].begin]);
  for (std::size_t i = 0; i < staged_count_; ++i) added_[i] = add_one(staged_[i]);
  return {added_.data(), staged_count_};
}

// Goes on to the first slot that is free or may be the state's, and asks for what it means.
void StateTable::look_for(Staged& staged) const {
  const std::size_t mask = slots_.size() - 1;
  const Slot wanted = mark(staged.hash);
  while (slots_[staged.at] != 0 && !may_be(slots_[staged.at], wanted))
    staged.at = (staged.at + 1) & mask;
  if (slots_[staged.at] == 0) return;
  const std::uint32_t number = number_in(slots_[staged.at]);
  if (ragged_)
    prefetch(&places_[number]);
  else
    prefetch(&units_[number * stride_]);
}

StateTable::Added StateTable::add_one(const Staged& staged) {
  const std::size_t mask = slots_.size() - 1;
  const Slot wanted = mark(staged.hash);
  for (std::size_t at = staged.at;; at = (at + 1) & mask) {
    const Slot slot = slots_[at];
    if (slot == 0) {
      const std::uint32_t number = append(staged);
      slots_[at] = wanted | (number + 1);
      return {.number = number, .is_new = true};
    }
    if (!may_be(slot, wanted)) continue;
    const std::uint32_t number = number_in(slot);
    const Place known = place(number);
    if (known.words != staged.words) continue;
    const std::uint64_t* units = staged_units_.data() + staged.begin;
    std::size_t i = ragged_ ? units_for(known.words) : stride_;
    while (i > 0 && units[i - 1] == units_[known.begin + i - 1]) --i;
    if (i == 0) return {.number = number, .is_new = false};
  }
}

std::uint32_t StateTable::append(const Staged& staged) {
  const std::size_t count = units_for(staged.words);
  if (size_ == 0) {
    words_ = staged.words;
    stride_ = count;
  } else if (!ragged_ && staged.words != words_) {
    for (std::uint32_t number = 0; number < size_; ++number) places_.push_back(place(number));
    ragged_ = true;
  }
  if (ragged_) places_.push_back({.begin = units_.size(), .words = staged.words});
  for (std::size_t i = 0; i < count; ++i) units_.push_back(staged_units_[staged.begin + i]);
  return size_++;
}

// ---- growth ------------------------------------------------------------------------------------

// At most three quarters of the slots are in use.
void StateTable::make_room() {
  const std::uint64_t states = std::uint64_t{size_} + staged_count_;
  if (states * 4 <= slots_.size() * 3) return;
  while (states * 4 > std::uint64_t{3} << slot_bits_) ++slot_bits_;
  SIM_ASSERT(slot_bits_ <= 32);
  slots_.assign(std::size_t{1} << slot_bits_, 0);
  fill_slots();
  for (std::size_t i = 0; i < staged_count_; ++i) staged_[i].at = home(staged_[i].hash);
}

void StateTable::fill_slots() {
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < size_; ++number) {
    const Place from = place(number);
    const std::uint64_t h = hash(units_.data() + from.begin, units_for(from.words), from.words);
    std::size_t at = home(h);
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = mark(h) | (number + 1);
  }
}

// Packs all states anew, with room for such words.
void StateTable::widen(Word all) {
  StateTable wider;
  wider.unit_pairs_ = 32 / static_cast<std::uint32_t>(std::bit_width(all));
  wider.word_bits_ = 32 / wider.unit_pairs_;
  for (std::uint32_t number = 0; number < size_; ++number) wider.add((*this)[number]);
  *this = std::move(wider);
}

}  // namespace cacherace::search
