#include "tests/fuzz/mutate.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace cacherace::fuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t size_max = 100'000;

// Values on the edge of what one may write. Some only a text can hold: they get in by a mark.
constexpr auto edges = std::to_array<std::string_view>({
    "null",
    "true",
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "64",
    "65",
    "1e400",
    "1e-400",
    "-1e308",
    "1E+5",
    "0.1e1",
    "01",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "9e15",
    "5e-324",
    "1.7976931348623157e308",
    "0.9999999999",
    "\"\"",
    "\"*\"",
    "\"0s\"",
    "\"1ns\"",
    "\"5ms\"",
    "\"8760h\"",
    "\"8761h\"",
    "\"1ms..8760h\"",
    "\"5ms..1ms\"",
    "\"10000000/s\"",
    "\"1/h\"",
    "\"1b\"",
    "\"1048576gb\"",
    "\"100%\"",
    "\"<= 0\"",
    "\">= 1e308\"",
    "\"read user:7\"",
    "\"read k#1\"",
    "\"write user:7\"",
    "\"flush\"",
    "\"cache-restart\"",
    "\"evict user:7\"",
    "\"warm\"",
    "\"absent\"",
    "\"latencies\"",
    "\"unbounded\"",
    "\"\\u0000\"",
    "\"\\u001b[31m\"",
    "\"\\u202e\"",
    "\"\\ud800\"",
    "\"\xff\"",
    "[]",
    "{}",
    "[[[[[[[[[[]]]]]]]]]]",
    "{\"a\": 1, \"a\": 2}",
    "/*",
});

constexpr std::string_view mark = "@edge@";

template <std::size_t N>
std::string_view any_of(const std::array<std::string_view, N>& from, Words& words) {
  return from[words.below(N)];
}

void collect(Json& at, std::vector<Json*>& all) {
  all.push_back(&at);
  if (at.is_structured())
    for (auto& child : at) collect(child, all);
}

Json& any_node(Json& json, Words& words) {
  std::vector<Json*> all;
  collect(json, all);
  return *all[words.below(all.size())];
}

// The name of a member of `json`, wherever it stands.
std::string any_key(Json& json, Words& words) {
  std::vector<Json*> all;
  collect(json, all);
  std::vector<std::string> keys{"x"};
  for (const Json* node : all)
    if (node->is_object())
      for (const auto& [key, value] : node->items()) keys.push_back(key);
  return keys[words.below(keys.size())];
}

void change_members(Json& object, Json& other, Words& words) {
  const auto at =
      std::next(object.begin(), static_cast<std::ptrdiff_t>(words.below(object.size())));
  const std::string key = at.key();
  const Json value = at.value();
  const auto how = words.below(3);
  if (how < 2) object.erase(key);
  if (how > 0) object[any_key(other, words)] = how == 1 ? value : any_node(other, words);
}

void change_elements(Json& array, Json& other, Words& words) {
  const auto at = words.below(array.size());
  switch (words.below(4)) {
    case 0:
      array.erase(at);
      return;
    case 1:
      array.push_back(any_node(other, words));
      return;
    case 2:
      std::swap(array[at], array[words.below(array.size())]);
      return;
    default: {
      const Json value = array[at];
      for (auto times = words.below(80); times > 0; --times) array.push_back(value);
    }
  }
}

void change(Json& json, Json& other, Words& words) {
  Json& node = any_node(json, words);
  const auto how = words.below(6);
  if (how < 2 && node.is_object() && !node.empty())
    change_members(node, other, words);
  else if (how < 2 && node.is_array() && !node.empty())
    change_elements(node, other, words);
  else if (how < 4)
    node = Json(std::string(mark));
  else
    node = Json(any_node(other, words));
}

std::string with_edges(std::string text, Words& words) {
  const std::string quoted = "\"" + std::string(mark) + "\"";
  for (auto at = text.find(quoted); at != std::string::npos; at = text.find(quoted))
    text.replace(at, quoted.size(), any_of(edges, words));
  return text;
}

std::string changed_bytes(std::string text, const std::string& other, Words& words) {
  constexpr std::string_view spices = "{}[]\",:/*\\-.0eE9 \n\t\x80\xff\x1b\r#=~<>%";
  for (auto times = 1 + words.below(4); times > 0; --times) {
    const auto at = words.below(text.size() + 1);
    const char spice = words.below(2) == 0 ? spices[words.below(spices.size())]
                                           : static_cast<char>(words.below(256));
    switch (words.below(5)) {
      case 0:
        if (at < text.size()) text[at] = spice;
        break;
      case 1:
        text.insert(at, 1 + words.below(3), spice);
        break;
      case 2:
        text.erase(at, 1 + words.below(20));
        break;
      case 3:
        text.resize(at);
        break;
      default:
        if (!other.empty())
          text.insert(at, other.substr(words.below(other.size()), words.below(60)));
    }
  }
  return text;
}

}  // namespace

std::string mutated(const std::string& text, const std::string& other, Words& words) {
  Json json = Json::parse(text, nullptr, false, true);
  if (json.is_discarded() || words.below(4) == 0) return changed_bytes(text, other, words);
  Json source = Json::parse(other, nullptr, false, true);
  if (source.is_discarded()) source = json;
  for (auto times = 1 + words.below(3); times > 0; --times) change(json, source, words);
  auto out = with_edges(json.dump(-1, ' ', false, Json::error_handler_t::replace), words);
  if (out.size() > size_max) out.resize(size_max);
  return words.below(10) == 0 ? changed_bytes(out, other, words) : out;
}

}  // namespace cacherace::fuzz
