#pragma once
// Collects what is wrong with a file while its decoding goes on.

#include <span>
#include <string>
#include <string_view>

#include "sim/core/result.hpp"
#include "sim/json/node.hpp"

namespace cacherace::json {

class Collector {
 public:
  /// `file` is what messages call the input.
  explicit Collector(std::string_view file) : file_(file) {}

  void add(Problem::Kind kind, Place place, std::string pointer, std::string fact, std::string fix);

  /// Two kinds of trouble with the value `at`; the place is the value's.
  void shape(const Node& at, std::string fact, std::string fix = {});
  void meaning(const Node& at, std::string fact, std::string fix = {});

  /// Shape: `expected <wanted>, found <value>`, with `example` (JSON) as the fix.
  void mismatch(const Node& at, std::string_view wanted, std::string_view example);

  /// Shape: `unknown <what> "<text>"`, with the nearest of `known` or all of them as the fix.
  void unknown_value(const Node& at, std::string_view what,
                     std::span<const std::string_view> known);

  /// The same for the key of `member`; the place is the key's.
  void unknown_key(const Node& member, std::string_view what,
                   std::span<const std::string_view> known);

  bool empty() const { return problems_.empty(); }

  /// True when nothing is wrong with the value `at` or anything in it. O(problems).
  bool clean(const Node& at) const;

  /// Everything collected, in the order of the text.
  Problems take();

 private:
  bool full() const;

  std::string file_;
  Problems problems_;  // in the order of the text, at most a thousand
};

/// `text` in double quotes as JSON, cut after 40 code points; for messages.
std::string in_quotes(std::string_view text);

/// `did you mean "x"?` when one of `known` is near, else `choose one of "x", "y"`, else "".
std::string suggestion(std::string_view text, std::span<const std::string_view> known);

}  // namespace cacherace::json
