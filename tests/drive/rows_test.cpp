// Which statements touch a row, a table, or more than they name.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "sim/drive/control/tables.hpp"
#include "sim/drive/footprint.hpp"

namespace cacherace::drive {
namespace {

// Of the only statement of a text, with the catalog in which users and orders have the key id, and
// what has a name of more is a part of neither.
std::string rows_of(const std::string& text,
                    const std::vector<std::optional<std::string>>& parameters = {}) {
  Tables tables;
  tables.add("users", {true, true, "id", "integer", true});
  tables.add("orders", {true, false, "id", "bigint", true});
  tables.add("names", {true, true, "name", "text", true});
  tables.add("mails", {true, true, "id", "integer", false});
  tables.add("view", {});
  const auto statements = meaning_of_sql(text);
  REQUIRE(statements.size() == 1);
  std::string out;
  for (const search::Touch& touch : tables.widened(named_touches(statements.front(), parameters)))
    out += (touch.writes ? "w " : "r ") + touch.item;
  std::ranges::replace(out, search::part_of, '/');
  return out;
}

TEST_CASE("a statement on a primary key touches a row, every other one the table") {
  CHECK(rows_of("SELECT * FROM users WHERE id = 7") == "r users/7");
  CHECK(rows_of("SELECT * FROM users u WHERE u.id = 7 AND name = 'a'") == "r users/7");
  CHECK(rows_of("SELECT * FROM users WHERE id = $1", {"7"}) == "r users/7");
  CHECK(rows_of("UPDATE users SET name = $1 WHERE id = $2", {"v2", "7"}) == "w users/7");
  CHECK(rows_of("DELETE FROM users WHERE id = -7") == "w users");
  CHECK(rows_of("SELECT * FROM users WHERE id = 7 FOR UPDATE") == "w users/7");
  CHECK(rows_of("SELECT * FROM names WHERE name = 'x y'") == "r names/x y");
  for (const char* text : {
           "SELECT * FROM users WHERE id = 7 OR name = 'a'",
           "SELECT * FROM users WHERE id <> 7",
           "SELECT * FROM users WHERE id = 0",
           "SELECT * FROM users WHERE id = '07'",  // the same row as 7
           "SELECT * FROM users WHERE name = '7'",
           "SELECT * FROM users WHERE NOT (id = 7)",
           "SELECT * FROM users WHERE id = (SELECT 7)",
           "SELECT * FROM users WHERE id = $1",
           "SELECT * FROM users",
       })
    CHECK(rows_of(text) == "r users");
  CHECK(rows_of("UPDATE users SET id = 8 WHERE id = 7") == "w users");
  CHECK(rows_of("INSERT INTO users VALUES (7, 'a')") == "w users");
  CHECK(rows_of("SELECT * FROM users a, users b WHERE a.id = 7") == "r usersr users");
  CHECK(rows_of("SELECT * FROM users WHERE id = 7 UNION SELECT * FROM users") == "r usersr users");
  CHECK(rows_of("UPDATE users SET name = 'a' FROM orders WHERE users.id = 7").find('/') ==
        std::string::npos);
}

TEST_CASE("what the catalog does not vouch for touches more than it names") {
  CHECK(rows_of("SELECT * FROM view WHERE id = 7") == "r ");
  CHECK(rows_of("SELECT * FROM unheard WHERE id = 7") == "r ");
  CHECK(rows_of("UPDATE unheard SET a = 1 WHERE id = 7") == "w ");
  CHECK(rows_of("SELECT * FROM orders WHERE id = 7") == "r orders/7");
  CHECK(rows_of("UPDATE orders SET a = 1 WHERE id = 7") == "w ");  // a trigger or foreign key
  CHECK(rows_of("SELECT * FROM mails WHERE id = 7") == "r mails/7");
  CHECK(rows_of("UPDATE mails SET a = 1 WHERE id = 7") == "w mails");  // a row of another key
}

TEST_CASE("a row is a part of its table, and no part of another row") {
  const auto touches = [](const std::string& item, bool writes) {
    return std::vector<search::Touch>{{"postgres", item, writes}};
  };
  const std::string seven = std::string("users") + search::part_of + "7";
  const std::string seventy = seven + "0";
  CHECK(independent(touches(seven, true), touches(seventy, true)));
  CHECK_FALSE(independent(touches(seven, true), touches(seven, false)));
  CHECK_FALSE(independent(touches(seven, true), touches("users", false)));
  CHECK_FALSE(independent(touches("users", true), touches(seven, false)));
  CHECK_FALSE(independent(touches("", true), touches(seven, false)));
  CHECK(independent(touches("user", true), touches(seven, true)));
}

}  // namespace
}  // namespace cacherace::drive
