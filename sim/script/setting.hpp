#pragma once
// What a scenario gives a script: the table `settings`.

#include <cstdint>
#include <string>
#include <vector>

namespace cacherace::script {

/// A value of JSON without null and fractions. Durations are texts.
struct Setting {
  enum class Kind : std::uint8_t { boolean, integer, text, list, object };

  Kind kind = Kind::object;
  std::string name;  // of a member of an object
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;
  std::vector<Setting> items;  // of a list or an object, in the file's order
};

}  // namespace cacherace::script
