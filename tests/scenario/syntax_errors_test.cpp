// What is said of texts that are not JSON, in full.

#include <catch2/catch_test_macros.hpp>

#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

TEST_CASE("a text that is not JSON") {
  CHECK(problems_of(R"()") == R"(x.json:1:1: the file is empty; the smallest scenario is {})"
                              "\n");
  CHECK(problems_of(R"(// only a comment)") ==
        R"(x.json:1:18: the file is empty; the smallest scenario is {})"
        "\n");
  CHECK(problems_of(R"({"seed": 1,
 "title": "x")") ==
        R"(x.json:2:14: the file ends inside the object that starts at line 1, column 1; add )"
        R"(the missing "}")"
        "\n");
  CHECK(problems_of(R"({"seed": 1,})") == R"(x.json:1:11: a comma before "}"; remove the comma)"
                                          "\n");
  CHECK(problems_of(R"({"seed": 1 "title": "x"})") ==
        R"(x.json:1:12: expected a comma before "title"; add "," after the value before it)"
        "\n");
  CHECK(problems_of(R"({"seed": 01})") ==
        R"(x.json:1:10: malformed number "01"; a number has no unit and no leading zero; put )"
        R"(durations, sizes and rates in quotes: "01")"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": 5ms}})") ==
        R"(x.json:1:23 /cache: malformed number "5ms"; a number has no unit and no leading )"
        R"(zero; put durations, sizes and rates in quotes: "5ms")"
        "\n");
  CHECK(problems_of(R"({"title": "abc
})") == R"(x.json:1:11: this string is not closed; add a " before the end of the line)"
        "\n");
  CHECK(problems_of(R"({"title": 'abc'})") ==
        R"(x.json:1:11: strings are written in double quotes, not in single quotes; use ")"
        "\n");
  CHECK(problems_of(R"({title: "abc"})") ==
        R"(x.json:1:2: expected a key in double quotes, found "title")"
        "\n");
  CHECK(problems_of(R"({"title" "abc"})") ==
        R"(x.json:1:10: expected ":" after the key, found "abc")"
        "\n");
  CHECK(problems_of(R"({"seed": NaN})") ==
        R"(x.json:1:10: "NaN" is not a JSON value; write true, false or null, or put it in )"
        R"(quotes: "NaN")"
        "\n");
  CHECK(problems_of(R"({"seed": 1e999})") == R"(x.json:1:10: the number "1e999" is too large)"
                                             "\n");
  CHECK(problems_of(R"({"seed": 1} {})") ==
        R"(x.json:1:13: "{" after the end of the scenario; a file holds one value)"
        "\n");
  CHECK(problems_of(R"({"keys": {"count": 1]})") ==
        R"(x.json:1:21 /keys: "]" closes an object; write "}")"
        "\n");
  CHECK(problems_of("{\"title\": \"a\tb\"}") ==
        R"(x.json:1:11: this string contains a control character; write a tab as \t and a line )"
        R"(break as \n)"
        "\n");
  CHECK(problems_of(R"({"title": "\x"})") ==
        R"(x.json:1:11: this string contains a malformed escape; write a backslash as \\ and a )"
        R"(code point as \u and four hexadecimal digits)"
        "\n");
  CHECK(problems_of(R"({"seed": /* oh)") == R"(x.json:1:10: this comment is not closed; add */)"
                                            "\n");
  CHECK(problems_of(R"(# note
{})") == R"(x.json:1:1: # does not start a comment; write //)"
         "\n");
  CHECK(problems_of(R"({"a":})") == R"(x.json:1:6: expected a value, found "}")"
                                    "\n");
  CHECK(problems_of(R"([1,,2])") == R"(x.json:1:4: expected a value, found ",")"
                                    "\n");
  CHECK(problems_of(R"({,})") == R"(x.json:1:2: expected a key, found ","; remove the comma)"
                                 "\n");
}

}  // namespace
}  // namespace cacherace::scenario
