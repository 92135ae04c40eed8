#include "sim/scenario/script_program.hpp"

#include <algorithm>

#include "sim/scenario/quantity.hpp"
#include "sim/script/host.hpp"

namespace cacherace::scenario {
namespace {

std::optional<Duration> duration_of(std::string_view text) {
  const auto [value, fault] = parse_duration(text);
  return fault == Fault::none ? std::optional(value) : std::nullopt;
}

}  // namespace

script::Environment script_environment(std::function<std::string(Key)> name_of_row) {
  return {.name_of_row = std::move(name_of_row), .duration_of = duration_of};
}

Result<script::Program> load_script(const Script& settings, const script::ReadFile& read) {
  return script::load_program(settings.file, settings.settings, read,
                              script_environment([](Key key) { return std::to_string(key); }));
}

Result<script::Program> load_script(const Script& settings) {
  return load_script(settings, [&](const std::string& file) -> std::optional<std::string> {
    const auto source = std::ranges::find(settings.sources, file, &ScriptSource::file);
    if (source == settings.sources.end()) return std::nullopt;
    return source->text;
  });
}

}  // namespace cacherace::scenario
