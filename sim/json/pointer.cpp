#include "sim/json/pointer.hpp"

namespace cacherace::json {

std::optional<std::vector<std::string>> tokens_of(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (!pointer.empty() && pointer.front() != '/') return std::nullopt;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      tokens.emplace_back();
    } else if (c == '~') {
      const std::string_view escape = pointer.substr(++i, 1);
      if (escape != "0" && escape != "1") return std::nullopt;
      tokens.back() += escape == "0" ? '~' : '/';
    } else {
      tokens.back() += c;
    }
  }
  return tokens;
}

}  // namespace cacherace::json
