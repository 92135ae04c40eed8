#pragma once
// A command or batch of statements that an application has sent: what is ordered.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/search/rerun.hpp"

namespace cacherace::drive {

enum class Store : std::uint8_t { redis, postgres };

/// One Redis command (MULTI to EXEC is one), one PostgreSQL batch up to its Sync or one Query, or a
/// message of Redis to a subscriber.
struct Unit {
  enum class State : std::uint8_t { arrived, forwarded, answered, delivered };

  Store store = Store::redis;
  State state = State::arrived;
  bool passes = false;   // has no effect that others could see: forwarded and delivered at once
  bool is_push = false;  // came from the server, unasked
  std::string label;     // command and keys, or the statement without its values
  std::string shown;     // as it was sent, shortened
  std::string answer;    // as it is shown
  std::uint64_t answer_digest = 0;
  std::vector<search::Touch> named;    // what it says itself
  std::vector<search::Touch> touches;  // what it may touch, by what is known of the database
  std::optional<std::size_t> owner;    // which request has sent it
  std::size_t connection = 0;          // numbered in the order of their opening
  int backend = 0;                     // PostgreSQL's process that serves the connection
  bool may_forward = false, may_deliver = false;
  bool was_blocked = false;  // by a lock that another connection holds
};

/// How much of a command or answer is shown.
inline constexpr std::size_t shown_length = 100;
/// `text` with each run of blanks and ends of lines as one blank.
std::string one_line(const std::string& text);
/// `text` printable, and cut after so many bytes.
std::string shortened(const std::string& text, std::size_t length = shown_length);

}  // namespace cacherace::drive
