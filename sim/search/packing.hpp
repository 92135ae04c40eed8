#pragma once
// Sequences of small words, packed.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/core/monitor.hpp"

namespace cacherace::search {

/// How words are packed into units of 64 bits: in each half of a unit as many as fit, each in the
/// same number of bits. Two words are moved at a time. What is left over at the end is zero, so
/// sequences of equal length are equal exactly where their units are.
class Packing {
 public:
  /// Of words of four bits.
  Packing() = default;
  /// For words of no more bits than `all` has.
  static Packing for_words_like(Word all) {
    Packing packing;
    packing.unit_pairs_ = 32U / static_cast<std::uint32_t>(std::bit_width(all | 1U));
    packing.word_bits_ = 32U / packing.unit_pairs_;
    return packing;
  }

  bool fits(Word all) const { return std::uint64_t{all} >> word_bits_ == 0; }
  std::size_t units(std::size_t words) const {
    return ((words + 1) / 2 + unit_pairs_ - 1) / unit_pairs_;
  }

  struct Packed {
    Word all;  // the bits that some word has; if they do not fit, the units mean nothing
    std::uint32_t units;
  };
  /// Writes to no more than one unit per two words, and one.
  Packed pack(std::span<const Word> words, std::uint64_t* to) const {
    const Word* from = words.data();
    std::uint64_t all = 0;
    std::uint32_t units = 0;
    for (std::size_t left = words.size(); left > 0; ++units) {
      std::size_t pairs = std::min<std::size_t>(left / 2, unit_pairs_);
      const bool odd = left % 2 != 0 && pairs < unit_pairs_;
      left -= 2 * pairs + (odd ? 1 : 0);
      std::uint64_t unit = 0;
      const auto put = [&](Word first, Word second) {
        const auto pair = std::bit_cast<std::uint64_t>(std::array{first, second});
        all |= pair;
        unit = unit << word_bits_ | pair;
      };
      for (; pairs > 0; --pairs, from += 2) put(from[0], from[1]);
      if (odd) put(*from, 0);
      to[units] = unit;
    }
    return {.all = static_cast<Word>(all | all >> 32), .units = units};
  }

  void unpack(const std::uint64_t* from, std::span<Word> words) const {
    const std::uint64_t mask = ((std::uint64_t{1} << word_bits_) - 1) * 0x1'0000'0001U;
    const std::size_t unit_words = std::size_t{2} * unit_pairs_;
    for (std::size_t begin = 0; begin < words.size(); begin += unit_words) {
      std::uint64_t unit = *from++;
      const auto take = [&] {
        const auto pair = std::bit_cast<std::array<Word, 2>>(unit & mask);
        unit >>= word_bits_;
        return pair;
      };
      std::size_t i = std::min(begin + unit_words, words.size());
      if (i % 2 != 0) words[--i] = take()[0];
      for (; i > begin; i -= 2) {
        const auto pair = take();
        words[i - 2] = pair[0];
        words[i - 1] = pair[1];
      }
    }
  }

 private:
  std::uint32_t word_bits_ = 4;
  std::uint32_t unit_pairs_ = 8;
};

}  // namespace cacherace::search
