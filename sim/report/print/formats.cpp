#include "sim/report/print/formats.hpp"

#include <algorithm>

#include "sim/report/definitions.hpp"
#include "sim/report/export/csv.hpp"
#include "sim/report/export/html.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/export/junit.hpp"
#include "sim/report/markdown/markdown.hpp"

namespace cacherace::report {
namespace {

// A page asks for what its metrics are, which not every result carries.
std::string page_of(Result result) {
  if (simulates_traffic(result.kind) && result.metric_definitions.empty())
    result.metric_definitions = metric_definitions();
  return to_html(to_json(result), title_of(result));
}

}  // namespace

std::optional<Format> format_of(std::string_view file) {
  const auto found = std::find_if(formats.begin(), formats.end(), [&](const FormatName& format) {
    return file.ends_with(format.extension);
  });
  return found == formats.end() ? std::nullopt : std::optional<Format>(found->format);
}

std::string render(const Result& result, Format format, const TextStyle& style) {
  switch (format) {
    case Format::text:
      return to_text(result, style);
    case Format::json:
      return to_json(result);
    case Format::csv:
      return to_csv(result);
    case Format::markdown:
      return to_markdown(result);
    case Format::junit:
      return to_junit(result);
    case Format::html:
      break;
  }
  return page_of(result);
}

}  // namespace cacherace::report
