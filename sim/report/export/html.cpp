#include "sim/report/export/html.hpp"

#include <string_view>

#include "sim/core/assert.hpp"

// Where cmake/template.S.in puts reports/html/dist/report.html.
extern "C" const char cacherace_html_template[];
extern "C" const char cacherace_html_template_end[];

namespace cacherace::report {
namespace {

std::string_view html_template() {
  return {cacherace_html_template,
          static_cast<std::size_t>(cacherace_html_template_end - cacherace_html_template)};
}

// JSON for a script element: no blanks between its parts, and no `<` that could end the element.
std::string embeddable(std::string_view json) {
  std::string text;
  text.reserve(json.size());
  bool in_string = false;
  bool escaped = false;
  for (const char c : json) {
    const bool blank = c == ' ' || c == '\n';
    if (c == '<')
      text += "\\u003c";
    else if (in_string || !blank)
      text += c;
    if (c == '"' && !escaped) in_string = !in_string;
    escaped = c == '\\' && !escaped;
  }
  return text;
}

std::string escaped(std::string_view plain) {
  std::string text;
  for (const char c : plain) {
    if (c == '&')
      text += "&amp;";
    else if (c == '<')
      text += "&lt;";
    else
      text += c;
  }
  return text;
}

// What stands before `mark`, which `rest` loses together with it.
std::string_view cut_at(std::string_view& rest, std::string_view mark) {
  const auto at = rest.find(mark);
  SIM_ASSERT(at != rest.npos);
  const auto before = rest.substr(0, at);
  rest.remove_prefix(at + mark.size());
  return before;
}

}  // namespace

std::string to_html(const std::string& result_json, const std::string& title) {
  std::string_view rest = html_template();
  std::string page;
  page += cut_at(rest, "@REPORT_TITLE@");
  page += escaped(title);
  page += cut_at(rest, "@REPORT_DATA@");
  page += embeddable(result_json);
  page += rest;
  return page;
}

}  // namespace cacherace::report
