// The bytes of PostgreSQL, protocol 3: each message at every split, whole, cut short and too long.

#include "sim/drive/wire/postgres_wire.hpp"

#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>

#include "sim/core/utf8.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::drive {
namespace {

using namespace std::string_literals;
using Value = std::optional<std::string>;
using Values = std::vector<Value>;

std::string half(unsigned value) {
  return {static_cast<char>(value >> 8U & 0xFFU), static_cast<char>(value & 0xFFU)};
}
std::string word(std::uint32_t value) { return half(value >> 16U) + half(value & 0xFFFFU); }
std::string text(const std::string& value) { return value + '\0'; }
std::string sized(const Value& value) {
  if (!value) return word(0xFFFFFFFFU);
  return word(static_cast<std::uint32_t>(value->size())) + *value;
}
std::string counted(const Values& values) {
  std::string out = half(static_cast<unsigned>(values.size()));
  for (const auto& value : values) out += sized(value);
  return out;
}
std::string message(char type, const std::string& body) {
  return type + word(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
std::string startup(std::uint32_t code, const std::string& body) {
  return word(static_cast<std::uint32_t>(body.size() + 8)) + word(code) + body;
}

constexpr std::uint32_t version_3 = 3U << 16U;

// Expected numbers: the page "Message Formats" of the manual of PostgreSQL.
constexpr std::uint32_t cancel = 80877102, ssl = 80877103, gss = 80877104;

Startup check_startup(const std::string& bytes, Startup::Kind kind) {
  INFO(printable(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(first_startup(std::string_view(bytes).substr(0, size)));
  for (const auto& more : {""s, "\0"s, "Q"s, bytes}) {
    const auto found = first_startup(bytes + more);
    REQUIRE(found);
    CHECK(found->kind == kind);
    CHECK(found->size == bytes.size());
  }
  return *first_startup(bytes);
}

TEST_CASE("a session starts with its parameters") {
  const auto found = check_startup(
      startup(version_3, text("user") + text("ann") + text("options") + text("") + "\0"s),
      Startup::Kind::session);
  CHECK(found.parameters ==
        std::vector<std::pair<std::string, std::string>>{{"user", "ann"}, {"options", ""}});
  CHECK(check_startup(startup(version_3 + 2, "\0"s), Startup::Kind::session).parameters.empty());
}

TEST_CASE("a connection may begin by asking for encryption, or for the end of a statement") {
  check_startup(startup(ssl, ""), Startup::Kind::ssl);
  check_startup(startup(gss, ""), Startup::Kind::gss);
  check_startup(startup(cancel, word(4711) + word(42)), Startup::Kind::cancel);
  check_startup(startup(cancel, word(4711) + std::string(32, 'k')), Startup::Kind::cancel);
}

TEST_CASE("bytes that start nothing") {
  const std::string body = text("user") + text("ann") + text("a") + text("b") + '\0';
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK_THROWS_AS(first_startup(startup(version_3, body.substr(0, size))), BadBytes);
  CHECK_THROWS_AS(first_startup(startup(version_3, body + "x")), BadBytes);
  CHECK_THROWS_AS(first_startup(startup(2U << 16U, body)), BadBytes);
  CHECK_THROWS_AS(first_startup(word(7) + word(version_3)), BadBytes);
  CHECK_THROWS_AS(first_startup(word(0) + word(ssl)), BadBytes);
  CHECK_THROWS_AS(first_startup(word(10'001) + word(version_3)), BadBytes);
  CHECK_THROWS_AS(first_startup("GET / HTTP/1.1\r\n"), BadBytes);
}

// The message at every split; what reads its body refuses each shorter one, and one that is longer
// where the server would.
template <typename Read>
auto check_message(char type, const std::string& body, Read read, bool refuses_more = true) {
  const std::string bytes = message(type, body);
  INFO(printable(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(first_message(std::string_view(bytes).substr(0, size)));
  for (const auto& more : {""s, "\0"s, "Z"s, bytes}) {
    const std::string all = bytes + more;
    const auto found = first_message(all);
    REQUIRE(found);
    CHECK(found->type == type);
    CHECK(found->size == bytes.size());
    CHECK(found->body == body);
  }
  const auto read_body = [&](const std::string& part) {
    const std::string all = message(type, part);
    return read(*first_message(all));
  };
  for (std::size_t size = 0; size < body.size(); ++size) {
    INFO("cut to " << size);
    CHECK_THROWS_AS(read_body(body.substr(0, size)), BadBytes);
  }
  if (refuses_more) CHECK_THROWS_AS(read_body(body + "x"), BadBytes);
  return read_body(body);
}

TEST_CASE("a Query is a text") {
  CHECK(check_message('Q', text("SELECT 1; SELECT 2"), query_text) == "SELECT 1; SELECT 2");
  CHECK(check_message('Q', text(""), query_text).empty());
}

TEST_CASE("Parse names a statement, with the types of its parameters or without") {
  for (const auto& types : {half(0), half(2) + word(23) + word(0)}) {
    const auto found = check_message('P', text("s1") + text("SELECT $1") + types, parse_of);
    CHECK(found.name == "s1");
    CHECK(found.text == "SELECT $1");
  }
}

TEST_CASE("Bind gives values: null, texts and bytes, by no format, by one or by one each") {
  const Values values{std::nullopt, "a", "\0\xff"s, ""};
  const std::string head = text("p") + text("s"), results = half(2) + half(0) + half(1);
  const auto bound = [&](const std::string& formats) {
    auto found = check_message('B', head + formats + counted(values) + results, bind_of);
    CHECK(found.portal == "p");
    CHECK(found.statement == "s");
    CHECK(found.parameters == values);
    return found.is_binary;
  };
  CHECK(bound(half(0)) == std::vector<bool>{false, false, false, false});
  CHECK(bound(half(1) + half(1)) == std::vector<bool>{true, true, true, true});
  CHECK(bound(half(1) + half(0)) == std::vector<bool>{false, false, false, false});
  CHECK(bound(half(4) + half(0) + half(0) + half(1) + half(0)) ==
        std::vector<bool>{false, false, true, false});
  const auto empty = check_message('B', text("") + text("") + half(0) + half(0) + half(0), bind_of);
  CHECK(empty.parameters.empty());
}

TEST_CASE("Bind that announces more than there is") {
  const auto bound = [](const std::string& rest) {
    const std::string all = message('B', text("") + text("") + rest);
    return bind_of(*first_message(all));
  };
  for (const auto& rest :
       {half(0xFFFF), half(0) + half(0xFFFF), half(0) + half(1) + word(0x7FFFFFFF),
        half(0) + half(1) + word(0xFFFFFFFE), half(0) + half(1) + word(1U << 31U),
        half(0) + half(0) + half(0xFFFF)})
    CHECK_THROWS_AS(bound(rest), BadBytes);
}

TEST_CASE("Execute, Close and Describe name what they are about") {
  CHECK(check_message('E', text("p") + word(0), execute_of) == "p");
  CHECK(check_message('E', text("") + word(100), execute_of).empty());
  for (const char type : {'C', 'D'}) {
    CHECK(check_message(type, 'S' + text("s"), named_of) == std::pair{'S', "s"s});
    CHECK(check_message(type, 'P' + text(""), named_of) == std::pair{'P', ""s});
    const std::string other = message(type, 'X' + text("s"));
    CHECK_THROWS_AS(named_of(*first_message(other)), BadBytes);
  }
}

TEST_CASE("ReadyForQuery tells the state of the transaction") {
  for (const char state : {'I', 'T', 'E'})
    CHECK(check_message('Z', std::string(1, state), transaction_state, false) == state);
  const std::string other = message('Z', "x");
  CHECK_THROWS_AS(transaction_state(*first_message(other)), BadBytes);
}

TEST_CASE("CommandComplete tells what was done") {
  CHECK(check_message('C', text("UPDATE 1"), tag_of, false) == "UPDATE 1");
}

TEST_CASE("ErrorResponse has fields, each with a letter") {
  const std::string body =
      "S" + text("ERROR") + "C" + text("40001") + "M" + text("no: \"C\"") + '\0';
  const auto field = [](char letter) {
    return [letter](const Message& error) { return error_field(error, letter); };
  };
  CHECK(check_message('E', body, field('D'), false).empty());
  const std::string whole = message('E', body);
  CHECK(error_field(*first_message(whole), 'C') == "40001");
  CHECK(error_field(*first_message(whole), 'M') == "no: \"C\"");
  CHECK(error_field(*first_message(whole), 'S') == "ERROR");
}

TEST_CASE("DataRow has fields, or null") {
  const Values values{"1", std::nullopt, "", "\0x"s};
  CHECK(check_message('D', counted(values), row_of, false) == values);
  CHECK(check_message('D', counted({}), row_of, false).empty());
  const std::string endless = message('D', half(0xFFFF)),
                    negative = message('D', half(1) + word(1U << 31U));
  CHECK_THROWS_AS(row_of(*first_message(endless)), BadBytes);
  CHECK_THROWS_AS(row_of(*first_message(negative)), BadBytes);
}

TEST_CASE("a length that no message has") {
  for (const std::uint32_t length : {0U, 3U, (1U << 30U) + 1, 1U << 31U, 0xFFFFFFFFU})
    CHECK_THROWS_AS(first_message("Q" + word(length)), BadBytes);
  CHECK_FALSE(first_message("Q" + word(1U << 30U)));
  CHECK(first_message("S" + word(4))->body.empty());
}

TEST_CASE("any values come back") {
  test::prop("what Bind and DataRow were given",
             [] {
               const auto byte = rc::gen::cast<char>(rc::gen::inRange(0, 256));
               Values values;
               for (int left = *rc::gen::inRange(0, 6); left > 0; --left)
                 values.push_back(*rc::gen::inRange(0, 4) == 0
                                      ? Value()
                                      : Value(*rc::gen::container<std::string>(byte)));
               const std::string row = message('D', counted(values));
               RC_ASSERT(row_of(*first_message(row)) == values);
               const std::string bind = message(
                   'B', text("p") + text("s") + half(1) + half(1) + counted(values) + half(0));
               RC_ASSERT(bind_of(*first_message(bind)).parameters == values);
             },
             {.cases = 300});
}

// Bytes at random are refused, or read within what was given; AddressSanitizer watches.
TEST_CASE("damaged bodies are read or refused") {
  test::prop("nothing but BadBytes is thrown",
             [] {
               const auto byte = rc::gen::cast<char>(rc::gen::weightedOneOf<int>(
                   {{3, rc::gen::just(0)}, {1, rc::gen::inRange(0, 256)}}));
               const std::string body = *rc::gen::container<std::string>(byte);
               const std::string bytes = message('?', body);
               const auto read = [&](auto reader) {
                 try {
                   reader(*first_message(bytes));
                 } catch (const BadBytes& bad) {
                   RC_ASSERT(!bad.says.empty());
                 }
               };
               read(query_text), read(parse_of), read(bind_of), read(execute_of), read(named_of);
               read(transaction_state), read(tag_of), read(row_of);
               read([](const Message& error) { return error_field(error, 'M'); });
             },
             {.cases = 1000});
}

}  // namespace
}  // namespace cacherace::drive
