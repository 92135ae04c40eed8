#pragma once
// The protocol of PostgreSQL, version 3: from bytes to messages.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/drive/wire/resp.hpp"

namespace cacherace::drive {

/// The first message of a connection, which has no type.
struct Startup {
  enum class Kind { session, ssl, gss, cancel } kind = Kind::session;
  std::size_t size = 0;
  std::vector<std::pair<std::string, std::string>> parameters;  // of a session
};
/// Nothing while it is not all there. Throws BadBytes.
std::optional<Startup> first_startup(std::string_view bytes);

struct Message {
  char type = 0;
  std::string_view body;  // of the bytes that were given
  std::size_t size = 0;   // with type and length
};
/// Likewise for all that follows, in both directions.
std::optional<Message> first_message(std::string_view bytes);

/// Of a Query: the statements.
std::string query_text(const Message& message);

struct Parse {
  std::string name, text;
};
Parse parse_of(const Message& message);

struct Bind {
  std::string portal, statement;
  std::vector<std::optional<std::string>> parameters;  // as they were sent
  std::vector<bool> is_binary;                         // of each
};
Bind bind_of(const Message& message);

/// Of Execute: the portal. Of Close and Describe: "S" or "P" and the name.
std::string execute_of(const Message& message);
std::pair<char, std::string> named_of(const Message& message);

/// Of ReadyForQuery: 'I', 'T' or 'E'.
char transaction_state(const Message& message);
/// Of CommandComplete: "UPDATE 1".
std::string tag_of(const Message& message);
/// Of ErrorResponse: the field of this letter, 'M' the message, 'C' the code.
std::string error_field(const Message& message, char field);
/// Of DataRow: its fields, as they were sent.
std::vector<std::optional<std::string>> row_of(const Message& message);

}  // namespace cacherace::drive
