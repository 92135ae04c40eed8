#include "sim/search/state_table.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::search {
namespace {

// Multiplies and folds, two words at a time (wyhash's primitive).
std::uint64_t hash(std::span<const Word> words) {
  std::uint64_t state = 0x9e3779b97f4a7c15U ^ words.size();
  const auto mix = [&](std::uint64_t value) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(state ^ value) * 0xbf58476d1ce4e5b9U;
    state = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::size_t i = 0;
  for (; i + 1 < words.size(); i += 2) mix(std::uint64_t{words[i + 1]} << 32 | words[i]);
  if (i < words.size()) mix(words[i]);
  mix(0x94d049bb133111ebU);
  return state;
}

}  // namespace

StateTable::Added StateTable::add(std::span<const Word> words) {
  if ((std::uint64_t{size()} + 1) * 2 > slots_.size()) grow();
  const std::uint64_t h = hash(words);
  const auto tag = static_cast<std::uint32_t>(h >> 32);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = h & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.number == 0) {
      SIM_ASSERT(size() < ~std::uint32_t{0} - 1);
      const std::uint32_t number = size();
      words_.insert(words_.end(), words.begin(), words.end());
      begins_.push_back(words_.size());
      slot = {.tag = tag, .number = number + 1};
      return {.number = number, .is_new = true};
    }
    if (slot.tag != tag) continue;
    const auto known = (*this)[slot.number - 1];
    if (std::equal(known.begin(), known.end(), words.begin(), words.end()))
      return {.number = slot.number - 1, .is_new = false};
  }
}

void StateTable::grow() {
  slots_.assign(slots_.size() * 2, {});
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < size(); ++number) {
    const std::uint64_t h = hash((*this)[number]);
    std::size_t at = h & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = {.tag = static_cast<std::uint32_t>(h >> 32), .number = number + 1};
  }
}

}  // namespace cacherace::search
