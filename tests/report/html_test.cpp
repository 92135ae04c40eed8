#include "sim/report/export/html.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string_view>

#include "sim/report/export/json.hpp"

namespace cacherace::report {
namespace {

Result search_of(const std::string& title) {
  PropertyResult property{.name = "no-stale-residue", .verdict = Verdict::proven};
  property.visited = States{.states = 3};
  return {.title = title,
          .scenario_digest = "0123456789abcdef",
          .timing = "unbounded",
          .results = {{.strategy = "cache-aside", .properties = {property}}}};
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// What the page hands to its script.
std::string data_of(const std::string& page) {
  const std::string_view begin = "<script type=\"application/json\" id=\"report-data\">";
  const auto from = page.find(begin);
  REQUIRE(from != page.npos);
  const auto start = from + begin.size();
  return page.substr(start, page.find("</script>", start) - start);
}

}  // namespace

TEST_CASE("a page carries its result, whatever the strings in it hold") {
  for (const std::string title :
       {"Stale repopulate", "</script><img src=x onerror=alert(1)>", "<!-- <script>",
        "a \"quoted\" \\ title,  with  blanks \\\" and : signs", "é → \u2028 &amp;"}) {
    const auto json = to_json(search_of(title));
    const auto page = to_html(json, title);
    const auto data = data_of(page);
    CHECK(nlohmann::json::parse(data) == nlohmann::json::parse(json));
    CHECK(data.find('<') == data.npos);
    CHECK(data.find('\n') == data.npos);
    CHECK(data.size() < json.size());
  }
}

TEST_CASE("nothing in a result changes the elements of its page") {
  const auto plain = to_html(to_json(search_of("plain")), "plain");
  const std::string evil = "</title></script><img src=x onerror=alert(1)>";
  const auto attacked = to_html(to_json(search_of(evil)), evil);
  for (const auto* tag : {"</script>", "<script", "<img", "</title>", "<meta"})
    CHECK(count(attacked, tag) == count(plain, tag));
  CHECK(attacked.find("<title>&lt;/title>&lt;/script>") != attacked.npos);
}

TEST_CASE("a page is a function of its result, loads nothing and names the Markdown report") {
  const auto page = to_html(to_json(search_of("t")), "t");
  CHECK(page == to_html(to_json(search_of("t")), "t"));
  CHECK(page.find("@REPORT_") == page.npos);
  CHECK(page.find("default-src 'none'; script-src 'sha256-") != page.npos);
  CHECK(count(page, " src=\"") == 0);
  CHECK(count(page, "<link") == 0);
  CHECK(page.find("--format markdown") != page.npos);
  CHECK(page.ends_with("</html>\n"));
}

}  // namespace cacherace::report
