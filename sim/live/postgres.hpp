#pragma once
// One connection to a PostgreSQL server, for statements of our own; one at a time.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/result.hpp"

struct pg_conn;

namespace cacherace::live {

struct PostgresReply {
  std::string tag;                                            // "UPDATE 1"
  std::vector<std::vector<std::optional<std::string>>> rows;  // of the last statement
  std::string error;                                          // "" where it went well
  std::string code;                                           // of the error: "40001"
};

class PostgresConnection {
 public:
  /// `dsn` as libpq takes it: `postgresql://…` or `host=… dbname=…`.
  static Result<PostgresConnection> open(const std::string& dsn);
  PostgresConnection(PostgresConnection&&) noexcept;
  PostgresConnection& operator=(PostgresConnection&&) noexcept;
  ~PostgresConnection();

  /// One or more statements, separated by `;`. A failure only when the server has gone.
  Result<PostgresReply> ask(const std::string& statements);
  /// One statement with parameters $1, $2….
  Result<PostgresReply> ask(const std::string& statement,
                            const std::vector<std::optional<std::string>>& parameters);
  /// Sends without waiting; `is_done` says whether the reply is there, `finish` waits for it.
  Result<void> send(const std::string& statements);
  bool is_done();
  Result<PostgresReply> finish();

  int process_id() const;      // of the backend, as in pg_blocking_pids
  int server_version() const;  // 150018
  std::string quoted(const std::string& text) const;
  pg_conn* raw() const { return connection_.get(); }

 private:
  explicit PostgresConnection(pg_conn* connection);

  std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_;
};

}  // namespace cacherace::live
