// Files that are no results are refused with their places, whatever is wrong with them.

#include "tests/formats/laws.hpp"
#include "tests/formats/nasty.hpp"

namespace cacherace::report {
namespace {

std::string problems_of(const std::string& text) {
  const auto read = read_result(text, "r.json");
  return read ? "" : message_of(read.error());
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string without_blanks_at_the_end(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

TEST_CASE("a file that was cut anywhere is refused with a place") {
  for (const auto& result : {nasty_search(), nasty_run()}) {
    const std::string whole = without_blanks_at_the_end(render(result, Format::json));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string says = problems_of(whole.substr(0, size));
      CAPTURE(size, says);
      CHECK(says.starts_with("r.json:"));
    }
    CHECK(problems_of(whole) == "");
  }
}

TEST_CASE("a file with any line left out, or any value of another type, is no crash") {
  const std::string whole = render(nasty_search(), Format::json);
  for (std::size_t from = 0; from < whole.size();) {
    const std::size_t to = whole.find('\n', from) + 1;
    const auto read = read_result(whole.substr(0, from) + whole.substr(to), "r.json");
    if (read)
      for (const auto& format : formats) CHECK_FALSE(render(*read, format.format).empty());
    from = to;
  }
  for (std::size_t at = whole.find(": "); at != std::string::npos; at = whole.find(": ", at + 1)) {
    const auto end = whole.find_first_of(",\n", at);
    for (const char* other : {"-1", "1e300", "\"x\"", "null", "[]", "{}"}) {
      const auto read = read_result(whole.substr(0, at + 2) + other + whole.substr(end), "r.json");
      if (read)
        for (const auto& format : formats) CHECK_FALSE(render(*read, format.format).empty());
    }
  }
}

TEST_CASE("what is not ours is said at once") {
  const std::string whole = render(nasty_search(), Format::json);
  const std::string ours = std::string("\"") + version + "\"";
  CHECK(problems_of(replaced(whole, ours, "\"0.2.0\"")) ==
        "r.json:2:16 /cacherace: written by cacherace 0.2.0; this is 0.1.0; use the newer one\n");
  CHECK(problems_of(replaced(whole, ours, "\"0.0.9\"")) == "");
  CHECK(problems_of(replaced(whole, "\"search\"", "\"replay\"")) ==
        "r.json:3:11 /kind: expected a result of search, fuzz, run, compare or sweep, found a "
        "replay; a "
        "saved "
        "counterexample is shown by: cacherace replay FILE\n");
  CHECK(problems_of(replaced(whole, "\"search\"", "\"serch\"")) ==
        "r.json:3:11 /kind: unknown kind \"serch\"; did you mean \"search\"?\n");
  CHECK(problems_of("[]") ==
        "r.json:1:1: expected an object, found an empty array; write { \"cacherace\": \"0.1.0\", "
        "\"kind\": \"search\" }\n");
}

TEST_CASE("unknown and missing keys are named, all in one go") {
  std::string text = render(nasty_run(), Format::json);
  text = replaced(text, "\"seed\"", "\"sed\"");
  text = replaced(text, "\"mean\"", "\"meen\"");
  const std::string says = problems_of(text);
  CAPTURE(says);
  CHECK(says.find("/sed: unknown key \"sed\"; did you mean \"seed\"?\n") != std::string::npos);
  CHECK(says.find("/metrics/reads/meen: unknown key \"meen\"; did you mean \"mean\"?\n") !=
        std::string::npos);
  CHECK(says.find("\"seed\" is missing; add \"seed\": 1\n") != std::string::npos);
}

TEST_CASE("among comparisons there are only comparisons of one scenario") {
  const std::string whole = render(nasty_comparisons(), Format::json);
  CHECK(problems_of(whole) == "");
  CHECK(problems_of(replaced(whole, "\"compare\"", "\"search\"")) ==
        "r.json:8:15 /comparisons/0/kind: expected a comparison of one scenario; write "
        "\"compare\"\n");
}

TEST_CASE("numbers that could not be counted are refused") {
  const std::string run = render(nasty_run(), Format::json);
  CHECK(problems_of(replaced(run, "\"replicates\": 2", "\"replicates\": 4294967296"))
            .find("expected a whole number up to 4294967295") != std::string::npos);
  CHECK(problems_of(replaced(run, "\"bucket_us\": 1500", "\"bucket_us\": 31536000000000")).empty());
  const std::string search = render(nasty_search(), Format::json);
  CHECK(problems_of(replaced(search, "\"depth\": 5", "\"depth\": 4294967296"))
            .find("expected a whole number up to 4294967295") != std::string::npos);
  auto result = nasty_search();
  result.threshold = Threshold{.pointer = "/a", .holds_us = 1, .violated_us = 0};
  const std::string threshold = render(result, Format::json);
  CHECK(problems_of(replaced(threshold, "\"holds_us\": 1", "\"holds_us\": 9000000000000001"))
            .find("expected a whole number up to 9000000000000000") != std::string::npos);
}

TEST_CASE("a series whose end could not be counted is refused") {
  auto result = nasty_run();
  auto& series = *result.results.back().series;
  series.bucket = std::chrono::hours(8760);
  series.curves.front().min.assign(300, 0);
  CHECK(problems_of(render(result, Format::json))
            .find("the buckets of a curve take more than 285 years") != std::string::npos);
}

TEST_CASE("the smallest numbers, and curves that are always 0, are no trouble") {
  auto result = nasty_run();
  result.results.front().metrics.front().mean = 5e-324;
  result.results.back().metrics.front().ci95 = Interval{-1e308, 1e308};
  auto& series = *result.results.back().series;
  series.curves.front().max.assign(2, 0);
  for (const auto& format : formats) CHECK_FALSE(render(result, format.format).empty());
  CHECK(problems_of(render(result, Format::json)) == "");
}

TEST_CASE("steps that no writer could show are refused") {
  const std::string whole = render(nasty_search(), Format::json);
  CHECK(problems_of(replaced(whole, "\"client\": \"reader", "\"client\": \"raeder"))
            .find("is not one of the parties; add it to \"left\" or \"right\" of \"parties\"") !=
        std::string::npos);
  CHECK(problems_of(replaced(whole, "\"decisive\": 2", "\"decisive\": 9"))
            .find("there is no step 9; the steps are 1 to 3") != std::string::npos);
  for (const char* other : {"0", "3", "7"})
    CHECK(problems_of(replaced(whole, "\"repeats\": 1", std::string("\"repeats\": ") + other))
              .find(std::string("step 3 cannot repeat step ") + other +
                    "; name the first of the repeated steps") != std::string::npos);
  CHECK(problems_of(replaced(whole, "\"locals\": [", "\"locals\": [], \"x\": ["))
            .find("is not one of the local caches; add it to \"locals\" of \"parties\"") !=
        std::string::npos);
}

}  // namespace
}  // namespace cacherace::report
