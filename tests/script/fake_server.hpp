#pragma once
// The other side of a script in tests: a cache, rows and memory, as plain as they can be.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/script/request.hpp"
#include "sim/script/value_table.hpp"

namespace cacherace::test {

/// Answers requests at once. A value: searches copy it. Names and values are those of one script.
class FakeServer {
 public:
  explicit FakeServer(script::Values& values) : values_(&values) {}

  /// Whether the client can be answered now, or waits.
  bool ready(const script::Request& request, std::uint32_t client) const;
  /// Requires a request that is ready; not `choose`, which the caller answers.
  std::vector<Value> answer(const script::Request& request, std::uint32_t client);
  /// Everything that is there, in one line.
  std::string shown() const;

  /// Numbers of rows go by their names: "k0" is row 0.
  static std::string name_of_row(Key key) { return "k" + std::to_string(key); }

 private:
  struct Entry {
    Value value;
    bool soft = false, timed = false;
  };
  struct Transaction {
    std::map<std::string, Version> written;
  };
  using Names = std::map<std::string, Value>;

  Value row(const std::string& name, Version version) const;
  std::string text(Value name) const { return std::string(values_->text_of(name)); }

  script::Values* values_;
  std::map<std::string, Entry> cache_;
  std::map<std::string, Version> rows_;
  Names memory_;
  std::map<std::string, std::uint32_t> locks_;
  std::map<std::uint32_t, Transaction> transactions_;
};

/// In plain words: texts in quotes, tables with their members in order.
std::string shown(const script::Values& values, Value value);

}  // namespace cacherace::test
