#include "sim/live/postgres.hpp"

#include <fmt/format.h>
#include <utility>

#include "sim/core/utf8.hpp"
#include "sim/live/libraries.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::live {
namespace {

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// What has arrived becomes part of the reply; false when the connection has gone.
bool take(PGresult* result, PostgresReply& reply) {
  const ExecStatusType status = libpq().PQresultStatus(result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
    reply.tag = libpq().PQcmdStatus(result);
    reply.rows.clear();
    for (int row = 0; row < libpq().PQntuples(result); ++row) {
      auto& fields = reply.rows.emplace_back();
      for (int column = 0; column < libpq().PQnfields(result); ++column) {
        fields.emplace_back();
        if (libpq().PQgetisnull(result, row, column) == 0)
          fields.back().emplace(libpq().PQgetvalue(result, row, column),
                                static_cast<std::size_t>(libpq().PQgetlength(result, row, column)));
      }
    }
  } else if (status != PGRES_EMPTY_QUERY) {
    const char* text = libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char* code = libpq().PQresultErrorField(result, PG_DIAG_SQLSTATE);
    reply.error = without_line_end(text != nullptr ? text : libpq().PQresultErrorMessage(result));
    reply.code = code != nullptr ? code : "";
    if (code == nullptr) return false;
  }
  return true;
}

}  // namespace

PostgresConnection::PostgresConnection(pg_conn* connection)
    : connection_(connection, libpq().PQfinish) {}
PostgresConnection::PostgresConnection(PostgresConnection&&) noexcept = default;
PostgresConnection& PostgresConnection::operator=(PostgresConnection&&) noexcept = default;
PostgresConnection::~PostgresConnection() = default;

Result<PostgresConnection> PostgresConnection::open(const std::string& dsn) {
  // Keywords after the user's own are defaults, not orders: `dbname` is expanded first.
  const char* const keywords[] = {"connect_timeout", "fallback_application_name", "dbname",
                                  nullptr};
  const char* const values[] = {"5", "cacherace", dsn.c_str(), nullptr};
  try {
    libpq();
  } catch (const NoLibrary& missing) {
    return trouble(missing.what());
  }
  pg_conn* raw = libpq().PQconnectdbParams(keywords, values, 1);
  if (raw == nullptr) throw std::bad_alloc();
  PostgresConnection connection(raw);
  if (libpq().PQstatus(raw) != CONNECTION_OK)
    return trouble("PostgreSQL cannot be reached: " +
                   printable(without_line_end(libpq().PQerrorMessage(raw))));
  libpq().PQsetNoticeProcessor(raw, [](void*, const char*) {}, nullptr);
  return connection;
}

Result<void> PostgresConnection::send(const std::string& statements) {
  if (libpq().PQsendQuery(raw(), statements.c_str()) == 0 || libpq().PQflush(raw()) != 0)
    return trouble("PostgreSQL has gone: " + without_line_end(libpq().PQerrorMessage(raw())));
  return {};
}

bool PostgresConnection::is_done() {
  return libpq().PQconsumeInput(raw()) == 0 || libpq().PQisBusy(raw()) == 0;
}

Result<PostgresReply> PostgresConnection::finish() {
  PostgresReply reply;
  bool there = true;
  while (PGresult* result = libpq().PQgetResult(raw())) {
    there = take(result, reply) && there;
    libpq().PQclear(result);
  }
  if (!there || libpq().PQstatus(raw()) != CONNECTION_OK)
    return trouble("PostgreSQL has gone: " + without_line_end(libpq().PQerrorMessage(raw())));
  return reply;
}

Result<PostgresReply> PostgresConnection::ask(const std::string& statements) {
  if (auto sent = send(statements); !sent) return sent.error();
  return finish();
}

Result<PostgresReply> PostgresConnection::ask(
    const std::string& statement, const std::vector<std::optional<std::string>>& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters)
    values.push_back(parameter ? parameter->c_str() : nullptr);
  if (libpq().PQsendQueryParams(raw(), statement.c_str(), static_cast<int>(values.size()), nullptr,
                                values.data(), nullptr, nullptr, 0) == 0)
    return trouble("PostgreSQL has gone: " + without_line_end(libpq().PQerrorMessage(raw())));
  return finish();
}

int PostgresConnection::process_id() const { return libpq().PQbackendPID(connection_.get()); }
int PostgresConnection::server_version() const {
  return libpq().PQserverVersion(connection_.get());
}

std::string PostgresConnection::quoted(const std::string& text) const {
  char* out = libpq().PQescapeLiteral(connection_.get(), text.data(), text.size());
  if (out == nullptr) throw std::bad_alloc();
  std::string quoted = out;
  libpq().PQfreemem(out);
  return quoted;
}

}  // namespace cacherace::live
