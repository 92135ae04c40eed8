#pragma once
// Redis and PostgreSQL servers of our own: on sockets in a temporary folder, gone when we are.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sim/live/keeper.hpp"

namespace cacherace::live {

/// How long a server may take until it answers.
inline constexpr std::chrono::seconds usual_start{60};

/// A redis-server without persistence, that listens on a socket only.
class EmbeddedRedis {
 public:
  /// Starts one, and waits until it answers. `settings` as on its command line, without persistence
  /// if "". Fails where none is installed, with what to install.
  static Result<EmbeddedRedis> start(const std::vector<std::string>& settings = {},
                                     std::chrono::milliseconds within = usual_start);

  const std::string& socket() const { return socket_; }
  const std::string& version() const { return version_; }  // "7.0.15"

 private:
  TemporaryFolder folder_;
  std::string socket_, version_;
  std::unique_ptr<Kept> process_;  // ends before its folder goes
};

/// A PostgreSQL server without fsync, that listens on a socket only, with the superuser `postgres`,
/// who needs no password, and a database of that name. Where we are root it runs as the user
/// `postgres` or `nobody`.
class EmbeddedPostgres {
 public:
  static Result<EmbeddedPostgres> start(std::chrono::milliseconds within = usual_start);

  const std::string& socket() const { return socket_; }    // "…/.s.PGSQL.5432"
  const std::string& dsn() const { return dsn_; }          // for libpq
  const std::string& version() const { return version_; }  // "15.18"

 private:
  TemporaryFolder folder_;
  std::string socket_, dsn_, version_;
  std::unique_ptr<Kept> process_;
};

}  // namespace cacherace::live
