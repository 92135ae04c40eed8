#include "sim/report/export/csv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <vector>

#include "tests/formats/nasty.hpp"
#include "tests/formats/outside.hpp"

namespace cacherace::report {
namespace {

using Row = std::map<std::string, std::string>;

// RFC 4180, read character by character.
std::vector<std::vector<std::string>> cells_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row(1);
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inside && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"')
      row.back() += text[i++];
    else if (text[i] == '"')
      inside = !inside;
    else if (!inside && text[i] == ',')
      row.emplace_back();
    else if (!inside && text[i] == '\n')
      rows.push_back(std::exchange(row, std::vector<std::string>(1)));
    else
      row.back() += text[i];
  }
  CHECK_FALSE(inside);
  CHECK(row == std::vector<std::string>(1));
  return rows;
}

std::vector<Row> rows_of(const Result& result) {
  const auto cells = cells_of(to_csv(result));
  std::vector<Row> rows;
  for (std::size_t i = 1; i < cells.size(); ++i) {
    REQUIRE(cells[i].size() == cells.front().size());
    Row& row = rows.emplace_back();
    for (std::size_t j = 0; j < cells[i].size(); ++j) row[cells.front()[j]] = cells[i][j];
  }
  return rows;
}

TEST_CASE("CSV has a row per strategy and metric or property, and per expectation") {
  auto searched = rows_of(nasty_search());
  REQUIRE(searched.size() == 6 + 3);
  CHECK(searched[0]["scenario"] == nasty_text);
  CHECK(searched[0]["strategy"] == nasty_text);
  CHECK(searched[0]["kind"] == "property");
  CHECK(searched[0]["name"] == "no-stale-residue");
  CHECK(searched[0]["verdict"] == "violated");
  CHECK(searched[0]["states"] == "17");
  CHECK(searched[0]["transitions"] == "22");
  CHECK(searched[0]["exhausted"] == "true");
  CHECK(searched[0]["steps"] == "3");
  CHECK(searched[1]["worst_us"] == "62030400");
  CHECK(searched[1]["schedules"] == "10");
  CHECK(searched[1]["violating"] == "0");
  CHECK(searched[2]["worst_us"] == "inf");
  CHECK(searched[2]["executions"] == "5");
  CHECK(searched[3]["worst_count"] == "4");
  CHECK(searched[3]["worst_us"].empty());
  CHECK(searched[1]["worst_so_far"] == "false");
  CHECK(searched[3]["worst_so_far"] == "true");
  CHECK(searched[8]["met"] == "undecided");
  CHECK(searched[7]["kind"] == "expectation");
  CHECK(searched[7]["wanted"] == "proven");
  CHECK(searched[7]["found"] == "violated");
  CHECK(searched[7]["met"] == "false");

  auto ran = rows_of(nasty_run());
  REQUIRE(ran.size() == 6 + 2);
  CHECK(ran[0]["kind"] == "metric");
  CHECK(ran[0]["replicates"] == "2");
  CHECK(ran[0]["mean"] == "1000");
  CHECK(ran[0]["low"] == "990.5");
  CHECK(ran[0]["high"] == "1009.5");
  CHECK(ran[0]["difference"].empty());
  CHECK(ran[3]["difference"] == "-12.5");
  CHECK(ran[3]["difference_high"] == "0.5");
  CHECK(ran[1]["mean"].empty());
  CHECK(ran[2]["mean"] == "0.123456789");
  CHECK(ran[2]["low"].empty());
}

TEST_CASE("several comparisons are one table") {
  const auto rows = rows_of(nasty_comparisons());
  REQUIRE(rows.size() == 3 * (6 + 2) + 2 + 2);
  CHECK(rows.back().at("kind") == "expectation");
}

TEST_CASE("another reader of CSV finds the same cells") {
  const auto found = read_by(
      "python3",
      "python3 -c \"import csv,sys;"
      "rows=list(csv.DictReader(open('{}',newline='',encoding='utf-8')));"
      "print(len(rows),set(len(r) for r in rows),len(rows[0]['strategy']),rows[-1]['met'])\"",
      to_csv(nasty_search()));
  REQUIRE(found);
  std::size_t characters = 0;
  for (const char c : std::string(nasty_text))
    characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  CHECK(*found == "9 {32} " + std::to_string(characters) + " undecided\n");
}

}  // namespace
}  // namespace cacherace::report
