#pragma once
// The law of the formats: a result read back from its JSON is written in the same bytes.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/report/print/formats.hpp"
#include "sim/report/read/read_result.hpp"

namespace cacherace::report {

inline std::string message_of(const Problems& problems) {
  std::string text;
  for (const auto& problem : problems) text += to_text(problem) + "\n";
  return text;
}

inline void check_survives_json(const Result& result) {
  const auto read = read_result(render(result, Format::json), "result.json");
  if (!read) FAIL(message_of(read.error()));
  for (const auto& format : formats) {
    CAPTURE(result.title, format.name);
    const bool same = render(*read, format.format) == render(result, format.format);
    CHECK(same);
  }
  CHECK(render(*read, Format::text, {.color = true}) ==
        render(result, Format::text, {.color = true}));
}

}  // namespace cacherace::report
