#pragma once
// What commands and statements read and write.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/search/rerun.hpp"

namespace cacherace::drive {

struct RedisMeaning {
  bool passes = false;      // of the connection alone: HELLO, PING, SELECT, …
  bool subscribes = false;  // from now on messages come unasked
  std::vector<std::string> keys;
  std::vector<search::Touch> touches;
  std::string label;  // "SET user:7"
};
/// `words`: the first one in upper case.
RedisMeaning meaning_of(const std::vector<std::string>& words);

struct SqlMeaning {
  enum class Kind { session, read, write, begin, commit, rollback } kind = Kind::write;
  bool is_serializable = false;  // a BEGIN or SET that asks for more than read committed
  std::vector<search::Touch> touches;
  std::string label;  // the statement without its values
  /// What each row of its only table has to fulfil to be touched; a parameter's number behind
  /// `parameter_mark`.
  std::vector<std::pair<std::string, std::string>> conditions = {};
};
inline constexpr char parameter_mark = '\x01';
/// What a statement says of rows: the table, and what columns have to equal.
struct NamedRows {
  std::string table;
  std::vector<std::pair<std::string, std::string>> conditions;
};
/// As the item of a touch, and back. Whether the columns name a row, only the database knows.
std::string item_of(const NamedRows& rows);
NamedRows named_rows(const std::string& item);
/// A statement's touches with its conditions, where these are on values that are known.
std::vector<search::Touch> named_touches(const SqlMeaning& statement,
                                         const std::vector<std::optional<std::string>>& parameters);

/// Of each statement in the text, by PostgreSQL's own parser. One that cannot be parsed is a write
/// of everything.
std::vector<SqlMeaning> meaning_of_sql(const std::string& text);

}  // namespace cacherace::drive
