#include "sim/report/export/junit.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/report/escape.hpp"
#include "tests/formats/nasty.hpp"
#include "tests/formats/outside.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::report {
namespace {

// Each test case as "outcome name-after-the-strategy"; totals as the suite states them.
constexpr const char* parser =
    "python3 -c \"\n"
    "import xml.etree.ElementTree as tree\n"
    "root = tree.parse('{}').getroot()\n"
    "for suite in root:\n"
    "  cases = suite.findall('testcase')\n"
    "  def count(tag): return sum(case.find(tag) is not None for case in cases)\n"
    "  for outer in (root, suite):\n"
    "    assert int(outer.get('tests')) == len(cases)\n"
    "    assert int(outer.get('failures')) == count('failure')\n"
    "    assert int(outer.get('errors')) == count('error')\n"
    "    assert int(outer.get('skipped')) == count('skipped')\n"
    "  assert len(set(case.get('name') for case in cases)) == len(cases)\n"
    "  for case in cases:\n"
    "    assert case.get('classname') == suite.get('name') and case.get('time') == '0'\n"
    "    tags = [child.tag for child in case] or ['passed']\n"
    "    text = (case[0].text or '').count('db.write') if len(case) else 0\n"
    "    print(tags[0], case.get('name').split(' · ', 1)[1:] or case.get('name'), text)\n"
    "\"";

TEST_CASE("a parser of XML finds a test case for each property and expectation") {
  CHECK(read_by("python3", parser, to_junit(nasty_search())) ==
        "failure ['no-stale-residue'] 1\n"
        "skipped ['wait'] 0\n"
        "skipped ['loads-in-flight'] 0\n"
        "passed ['staleness'] 0\n"
        "failure ['no-stale-residue'] 1\n"
        "error ['wait'] 0\n");
  CHECK(read_by("python3", parser, to_junit(nasty_run())) ==
        "passed ['hit_ratio · >= 10 %'] 0\n"
        "failure ['hit_ratio · >= 90 %'] 0\n"
        "error complete 0\n");
}

TEST_CASE("several comparisons are suites of their own, and a missing one is an error") {
  const std::string text = to_junit(nasty_comparisons());
  CHECK(read_by("python3",
                "python3 -c \"import xml.etree.ElementTree as tree;"
                "root = tree.parse('{}').getroot();"
                "suites = [[int(of.get(name)) for name in ('tests', 'failures', 'errors')] for of "
                "in root];"
                "print(suites, [sum(each) for each in zip(*suites)] =="
                "[int(root.get(name)) for name in ('tests', 'failures', 'errors')])\"",
                text) == "[[4, 2, 0], [2, 1, 0], [5, 2, 1], [1, 0, 1]] True\n");
  CHECK(text.find("<testsuite name=\"3 scenarios compared\" tests=\"1\"") != std::string::npos);
}

// Of XML 1.0: no character below a blank but the newline, no bare < or &, no bad UTF-8.
bool is_plain_xml(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f || text[i] == '<' || text[i] == '"')
      return false;
    if (text[i] == '&' && text.find(';', i) == std::string::npos) return false;
  }
  return true;
}

TEST_CASE("any bytes become XML") {
  CHECK(xml_text("a<b>&\"\x01\n") == "a&lt;b&gt;&amp;&quot;\\x01\n");
  CHECK(xml_text("ü→😀") == "ü→😀");
  const std::string none = "\xEF\xBF\xBD";
  CHECK(xml_text("\xff") == none);
  CHECK(xml_text("\xEF\xBF\xBE") == none + none + none);              // U+FFFE
  CHECK(xml_text("\xED\xA0\x80").find("\xED") == std::string::npos);  // a surrogate
  CHECK(xml_text("\xC0\xAF").find("\xC0") == std::string::npos);      // overlong
  CHECK(xml_text("x\xE2\x86") == "x" + none + none);                  // cut
  test::prop("no markup and no control character remains",
             [](const std::string& text) { RC_ASSERT(is_plain_xml(xml_text(text))); });
}

TEST_CASE("xmllint finds nothing wrong") {
  CHECK(read_by("xmllint", "xmllint --noout '{}' 2>&1", to_junit(nasty_search())) == "");
}

}  // namespace
}  // namespace cacherace::report
