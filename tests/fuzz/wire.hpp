#pragma once
// What the proxies read from applications and servers, as functions of bytes.

#include <string>
#include <string_view>

namespace cacherace::fuzz {

/// Like Reader::read. The promises: bytes are read at a size within them, which more bytes do not
/// change, or they are BadBytes with a reason; and a statement that says INSERT is never a read.
std::string read_resp(std::string_view bytes);
std::string read_postgres_wire(std::string_view bytes);
std::string read_sql(std::string_view bytes);

}  // namespace cacherace::fuzz
