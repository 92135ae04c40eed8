#include "sim/core/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace {
namespace {

TEST_CASE("text stays as it is, in every script") {
  for (const std::string text : {"", "user:7 \\x1b ~", "ünï → ▶ 語 עברית 🙂", "a\u00a0b"})
    CHECK(printable(text) == text);
}

TEST_CASE("what commands a terminal, breaks lines or turns letters around is spelled out") {
  CHECK(printable("\x1b[31m\r\n\t\x7f") == R"(\x1b[31m\x0d\x0a\x09\x7f)");
  CHECK(printable(std::string_view("\0", 1)) == R"(\x00)");
  CHECK(printable("\u009b1m") == R"(\x9b1m)");
  CHECK(printable("\u2028\u2029") == R"(\u2028\u2029)");
  CHECK(printable("\u200e\u200f\u061c\u202a\u202e\u2066\u2069") ==
        R"(\u200e\u200f\u061c\u202a\u202e\u2066\u2069)");
  CHECK(printable("\ufeff{}") == R"(\ufeff{})");
}

TEST_CASE("bytes that are not UTF-8 are spelled out") {
  CHECK(printable("a\xff\xc3(\xe2\x82") == R"(a\xff\xc3(\xe2\x82)");
  CHECK(printable("\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf") ==
        R"(\xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf)");
  CHECK(first_not_utf8("ü→🙂") == std::nullopt);
  CHECK(first_not_utf8("ü\xff") == 2);
  CHECK(first_not_utf8("ab\xe2\x82") == 2);
}

}  // namespace
}  // namespace cacherace
