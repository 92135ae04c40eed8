#pragma once
// A 64-bit digest of a sequence of integers: the same for every compiler, build type and machine.

#include <cstdint>
#include <string>
#include <string_view>

namespace cacherace {

/// Order-sensitive digest. Not cryptographic: it recognises runs, it does not guard them.
class Digest {
 public:
  /// Mixes one value in. O(1), a multiplication and a few shifts.
  constexpr void add(std::uint64_t value) {
    // Finaliser of splitmix64 (Steele, Lea, Flood 2014) over the running state.
    std::uint64_t z = (state_ ^ value) + 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    state_ = z ^ (z >> 31);
  }

  /// Mixes a text in, byte by byte, and its length.
  constexpr void add(std::string_view text) {
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    add(static_cast<std::uint64_t>(text.size()));
  }

  constexpr std::uint64_t value() const { return state_; }

  /// The digest as 16 lower-case hexadecimal digits.
  std::string hex() const;

 private:
  std::uint64_t state_ = 0;
};

}  // namespace cacherace
