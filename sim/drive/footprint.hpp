#pragma once
// What commands and statements read and write.

#include <string>
#include <string_view>
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
};
/// Of each statement in the text, by PostgreSQL's own parser. One that cannot be parsed is a write
/// of everything.
std::vector<SqlMeaning> meaning_of_sql(const std::string& text);

}  // namespace cacherace::drive
