#pragma once
// What the database's catalog says of tables: which statements touch no more than they name.

#include <map>
#include <string>
#include <vector>

#include "sim/live/postgres.hpp"
#include "sim/search/rerun.hpp"

namespace cacherace::drive {

class Tables {
 public:
  struct Facts {
    bool reads_itself = false;     // a plain table: no view, partition or policy
    bool writes_itself = false;    // no trigger, foreign key, rule or function of the user's
    std::string key, key_type;     // its primary key, where that is one column
    bool is_unique_alone = false;  // no other column has to be unique
  };

  /// Reads the catalog. Fails when the connection does.
  Result<void> learn(live::PostgresConnection& connection);
  void add(const std::string& table, const Facts& facts);

  /// What statements that name these touches may touch at most: a row, a table, or everything.
  /// A table that is not known may be anything.
  std::vector<search::Touch> widened(const std::vector<search::Touch>& named) const;

 private:
  search::Touch widened(const search::Touch& named) const;

  std::map<std::string, Facts> facts_;  // by name, whatever the schema
};

}  // namespace cacherace::drive
