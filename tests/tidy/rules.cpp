#include "tests/tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string_view>

#include "tests/tidy/layers.hpp"

namespace cacherace::tidy {

namespace {

constexpr std::size_t columns_max = 100;
constexpr std::size_t lines_max = 400;
constexpr std::string_view exception_mark = "// tidy:";

std::string remark(const Source& source, std::size_t line, std::string_view says) {
  return source.path + ":" + std::to_string(line) + ": " + std::string(says);
}

std::string text_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += part;
  return text;
}

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_std(const Word& word) { return word.before.ends_with("std::"); }

/// A function of the C library, not a member, nor one of another namespace.
bool is_c_function(const Word& word) {
  const auto before = word.before;
  if (!word.after.starts_with("(") || before.ends_with(".") || before.ends_with("->")) return false;
  if (!before.ends_with("::") || is_std(word)) return true;
  return before.size() == 2 || !is_word_character(before[before.size() - 3]);
}

/// `time(nullptr)`, `std::time(&now)`; not the constructor, member or function that is called time.
bool asks_the_time(const Word& word) {
  if (word.word != "time" || !is_c_function(word)) return false;
  const auto argument = trimmed(word.after.substr(1));
  return word.before.ends_with("::") || argument.starts_with("nullptr") ||
         argument.starts_with("NULL") || argument.starts_with("&") || argument.starts_with("0)");
}

bool is_random(const Word& word) {
  if (is_any_of(word.word, {"random_device", "mt19937", "mt19937_64", "default_random_engine",
                            "minstd_rand", "minstd_rand0", "srand"}))
    return true;
  if (is_std(word) && word.word.ends_with("_distribution")) return true;
  return word.word == "rand" && is_c_function(word);
}

bool is_outside_world(const Word& word) {
  return asks_the_time(word) || is_any_of(word.word, {"system_clock", "steady_clock", "getenv",
                                                      "high_resolution_clock", "secure_getenv"});
}

/// What to use instead of `word` in a room of `layer`; "" where it is allowed.
std::string_view replacement(const Word& word, std::string_view layer) {
  if (is_random(word)) return "a Stream (sim/core/stream.hpp)";
  // Real servers and applications live in the outside world.
  if (!is_any_of(layer, {"cli", "live", "drive"}) && is_outside_world(word))
    return "a value handed in by cli";
  if (is_std(word) && word.word.starts_with("unordered_"))
    return "boost::unordered_flat_map with ordered iteration by id, or a vector";
  if (is_std(word) && word.word == "hash") return "Digest (sim/core/digest.hpp)";
  if (is_any_of(layer, {"world", "strategy", "engine", "search"}) &&
      is_any_of(word.word, {"float", "double"}))
    return "integers";
  if (is_any_of(word.word, {"co_await", "co_yield", "co_return"}))
    return "a stackless coroutine (boost/asio/coroutine.hpp)";
  return "";
}

using Rule = Remarks (*)(const Source&);
constexpr std::array<Rule, 12> rules{layers_included, layers_linked,
                                     banned_names,    reasonless_exceptions,
                                     pragma_once,     yield_without_unyield,
                                     long_lines,      long_files,
                                     unfinished_work, tabs,
                                     riddles,         both_sides_asserted};

}  // namespace

Remarks layers_included(const Source& source) {
  Remarks remarks;
  if (!is_cpp(source)) return remarks;
  const auto* layer = find_layer(layer_of(source.path));
  if (source.path.starts_with("sim/") && layer == nullptr)
    remarks.push_back(remark(source, 1, "belongs in the folder of a layer, like sim/core"));
  for (const auto& include : includes_of(source)) {
    const bool from_root = include.name.starts_with("sim/") || include.name.starts_with("tests/");
    if (include.name.starts_with("..") || (include.quoted && !from_root)) {
      remarks.push_back(remark(source, include.line,
                               text_of({"\"", include.name,
                                        "\": write includes from the root, "
                                        "as in \"sim/core/units.hpp\""})));
    } else if (layer != nullptr && from_root) {
      const auto other = layer_of(include.name);
      if (!layer->may_use(other))
        remarks.push_back(remark(
            source, include.line,
            text_of({layer->name, " may not include ", other.empty() ? include.name : other})));
    }
  }
  return remarks;
}

