#pragma once
// Versions of rows, up to renaming: a rolled back write uses up a version of the race, and none of
// the real row.

#include <map>
#include <string>

#include "sim/live/replay/live_step.hpp"

namespace cacherace::live {

class RowVersions {
 public:
  /// A write, in which the real row took the version `real`: what the race calls it.
  std::string wrote(const LiveStep& step, const std::string& real);
  /// What the race calls a version of the row.
  std::string name_of(const std::string& row, const std::string& real) const;
  void committed(const std::string& client) { open_.erase(client); }
  void crashed(const std::string& client);

 private:
  struct Row {
    std::map<std::string, std::string> names;  // by real version
    std::uint64_t rolled_back = 0;
  };
  std::map<std::string, Row> rows_;
  std::map<std::string, std::pair<std::string, std::string>> open_;  // client -> row, real version
};

}  // namespace cacherace::live
