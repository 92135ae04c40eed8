// Sources that are compiled in one unit: a function of one must not become an overload in another.

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "tests/tidy/rules.hpp"

namespace cacherace::tidy {
namespace {

// What ends in `/` of a path, and what comes after it.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const auto slash = path.rfind('/');
  return {path.substr(0, slash), path.substr(slash + 1)};
}

// The folder whose CMakeLists.txt lists the source: its own, or one above.
std::string_view target_of(std::string_view path, const std::set<std::string_view>& targets) {
  for (auto folder = split(path).first; !folder.empty(); folder = split(folder).first) {
    if (targets.contains(folder)) return folder;
    if (folder.find('/') == folder.npos) break;
  }
  return "";
}

// The sources that a CMakeLists.txt has compiled one by one.
std::set<std::string> set_apart(const Source& source) {
  std::set<std::string> apart;
  const std::string_view text = source.text;
  constexpr std::string_view call = "\napart(";
  for (auto at = text.find(call); at != text.npos; at = text.find(call, at + 1)) {
    const auto from = at + call.size();
    std::string name;
    for (const char c : text.substr(from, text.find(')', from) - from + 1)) {
      const bool ends = c == ' ' || c == '\n' || c == ')';
      if (!ends) name += c;
      if (ends && !name.empty())
        apart.insert(std::string(split(source.path).first) + "/" + std::exchange(name, ""));
    }
  }
  return apart;
}

// The name of the function that a line at file scope declares; "" where it declares none.
std::string_view function_of(std::string_view line) {
  const auto open = line.find('(');
  if (open == line.npos || line.find('=') < open || !is_word_character(line.front())) return "";
  const auto words = words_of(line.substr(0, open));
  if (words.size() < 2) return "";  // a macro, such as a test case
  for (const std::string_view other :
       {"template", "return", "using", "struct", "class", "enum", "namespace"})
    if (words.front().word == other) return "";
  return words.back().after.empty() ? words.back().word : "";
}

struct Function {
  std::string_view name;
  std::size_t line = 0;
};

// Those that only the source itself can call: in an unnamed namespace, or static. `code` is its
// text without comments and literals.
std::vector<Function> own_functions(const Source& source, const std::string& code) {
  std::vector<Function> functions;
  const auto lines = lines_of(code);
  const auto written = lines_of(source.text);
  bool unnamed = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = lines[i].text;
    if (line == "namespace {") unnamed = true;
    if (written[i].text == "}  // namespace") unnamed = false;
    if (line.empty() || !(unnamed || line.starts_with("static "))) continue;
    if (const auto name = function_of(line); !name.empty())
      functions.push_back({name, lines[i].number});
  }
  return functions;
}

}  // namespace

Remarks overloads_across_files(const std::vector<Source>& sources) {
  std::set<std::string_view> targets;
  std::set<std::string> apart;
  for (const auto& source : sources)
    if (is_cmake(source)) {
      targets.insert(split(source.path).first);
      apart.merge(set_apart(source));
    }
  Remarks remarks;
  std::map<std::pair<std::string_view, std::string>, std::string_view> first;
  for (const auto& source : sources) {
    if (!is_cpp(source) || is_header(source) || apart.contains(source.path)) continue;
    const auto code = blank(source.text, Blank::comments_and_literals);
    for (const auto& [name, line] : own_functions(source, code)) {
      const auto& path =
          first.emplace(std::pair(target_of(source.path, targets), std::string(name)), source.path)
              .first->second;
      if (path != source.path)
        remarks.push_back(source.path + ":" + std::to_string(line) + ": " + std::string(name) +
                          " is also a function of " + std::string(path) +
                          ", compiled in one unit with this: rename one, or set one apart()");
    }
  }
  return remarks;
}

}  // namespace cacherace::tidy
