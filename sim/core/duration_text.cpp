#include "sim/core/duration_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace cacherace {

std::string duration_text(Duration duration) {
  using namespace std::chrono_literals;
  const auto in = [&](Duration unit, const char* name) {
    std::string text = fmt::format("{}", duration.count() / unit.count());
    std::string rest = fmt::format("{:0>{}}", duration.count() % unit.count(),
                                   fmt::formatted_size("{}", unit.count()) - 1);
    rest.erase(rest.find_last_not_of('0') + 1);
    if (!rest.empty()) text += "." + rest;
    return text + " " + name;
  };
  return duration >= 1s ? in(1s, "s") : duration >= 1ms ? in(1ms, "ms") : in(1us, "us");
}

std::string written(Duration duration) {
  using namespace std::chrono_literals;
  for (const auto& [length, name] :
       {std::pair<Duration, const char*>{1s, "s"}, {1ms, "ms"}, {1us, "us"}})
    if (duration % length == Duration::zero()) return fmt::format("{}{}", duration / length, name);
  return fmt::format("{}ns", duration.count());
}

}  // namespace cacherace
