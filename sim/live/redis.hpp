#pragma once
// One connection to a Redis server, for commands of our own; one command at a time.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/result.hpp"

struct redisContext;

namespace cacherace::live {

struct RedisReply {
  enum class Kind { nothing, status, error, integer, text, list };
  Kind kind = Kind::nothing;
  std::string text;  // of a status, an error or a text
  long long integer = 0;
  std::vector<RedisReply> list;

  bool operator==(const RedisReply&) const = default;
};
/// As redis-cli shows it: `(nil)`, `(integer) 1`, `"v1"`, `OK`, `(error) ERR …`.
std::string to_text(const RedisReply& reply);

class RedisConnection {
 public:
  /// To a unix socket, or to `redis://[[user]:password@]host[:port][/database]`.
  static Result<RedisConnection> open(const std::string& where,
                                      std::chrono::milliseconds timeout = std::chrono::seconds(5));
  RedisConnection(RedisConnection&&) noexcept;
  RedisConnection& operator=(RedisConnection&&) noexcept;
  ~RedisConnection();

  /// The reply, errors included; a failure when the server has gone or does not answer in time.
  Result<RedisReply> ask(const std::vector<std::string>& words);

 private:
  explicit RedisConnection(redisContext* context);

  std::unique_ptr<redisContext, void (*)(redisContext*)> context_;
};

}  // namespace cacherace::live
