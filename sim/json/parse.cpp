#include "sim/json/parse.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "sim/json/scanner.hpp"
#include "sim/json/syntax.hpp"

namespace cacherace::json {

namespace {

using nlohmann::json;

/// Receives the events of nlohmann's parser, which judges the grammar, and finds each token's
/// place by itself: the parser's own position has read one character past a number.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, Collector& problems) : scanner_(text), problems_(problems) {}

  bool null() { return leaf(Node::Type::null); }
  bool boolean(bool /*unused*/) { return leaf(Node::Type::boolean); }
  bool number_integer(json::number_integer_t /*unused*/) { return leaf(Node::Type::number); }
  bool number_unsigned(json::number_unsigned_t /*unused*/) { return leaf(Node::Type::number); }
  bool number_float(json::number_float_t /*unused*/, const std::string& /*unused*/) {
    return leaf(Node::Type::number);
  }
  bool string(std::string& value) {
    leaf(Node::Type::string);
    document_.nodes.back().text = std::move(value);
    return true;
  }
  bool binary(json::binary_t& /*unused*/) { return false; }

  bool start_object(std::size_t /*unused*/) { return open(Node::Type::object); }
  bool start_array(std::size_t /*unused*/) { return open(Node::Type::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    next_token(ParserState::After::key);
    const Place place = scanner_.place(state_.token);
    Frame& frame = frames_.back();
    if (frame.keys.size() == members_max) {
      syntax(state_.token, fmt::format("an object with more than {} members", members_max), "");
      return false;
    }
    const auto [first, fresh] = frame.keys.emplace(name, place);
    if (!fresh) {
      problems_.add(Problem::Kind::meaning, place, pointer_to(*frame.node, name),
                    fmt::format("duplicate key {}, already given at line {}, column {}",
                                in_quotes(name), first->second.line, first->second.column),
                    "keep one of them");
    }
    key_ = std::move(name);
    key_place_ = place;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*unused*/,
                   const json::exception& error) {
    constexpr int number_overflow = 406;
    state_.consumed = position;
    state_.overflow = error.id == number_overflow;
    const SyntaxTrouble trouble = explain(scanner_, state_);
    syntax(trouble.offset, trouble.fact, trouble.fix);
    return false;
  }

  Document take() { return std::move(document_); }

 private:
  struct Frame {
    Node* node = nullptr;
    std::size_t offset = 0;
    std::map<std::string, Place> keys;
  };

  void syntax(std::size_t offset, std::string fact, std::string fix) {
    const std::string where = frames_.empty() ? "" : pointer_to(*frames_.back().node);
    problems_.add(Problem::Kind::syntax, scanner_.place(offset), where, std::move(fact),
                  std::move(fix));
  }

  void next_token(ParserState::After after) {
    state_.token = scanner_.gap(state_.token_end).next;
    state_.token_end = scanner_.token_end(state_.token);
    state_.after = after;
  }

  Node& add(Node::Type type) {
    next_token(ParserState::After::value);
    Node& node = document_.nodes.emplace_back();
    node.type = type;
    node.place = scanner_.place(state_.token);
    if (frames_.empty()) return node;
    Node& parent = *frames_.back().node;
    node.parent = &parent;
    node.index = parent.children.size();
    if (parent.type == Node::Type::object) {
      node.key = std::move(key_);
      node.key_place = key_place_;
    }
    parent.children.push_back(&node);
    return node;
  }

  bool leaf(Node::Type type) {
    Node& node = add(type);
    node.text = scanner_.text().substr(state_.token, state_.token_end - state_.token);
    return true;
  }

  bool open(Node::Type type) {
    Node& node = add(type);
    if (frames_.size() == depth_max) {
      syntax(state_.token, fmt::format("nested more than {} levels deep", depth_max), "");
      return false;
    }
    frames_.push_back({.node = &node, .offset = state_.token, .keys = {}});
    state_.container = state_.token;
    state_.after = ParserState::After::open;
    return true;
  }

  bool close() {
    next_token(ParserState::After::value);
    frames_.pop_back();
    state_.container.reset();
    if (!frames_.empty()) state_.container = frames_.back().offset;
    return true;
  }

  Scanner scanner_;
  Collector& problems_;
  ParserState state_;
  Document document_;
  std::vector<Frame> frames_;
  std::string key_;
  Place key_place_;
};

}  // namespace

std::optional<Document> parse(std::string_view text, Collector& problems, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    problems.add(Problem::Kind::syntax, {}, "",
                 fmt::format("the file has {} bytes; at most {} are read", text.size(), bytes_max),
                 "");
    return std::nullopt;
  }
  if (const auto bad = first_bad_byte(text)) {
    problems.add(Problem::Kind::syntax, Scanner(text).place(*bad), "",
                 fmt::format("byte 0x{:02x} is not UTF-8 text",
                             static_cast<unsigned>(static_cast<unsigned char>(text[*bad]))),
                 "save the file as UTF-8");
    return std::nullopt;
  }
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  TreeBuilder builder(text, problems);
  if (!json::sax_parse(text.begin(), text.end(), &builder, json::input_format_t::json,
                       /*strict=*/true, /*ignore_comments=*/true)) {
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace cacherace::json
