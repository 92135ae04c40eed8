#include "sim/cli/manual/manual.hpp"

#include <fmt/format.h>

#include "sim/core/assert.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::cli {
namespace {

// Text of one line: nothing in it is a request, an escape or a hyphen that breaks options apart.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '\n')
      out += ' ';
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string paragraph(const std::string& text) { return escaped(text) + "\n"; }

std::string heading(const OptionPage& option) {
  std::string text;
  for (const auto& name : option.names)
    text += fmt::format("{}\\fB{}\\fR", text.empty() ? "" : ", ", escaped(name));
  if (!option.type.empty()) text += fmt::format(" \\fI{}\\fR", escaped(option.type));
  return text;
}

std::string synopsis(const CommandPage& page) {
  std::string text = fmt::format("\\fBcacherace {}\\fR [\\fIOPTION\\fR]…", escaped(page.name));
  for (const auto& option : page.options)
    if (option.positional) {
      const auto word = fmt::format("\\fI{}\\fR", escaped(option.names.front()));
      text += option.required ? " " + word : " [" + word + "]";
    }
  return text + "\n";
}

std::string examples(const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = ".PP\n.nf\n";
  for (const auto& line : lines) text += paragraph(line);
  return text + ".fi\n";
}

std::string section(const CommandPage& page) {
  std::string text =
      fmt::format(".SS {}\n{}.PP\n{}.\n", escaped(page.name), synopsis(page), escaped(page.says));
  for (const auto& option : page.options)
    text += fmt::format(".TP\n{}\n{}", heading(option), paragraph(option.help));
  for (const auto& note : page.notes) text += ".PP\n" + paragraph(note);
  text += examples(page.examples);
  if (!page.exit_codes.empty()) text += ".PP\nExit codes: " + paragraph(page.exit_codes);
  return text;
}

}  // namespace

std::string manual(const std::vector<CommandPage>& pages) {
  SIM_ASSERT(!pages.empty() && pages.front().name.empty());
  const CommandPage& program = pages.front();
  std::string text = fmt::format(
      ".TH CACHERACE 1 \"\" \"cacherace {}\" \"User Commands\"\n"
      ".SH NAME\ncacherace \\- find and measure races of caches in front of databases\n"
      ".SH SYNOPSIS\n\\fBcacherace\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]… [\\fIFILE\\fR]…\n"
      ".SH DESCRIPTION\n{}",
      report::version, paragraph(program.says));
  text += ".SH OPTIONS\n";
  for (const auto& option : program.options)
    text += fmt::format(".TP\n{}\n{}", heading(option), paragraph(option.help));
  text += ".SH COMMANDS\n";
  for (std::size_t i = 1; i < pages.size(); ++i) text += section(pages[i]);
  text += ".SH EXAMPLES\n" + examples(program.examples);
  text +=
      ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nWhen set to anything, output has no colours, "
      "except with \\fB\\-\\-color always\\fR.\n";
  return text + ".SH EXIT STATUS\n" + paragraph(program.exit_codes);
}

}  // namespace cacherace::cli
