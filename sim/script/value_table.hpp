#pragma once
// The texts and tables behind values.

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_map.hpp>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/units.hpp"
#include "sim/core/value.hpp"

namespace cacherace::script {

/// A member of a table, in the order of keys: integers, then texts, then truth values.
struct Member {
  Value key, value;
  bool operator==(const Member&) const = default;
};

/// Equal texts and equal tables have equal words. What is here stays. O(size) per call.
class Values {
 public:
  Value text(std::string_view text);
  /// Members in any order, no key twice.
  Value table(std::vector<Member> members);

  std::string_view text_of(Value text) const { return texts_[text.number()]; }
  std::span<const Member> members(Value table) const { return tables_[table.number()].members; }
  /// The rows in a value, wherever they stand in it; each once. Valid until the next call.
  std::span<const Value> rows_in(Value value);
  /// About what it takes in a cache.
  Bytes bytes(Value value) const;

 private:
  struct Table {
    std::vector<Member> members;
    std::vector<Value> rows;
    Bytes bytes = 0;
  };
  bool less(Value a, Value b) const;

  std::deque<std::string> texts_;
  std::deque<Table> tables_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> by_text_;  // never iterated
  boost::unordered_multimap<std::uint64_t, std::uint32_t> by_digest_;   // of tables; likewise
  Value single_;
};

/// In plain words, the same in every run.
std::string shown_value(const Values& values, Value value);

}  // namespace cacherace::script
