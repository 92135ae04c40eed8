#include "sim/drive/wire/postgres_wire.hpp"

#include <algorithm>

namespace cacherace::drive {
namespace {

constexpr std::uint32_t message_max = 1U << 30U;
constexpr std::uint32_t startup_max = 10'000;

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Reads a body from its beginning on.
class Body {
 public:
  explicit Body(std::string_view body) : left_(body) {}

  std::string text() {  // up to a zero byte
    const std::size_t end = left_.find('\0');
    if (end == left_.npos) throw BadBytes{"a text that is not ended"};
    std::string out(left_.substr(0, end));
    left_.remove_prefix(end + 1);
    return out;
  }
  char byte() { return bytes(1).front(); }
  std::uint16_t half() {
    const auto b = bytes(2);
    return static_cast<std::uint16_t>(static_cast<unsigned char>(b[0]) << 8U |
                                      static_cast<unsigned char>(b[1]));
  }
  std::int32_t word() { return static_cast<std::int32_t>(word_at(bytes(4), 0)); }
  std::string_view bytes(std::size_t count) {
    if (left_.size() < count) throw BadBytes{"a message that ends too early"};
    const auto out = left_.substr(0, count);
    left_.remove_prefix(count);
    return out;
  }
  std::optional<std::string> value() {  // with its length, -1 for null
    const std::int32_t size = word();
    if (size == -1) return std::nullopt;
    if (size < 0) throw BadBytes{"a value of negative length"};
    return std::string(bytes(static_cast<std::size_t>(size)));
  }
  bool over() const { return left_.empty(); }
  void end() const {
    if (!over()) throw BadBytes{"a message with more behind its end"};
  }

 private:
  std::string_view left_;
};

}  // namespace

std::optional<Startup> first_startup(std::string_view bytes) {
  if (bytes.size() < 8) return std::nullopt;
  const std::uint32_t size = word_at(bytes, 0), code = word_at(bytes, 4);
  if (size < 8 || size > startup_max) throw BadBytes{"a start of impossible length"};
  if (bytes.size() < size) return std::nullopt;
  Startup out;
  out.size = size;
  constexpr std::uint32_t cancel = 80877102, ssl = 80877103, gss = 80877104;
  if (code == ssl)
    out.kind = Startup::Kind::ssl;
  else if (code == gss)
    out.kind = Startup::Kind::gss;
  else if (code == cancel)
    out.kind = Startup::Kind::cancel;
  else if (code >> 16U != 3)
    throw BadBytes{"a version of the protocol other than 3"};
  if (out.kind != Startup::Kind::session) return out;
  Body body(bytes.substr(8, size - 8));
  for (std::string name = body.text(); !name.empty(); name = body.text())
    out.parameters.emplace_back(std::move(name), body.text());
  body.end();
  return out;
}

std::optional<Message> first_message(std::string_view bytes) {
  if (bytes.size() < 5) return std::nullopt;
  const std::uint32_t length = word_at(bytes, 1);
  if (length < 4 || length > message_max) throw BadBytes{"a message of impossible length"};
  const std::size_t size = std::size_t{length} + 1;
  if (bytes.size() < size) return std::nullopt;
  return Message{bytes[0], bytes.substr(5, size - 5), size};
}

std::string query_text(const Message& message) {
  Body body(message.body);
  std::string text = body.text();
  body.end();
  return text;
}

Parse parse_of(const Message& message) {
  Body body(message.body);
  Parse out;
  out.name = body.text();
  out.text = body.text();
  for (int types = body.half(); types > 0; --types) body.word();
  body.end();
  return out;
}

Bind bind_of(const Message& message) {
  Body body(message.body);
  Bind out;
  out.portal = body.text();
  out.statement = body.text();
  std::vector<std::uint16_t> formats;
  for (int left = body.half(); left > 0; --left) formats.push_back(body.half());
  const std::uint16_t count = body.half();
  for (std::uint16_t i = 0; i < count; ++i) {
    out.parameters.push_back(body.value());
    out.is_binary.push_back(formats.size() == 1  ? formats[0] == 1
                            : i < formats.size() ? formats[i] == 1
                                                 : false);
  }
  for (int results = body.half(); results > 0; --results) body.half();
  body.end();
  return out;
}

std::string execute_of(const Message& message) {
  Body body(message.body);
  std::string portal = body.text();
  body.word();  // the limit of rows
  body.end();
  return portal;
}

std::pair<char, std::string> named_of(const Message& message) {
  Body body(message.body);
  const char kind = body.byte();
  if (kind != 'S' && kind != 'P') throw BadBytes{"neither a statement nor a portal"};
  std::string name = body.text();
  body.end();
  return {kind, std::move(name)};
}

char transaction_state(const Message& message) {
  const char state = Body(message.body).byte();
  if (state != 'I' && state != 'T' && state != 'E')
    throw BadBytes{"a state of the transaction other than I, T and E"};
  return state;
}

std::string tag_of(const Message& message) { return Body(message.body).text(); }

std::string error_field(const Message& message, char field) {
  Body body(message.body);
  for (char letter = body.byte(); letter != '\0'; letter = body.byte()) {
    std::string text = body.text();
    if (letter == field) return text;
  }
  return "";
}

std::vector<std::optional<std::string>> row_of(const Message& message) {
  Body body(message.body);
  std::vector<std::optional<std::string>> out;
  const std::uint16_t count = body.half();
  for (std::uint16_t i = 0; i < count; ++i) out.push_back(body.value());
  return out;
}

}  // namespace cacherace::drive
