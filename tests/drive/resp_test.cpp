// The bytes of Redis, RESP2 and RESP3: commands and replies at every split, and what is neither.

#include "sim/drive/wire/resp.hpp"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <array>
#include <catch2/catch_test_macros.hpp>

#include "sim/core/utf8.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::drive {
namespace {

using namespace std::string_literals;
using Words = std::vector<std::string>;

// What may follow on the connection; none of it belongs to what comes first.
const std::array followers{""s, "\r\n"s, "*"s, "$3\r\nabc\r\n"s, "\0\xff"s};

std::string encoded(const Words& words) {
  std::string out = fmt::format("*{}\r\n", words.size());
  for (const auto& word : words) out += fmt::format("${}\r\n{}\r\n", word.size(), word);
  return out;
}

void check_command(const std::string& bytes, const Words& words) {
  INFO(printable(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(first_command(std::string_view(bytes).substr(0, size)));
  for (const auto& more : followers) {
    const auto command = first_command(bytes + more);
    REQUIRE(command);
    CHECK(command->size == bytes.size());
    CHECK(command->words == words);
  }
}

void check_answer(const std::string& bytes, const std::string& first_word = "") {
  INFO(printable(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(first_answer(std::string_view(bytes).substr(0, size)));
  for (const auto& more : followers) {
    const auto answer = first_answer(bytes + more);
    REQUIRE(answer);
    CHECK(answer->size == bytes.size());
    CHECK(answer->type == bytes.front());
    CHECK(answer->first_word == first_word);
  }
}

TEST_CASE("a command is an array of texts, of any bytes, its name in upper case") {
  check_command("*1\r\n$4\r\nPING\r\n", {"PING"});
  check_command("*2\r\n$3\r\ngEt\r\n$6\r\nuser:7\r\n", {"GET", "user:7"});
  check_command("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n", {"SET", "k", ""});
  check_command("*2\r\n$4\r\nECHO\r\n$8\r\na\r\n\0\xff*1\n\r\n"s, {"ECHO", "a\r\n\0\xff*1\n"s});
  check_command("*1\r\n$0\r\n\r\n", {""});
}

TEST_CASE("an empty command has no words: Redis answers none") {
  for (const auto* bytes : {"*0\r\n", "*-1\r\n", "\r\n", "\n", "  \t\r\n"})
    check_command(bytes, {});
}

// Expected: what Redis 7 does with these lines.
TEST_CASE("a command on a line is split as Redis splits it") {
  check_command("PING\r\n", {"PING"});
  check_command("ping\n", {"PING"});
  check_command("  get \t user:7  \r\n", {"GET", "user:7"});
  check_command("SET \"a b\" \"x\\x41\\n\\\"\"\r\n", {"SET", "a b", "xA\n\""});
  check_command("SET 'it\\'s' 'a\\n'\r\n", {"SET", "it's", "a\\n"});
  check_command("SET a\"b c\" ''\r\n", {"SET", "ab c", ""});
  check_command("\"\" x\r\n", {"", "x"});
  for (const auto* bytes : {"SET \"a\r\n", "SET 'a\r\n", "SET \"a\"b 1\r\n", "SET 'a'b 1\r\n",
                            "GET \"a\\\r\n", "GET \"\\x4\r\n"})
    CHECK_THROWS_AS(first_command(bytes), BadBytes);
}

// Redis 7 closes the connection at each of these.
TEST_CASE("bytes that are no command") {
  for (const auto* bytes :
       {"*1\n$4\r\nPING\r\n", "*1\r\n$4\nPING\r\n", "*x\r\n", "*\r\n", "*+1\r\n", "* 1\r\n",
        "*01\r\n", "*1 \r\n", "*1\r\n:4\r\n", "*1\r\nPING\r\n", "*1\r\n*0\r\n", "*1\r\n$-1\r\n",
        "*1\r\n$x\r\n", "*1\r\n$\r\n", "*1\r\n$04\r\nPING\r\n", "*1\r\n$99999999999999999999\r\n",
        "*99999999999999999999\r\n", "*1\r\n$536870913\r\n", "*1\r\n$4\r\nPINGxx"}) {
    INFO(bytes);
    CHECK_THROWS_AS(first_command(bytes), BadBytes);
  }
}

TEST_CASE("what is announced and not there is waited for") {
  for (const auto* bytes : {"*1048576\r\n", "*1\r\n$536870912\r\n", "*1048576\r\n$536870912\r\nx"})
    CHECK_FALSE(first_command(bytes));
  for (const auto* bytes : {"*1048576\r\n", "%1048576\r\n", "$536870912\r\n", "|1048576\r\n:1\r\n"})
    CHECK_FALSE(first_answer(bytes));
}

TEST_CASE("a line may have 64 KiB, in however many pieces it comes") {
  const std::string most(64 * 1024, 'a');
  CHECK(first_command(most + "\n")->words.front().size() == most.size());
  CHECK_FALSE(first_command(most));
  CHECK_THROWS_AS(first_command(most + "a"), BadBytes);
  CHECK_THROWS_AS(first_command(most + "a\n"), BadBytes);
  CHECK_THROWS_AS(first_answer("+" + most + "a"), BadBytes);
  CHECK_THROWS_AS(first_answer("+" + most + "a\r\n"), BadBytes);
}

TEST_CASE("replies of RESP2") {
  check_answer("+OK\r\n");
  check_answer("+\r\n");
  check_answer("-ERR no\r\n");
  check_answer(":-42\r\n");
  check_answer("$0\r\n\r\n");
  check_answer("$6\r\na\r\n\0\xff$\r\n"s);
  check_answer("$-1\r\n");
  check_answer("*-1\r\n");
  check_answer("*0\r\n");
  check_answer("*3\r\n$-1\r\n:1\r\n*2\r\n+a\r\n*0\r\n");
}

TEST_CASE("replies of RESP3") {
  check_answer("_\r\n");
  check_answer("#t\r\n");
  check_answer(",1.25\r\n");
  check_answer(",-inf\r\n");
  check_answer("(3492890328409238509324850943850943825024385\r\n");
  check_answer("=15\r\ntxt:Some string\r\n");
  check_answer("!10\r\nERR a\r\nb c\r\n");
  check_answer("~2\r\n+a\r\n:1\r\n");
  check_answer("%0\r\n");
  check_answer("%2\r\n+a\r\n:1\r\n$1\r\nb\r\n%1\r\n:1\r\n_\r\n");
  check_answer("|1\r\n+ttl\r\n:3600\r\n:5\r\n");
  check_answer("|0\r\n+OK\r\n");
  check_answer("|1\r\n+a\r\n:1\r\n|1\r\n+b\r\n:2\r\n*1\r\n:5\r\n");
  check_answer("*3\r\n:1\r\n|1\r\n+ttl\r\n:3600\r\n:2\r\n:3\r\n");
  check_answer(">0\r\n");
}

TEST_CASE("the first word of a list or push says what it is about") {
  check_answer(">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nx\r\n", "message");
  check_answer(">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n", "invalidate");
  check_answer("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n", "subscribe");
  check_answer("*2\r\n:1\r\n$1\r\na\r\n");
  check_answer("*2\r\n*1\r\n+a\r\n+b\r\n");
  check_answer("*1\r\n$-1\r\n");
}

TEST_CASE("bytes that are no reply") {
  for (const auto& bytes : {"\r\n"s,
                            "OK\r\n"s,
                            "\0\r\n"s,
                            "?1\r\n"s,
                            "+OK\n"s,
                            "$x\r\n"s,
                            "$\r\n"s,
                            "$-2\r\n"s,
                            "$1\r\nab\r\n"s,
                            "$1\r\na\n\n"s,
                            "$1\n"s,
                            "*x\r\n"s,
                            "*-2\r\n"s,
                            "*1\r\nx\r\n"s,
                            "%-1\r\n"s,
                            "|-1\r\n"s,
                            "~-1\r\n"s,
                            ">-1\r\n"s,
                            "*1048577\r\n"s,
                            "$536870913\r\n"s,
                            "$00\r\n\r\n"s,
                            "*-0\r\n"s,
                            "*99999999999999999999\r\n"s,
                            "*1\r\n|-1\r\n"s}) {
    INFO(printable(bytes));
    CHECK_THROWS_AS(first_answer(bytes), BadBytes);
  }
}

TEST_CASE("a reply is at most 32 deep, and lists without an end do not exhaust the stack") {
  const auto nested = [](const std::string& head, int depth) {
    std::string out;
    for (int i = 0; i < depth; ++i) out += head;
    return out + ":1\r\n";
  };
  CHECK(first_answer(nested("*1\r\n", 32)));
  CHECK_THROWS_AS(first_answer(nested("*1\r\n", 33)), BadBytes);
  CHECK_THROWS_AS(first_answer(nested("|0\r\n", 1'000'000)), BadBytes);
}

TEST_CASE("a reply is shown in short") {
  CHECK(shown_answer("+OK\r\n") == "OK");
  CHECK(shown_answer("-ERR no\r\n") == "(error) ERR no");
  CHECK(shown_answer(":7\r\n") == "(integer) 7");
  CHECK(shown_answer("$2\r\nab\r\n") == "\"ab\"");
  for (const auto* nil : {"$-1\r\n", "*-1\r\n", "_\r\n"}) CHECK(shown_answer(nil) == "(nil)");
  CHECK(shown_answer("*3\r\n:1\r\n$1\r\na\r\n*0\r\n") == "[(integer) 1, \"a\", []]");
  CHECK(shown_answer("%1\r\n+a\r\n:1\r\n") == "[a, (integer) 1]");
  CHECK(shown_answer("|1\r\n+ttl\r\n:3600\r\n$1\r\na\r\n") == "\"a\"");
  CHECK(shown_answer("*2\r\n|1\r\n+ttl\r\n:3600\r\n:1\r\n:2\r\n") == "[(integer) 1, (integer) 2]");
  CHECK(shown_answer("$2\r\n\x1b\xff\r\n") == "\"\\x1b\\xff\"");
  CHECK(shown_answer("$5\r\n\xc3\xa9\xc3\xa9z\r\n", 4) == "\"\xc3\xa9…");
  CHECK(shown_answer("*1\r\n") == "…");
}

using rc::gen::inRange;

std::string drawn_text() {
  return *rc::gen::container<std::string>(rc::gen::cast<char>(inRange(0, 256)));
}

std::string drawn_line() {
  return *rc::gen::container<std::string>(rc::gen::cast<char>(inRange(32, 127)));
}

// A valid reply that is nested at most so many times.
std::string drawn_reply(int depth) {
  static const std::string lines = "+-:_,#(", texts = "$=!", lists = "*~>%|";
  const int kind = *inRange(0, depth > 0 ? 4 : 3);
  if (kind == 0) return *rc::gen::elementOf(lines) + drawn_line() + "\r\n";
  if (kind == 1) {
    const std::string text = drawn_text();
    return fmt::format("{}{}\r\n{}\r\n", *rc::gen::elementOf(texts), text.size(), text);
  }
  if (kind == 2) return *rc::gen::element("$-1\r\n"s, "*-1\r\n"s, "_\r\n"s);
  const char type = *rc::gen::elementOf(lists);
  const int count = *inRange(0, 4);
  std::string out = fmt::format("{}{}\r\n", type, count);
  const int values = type == '%' ? 2 * count : type == '|' ? 2 * count + 1 : count;
  for (int i = 0; i < values; ++i) out += drawn_reply(depth - 1);
  return out;
}

TEST_CASE("any valid reply is read at its size, and not before") {
  test::prop("a reply has the size at which it ends",
             [] {
               const std::string bytes = drawn_reply(4);
               const std::string more = drawn_text();
               const auto answer = first_answer(bytes + more);
               RC_ASSERT(answer.has_value());
               RC_ASSERT(answer->size == bytes.size());
               const auto cut = *inRange<std::size_t>(0, bytes.size());
               RC_ASSERT(!first_answer(std::string_view(bytes).substr(0, cut)));
               const std::string shown = shown_answer(bytes);
               RC_ASSERT(printable(shown) == shown);
             },
             {.cases = 500});
}

TEST_CASE("any command is read as it was written") {
  test::prop("the words come back",
             [] {
               Words words{"GET"};
               for (int left = *inRange(0, 6); left > 0; --left) words.push_back(drawn_text());
               const std::string bytes = encoded(words);
               const auto command = first_command(bytes + drawn_text());
               RC_ASSERT(command.has_value());
               RC_ASSERT(command->size == bytes.size());
               RC_ASSERT(command->words == words);
               const auto cut = *inRange<std::size_t>(0, bytes.size());
               RC_ASSERT(!first_command(std::string_view(bytes).substr(0, cut)));
             },
             {.cases = 500});
}

// What was read from bytes stays the same when more bytes come: else the result would depend on
// how the network cuts them.
TEST_CASE("damaged bytes are read, waited for or refused") {
  test::prop("more bytes change nothing that was read or refused",
             [] {
               std::string bytes =
                   *inRange(0, 2) == 0 ? drawn_reply(3) : encoded({"SET", drawn_text(), "1"});
               for (int left = *inRange(1, 4); left > 0 && !bytes.empty(); --left) {
                 const auto at = *inRange<std::size_t>(0, bytes.size());
                 static const std::string common = "\r\n$*%|>-0129\" \\x";
                 bytes[at] = *rc::gen::elementOf(common);
               }
               const auto told = [](auto read, std::string_view part) -> std::string {
                 try {
                   const auto found = read(part);
                   return found ? std::to_string(found->size) : "";
                 } catch (const BadBytes& bad) {
                   return bad.says.empty() ? "no reason" : "bad";
                 }
               };
               const auto check = [&](auto read) {
                 const auto cut = *inRange<std::size_t>(0, bytes.size() + 1);
                 const std::string early = told(read, std::string_view(bytes).substr(0, cut));
                 const std::string late = told(read, bytes);
                 RC_ASSERT((early != "no reason" && late != "no reason"));
                 RC_ASSERT((early.empty() || early == late));
               };
               check(first_answer);
               check(first_command);
             },
             {.cases = 1000});
}

}  // namespace
}  // namespace cacherace::drive