Remarks layers_linked(const Source& source) {
  Remarks remarks;
  const auto* layer = find_layer(layer_of(source.path));
  if (!is_cmake(source) || layer == nullptr) return remarks;
  bool listing_layers = false;
  for (const auto& [number, line] : lines_of(source.text)) {
    if (trimmed(line).starts_with(")")) listing_layers = false;
    for (const auto& word : words_of(line.substr(0, line.find('#')))) {
      if (is_any_of(word.word, {"LAYERS", "SOURCES", "HEADERS", "LIBRARIES"})) {
        listing_layers = word.word == "LAYERS";
        continue;
      }
      constexpr std::string_view target = "cacherace_";
      const bool is_target = word.word.starts_with(target);
      const auto name = is_target ? word.word.substr(target.size()) : word.word;
      const auto* other = layer_of_target(name);
      if (other != nullptr ? (listing_layers || is_target) && !layer->may_use(other->name)
                           : listing_layers)
        remarks.push_back(remark(source, number, text_of({layer->name, " may not link ", name})));
      if (word.after.starts_with(")")) listing_layers = false;
    }
  }
  return remarks;
}

Remarks banned_names(const Source& source) {
  Remarks remarks;
  if (!is_cpp(source)) return remarks;
  const auto code = blank(source.text, Blank::comments_and_literals);
  const auto bare = lines_of(code);
  const auto full = lines_of(source.text);
  for (std::size_t i = 0; i < bare.size(); ++i) {
    const auto [number, line] = bare[i];
    if (full[i].text.find(exception_mark) != line.npos || trimmed(line).starts_with("#include"))
      continue;
    for (const auto& word : words_of(line))
      if (const auto instead = replacement(word, first_folder(layer_of(source.path)));
          !instead.empty())
        remarks.push_back(
            remark(source, number, text_of({word.word, " is banned here: use ", instead})));
  }
  return remarks;
}

Remarks reasonless_exceptions(const Source& source) {
  Remarks remarks;
  if (!is_cpp(source)) return remarks;
  const auto text = blank(source.text, Blank::literals);
  for (const auto& [number, line] : lines_of(text)) {
    const auto at = line.find(exception_mark);
    if (at != line.npos && trimmed(line.substr(at + exception_mark.size())).empty())
      remarks.push_back(remark(source, number, "an exception states its reason"));
  }
  return remarks;
}

Remarks yield_without_unyield(const Source& source) {
  const auto includes = is_cpp(source) ? includes_of(source) : std::vector<Include>{};
  const auto yield = std::ranges::find(includes, "boost/asio/yield.hpp", &Include::name);
  if (yield == includes.end()) return {};
  const auto code = blank(source.text, Blank::comments_and_literals);
  const auto lines = lines_of(code);
  std::size_t last = lines.size();
  while (last > 0 && trimmed(lines[last - 1].text).empty()) --last;
  if (includes.back().name == "boost/asio/unyield.hpp" && includes.back().line == last) return {};
  return {remark(source, yield->line,
                 "undo it with boost/asio/unyield.hpp as the last line of the file")};
}

Remarks pragma_once(const Source& source) {
  if (!is_header(source) || source.text.starts_with("#pragma once\n")) return {};
  return {remark(source, 1, "the first line of a header is #pragma once")};
}

Remarks long_lines(const Source& source) {
  Remarks remarks;
  if (is_markdown(source)) return remarks;
  for (const auto& [number, line] : lines_of(source.text)) {
    // Bytes that continue a UTF-8 code point take no column.
    const auto columns = static_cast<std::size_t>(
        std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; }));
    if (columns > columns_max)
      remarks.push_back(remark(source, number,
                               text_of({std::to_string(columns), " columns; break the line, ",
                                        std::to_string(columns_max), " are the most"})));
  }
  return remarks;
}

