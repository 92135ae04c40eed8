#pragma once
// Everything that reads what a user hands in, as functions of bytes.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::fuzz {

struct Reader {
  std::string_view name;
  /// Reads `bytes` and, where they make sense, uses what was read. Returns which promise was
  /// broken: a problem without a fact, or with what is not printable; something that is not read
  /// back as it was. "" when all were kept. No bytes may end it in another way.
  std::string (*read)(std::string_view bytes);
};

const std::vector<Reader>& readers();

/// Null when there is none of this name.
const Reader* find_reader(std::string_view name);

}  // namespace cacherace::fuzz
