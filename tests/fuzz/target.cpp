// A target of libFuzzer for the reader that CMake names.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/readers.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);

namespace {

using namespace cacherace;

std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::size_t put(const std::string& text, std::uint8_t* data, std::size_t max) {
  const auto size = std::min(text.size(), max);
  std::memcpy(data, text.data(), size);
  return size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto* reader = fuzz::find_reader(CACHERACE_READER);
  const auto says = reader->read(text_of(data, size));
  if (says.empty()) return 0;
  std::fprintf(stderr, "broken promise: %s\n", says.c_str());
  std::abort();
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max, unsigned seed) {
  Words words(seed, 0, Purpose::schedule);
  if (words.below(2) == 0) return LLVMFuzzerMutate(data, size, max);
  const auto text = text_of(data, size);
  return put(fuzz::mutated(text, text, words), data, max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second,
                                                 std::size_t second_size, std::uint8_t* out,
                                                 std::size_t max, unsigned seed) {
  Words words(seed, 1, Purpose::schedule);
  return put(fuzz::mutated(text_of(first, first_size), text_of(second, second_size), words), out,
             max);
}