Remarks long_files(const Source& source) {
  const auto count = lines_of(source.text).size();
  if (count <= lines_max || is_markdown(source)) return {};
  return {remark(source, count,
                 text_of({std::to_string(count), " lines; split it into one file per concept, ",
                          std::to_string(lines_max), " are the most"}))};
}

Remarks unfinished_work(const Source& source) {
  Remarks remarks;
  const auto text = is_cpp(source) ? blank(source.text, Blank::literals) : source.text;
  for (const auto& [number, line] : lines_of(text)) {
    for (const auto& word : words_of(line))
      if (is_any_of(word.word, {"TODO", "FIXME", "XXX"}))
        remarks.push_back(
            remark(source, number, text_of({word.word, ": finish it, or file an issue"})));
  }
  return remarks;
}

// RC_ASSERT takes its expression apart, so both sides of a || or && are evaluated.
Remarks both_sides_asserted(const Source& source) {
  constexpr std::string_view macro = "RC_ASSERT(";
  Remarks remarks;
  if (!is_cpp(source)) return remarks;
  const auto text = blank(source.text, Blank::literals);
  for (const auto& [number, line] : lines_of(text)) {
    const auto at = line.find(macro);
    if (at == line.npos) continue;
    int depth = 0;
    for (std::size_t i = at + macro.size(); i + 1 < line.size() && depth >= 0; ++i) {
      depth += line[i] == '(' ? 1 : line[i] == ')' ? -1 : 0;
      const auto two = line.substr(i, 2);
      if (depth == 0 && (two == "||" || two == "&&"))
        remarks.push_back(remark(
            source, number, "RC_ASSERT evaluates both sides of this; use an if, or parentheses"));
    }
  }
  return remarks;
}

Remarks tabs(const Source& source) {
  Remarks remarks;
  for (const auto& [number, line] : lines_of(source.text)) {
    if (line.find('\t') != line.npos)
      remarks.push_back(
          remark(source, number, "a tab: indent with blanks; in a literal, write \\t"));
  }
  return remarks;
}

Remarks more_than_one_user_of_cli11(const std::vector<Source>& sources) {
  Remarks remarks;
  std::string first;
  for (const auto& source : sources) {
    if (!is_cpp(source)) continue;
    for (const auto& include : includes_of(source)) {
      if (!include.name.starts_with("CLI/")) continue;
      if (first.empty()) first = source.path;
      if (source.path != first)
        remarks.push_back(
            remark(source, include.line, text_of({"CLI11 is included in one file only: ", first})));
    }
  }
  return remarks;
}

Remarks names_in_two_folders(const std::vector<Source>& sources) {
  Remarks remarks;
  std::map<std::string_view, std::string_view> folders;  // by name, without its ending
  for (const auto& source : sources) {
    const std::string_view path = source.path;
    if (!is_cpp(source) || !path.starts_with("sim/")) continue;
    const auto slash = path.rfind('/');
    const auto folder = path.substr(0, slash);
    const auto name = path.substr(slash + 1, path.rfind('.') - slash - 1);
    if (const auto first = folders.emplace(name, folder).first->second; first != folder)
      remarks.push_back(remark(
          source, 1, text_of({name, " is also in ", first, ": say what this one is about"})));
  }
  return remarks;
}

Remarks all_remarks(const std::vector<Source>& sources) {
  Remarks remarks;
  for (const auto& source : sources)
    for (const auto rule : rules) std::ranges::move(rule(source), std::back_inserter(remarks));
  std::ranges::move(more_than_one_user_of_cli11(sources), std::back_inserter(remarks));
  std::ranges::move(names_in_two_folders(sources), std::back_inserter(remarks));
  std::ranges::move(overloads_across_files(sources), std::back_inserter(remarks));
  return remarks;
}

}  // namespace cacherace::tidy
