#include "sim/live/replay/row_versions.hpp"

#include <charconv>

namespace cacherace::live {
namespace {

std::uint64_t number_of(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::string RowVersions::wrote(const LiveStep& step, const std::string& real) {
  const std::string row_name = step.arg("row");
  Row& row = rows_[row_name];
  if (step.effect == "db.begin") open_[step.client] = {row_name, real};
  const std::string named = step.arg("version");
  if (number_of(real) + row.rolled_back != number_of(named)) return real;
  row.names[real] = named;
  return named;
}

std::string RowVersions::name_of(const std::string& row, const std::string& real) const {
  const auto found = rows_.find(row);
  if (found == rows_.end()) return real;
  const auto name = found->second.names.find(real);
  return name == found->second.names.end() ? real : name->second;
}

void RowVersions::crashed(const std::string& client) {
  const auto open = open_.find(client);
  if (open == open_.end()) return;
  Row& row = rows_[open->second.first];
  row.names.erase(open->second.second);
  ++row.rolled_back;
  open_.erase(open);
}

}  // namespace cacherace::live
