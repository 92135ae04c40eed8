#include "sim/live/embedded.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <thread>

#include "sim/live/postgres.hpp"
#include "sim/live/redis.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::live {
namespace {

using namespace std::chrono_literals;

// Calls `ready` until it is true; false when the process has ended or time is up.
template <typename Ready>
bool wait_until(Kept& process, std::chrono::milliseconds within, Ready ready) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (std::chrono::steady_clock::now() < end) {
    if (ready()) return true;
    if (!process.runs()) return false;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

Problems not_started(const std::string& name, std::chrono::milliseconds within, std::string said) {
  for (std::size_t at = said.find('\n'); at != said.npos; at = said.find('\n', at))
    said.replace(at, 1, " | ");
  return trouble(fmt::format("{} does not answer within {} s of its start: {}", name,
                             std::chrono::ceil<std::chrono::seconds>(within).count(), said));
}

// Where the distributions put PostgreSQL's programs, the newest version first.
std::vector<std::filesystem::path> postgres_folders() {
  std::vector<std::filesystem::path> out;
  for (int version = 30; version >= 12; --version)
    for (const char* pattern :
         {"/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin"})
      out.emplace_back(fmt::format(fmt::runtime(pattern), version));
  return out;
}

// Whom the server runs as, where we are root, as which it refuses to; nullptr where we are not.
const passwd* postgres_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user != nullptr ? user : ::getpwnam("nobody");
}

std::vector<std::string> as_user(const passwd* user, std::vector<std::string> words) {
  if (user != nullptr)
    words.insert(words.begin(), {"setpriv", fmt::format("--reuid={}", user->pw_uid),
                                 fmt::format("--regid={}", user->pw_gid), "--clear-groups"});
  return words;
}

// Of 150018: "15.18".
std::string version_text(int number) {
  return fmt::format("{}.{}", number / 10'000, number % 10'000);
}

}  // namespace

Result<EmbeddedRedis> EmbeddedRedis::start(const std::vector<std::string>& settings,
                                           std::chrono::milliseconds within) {
  const auto program = find_program("redis-server", {"/usr/sbin", "/usr/local/bin"});
  if (program.empty())
    return trouble("there is no redis-server on PATH",
                   "install it (Debian: redis-server), or name a server with --redis");
  EmbeddedRedis redis;
  redis.socket_ = (redis.folder_.path() / "redis.sock").string();
  const auto log = redis.folder_.path() / "log";
  Command command;
  command.words = {program.string(),
                   "--port",
                   "0",
                   "--unixsocket",
                   redis.socket_,
                   "--save",
                   "",
                   "--appendonly",
                   "no",
                   "--dir",
                   redis.folder_.path().string()};
  command.words.insert(command.words.end(), settings.begin(), settings.end());
  command.output = log;
  command.remove = redis.folder_.path();
  auto process = Kept::start(command);
  if (!process) return process.error();
  redis.process_ = std::make_unique<Kept>(std::move(*process));
  std::string version;
  const bool ready = wait_until(*redis.process_, within, [&] {
    if (!std::filesystem::exists(redis.socket_)) return false;
    auto connection = RedisConnection::open(redis.socket_);
    if (!connection) return false;
    const auto reply = connection->ask({"INFO", "server"});
    if (!reply || reply->kind != RedisReply::Kind::text) return false;
    const auto at = reply->text.find("redis_version:");
    version = reply->text.substr(at + 14, reply->text.find('\r', at) - at - 14);
    return true;
  });
  if (!ready) return not_started("redis-server", within, tail_of(log));
  redis.version_ = version;
  return redis;
}

Result<EmbeddedPostgres> EmbeddedPostgres::start(std::chrono::milliseconds within) {
  const auto initdb = find_program("initdb", postgres_folders());
  const auto server = find_program("postgres", postgres_folders());
  if (initdb.empty() || server.empty())
    return trouble(
        "there is no PostgreSQL server (initdb, postgres) on PATH or in /usr/lib/postgresql",
        "install it (Debian: postgresql), or name a server with --postgres");
  const passwd* user = postgres_user();
  EmbeddedPostgres postgres;
  const auto& folder = postgres.folder_.path();
  if (user != nullptr && ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
    return trouble(fmt::format("the folder {} cannot be given to the user {}", folder.string(),
                               user->pw_name));
  const auto data = (folder / "data").string();
  const auto log = folder / "log";
  // One shell for both: the server takes the place of initdb.
  Command command;
  command.words =
      as_user(user, {"/bin/sh", "-c",
                     R"("$1" --pgdata="$3" --username=postgres --auth=trust --no-sync --no-locale \
  --encoding=UTF8 && exec "$2" -D "$3" -k "$4" -c listen_addresses= -c fsync=off \
  -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=200 \
  -c deadlock_timeout=100ms -c shared_buffers=16MB)",
                     "sh", initdb.string(), server.string(), data, folder.string()});
  command.folder = folder;
  command.output = log;
  command.remove = folder;
  auto process = Kept::start(command);
  if (!process) return process.error();
  postgres.process_ = std::make_unique<Kept>(std::move(*process));
  postgres.socket_ = (folder / ".s.PGSQL.5432").string();
  postgres.dsn_ = fmt::format("host={} port=5432 user=postgres dbname=postgres", folder.string());
  int version = 0;
  const bool ready = wait_until(*postgres.process_, within, [&] {
    if (!std::filesystem::exists(postgres.socket_)) return false;
    auto connection = PostgresConnection::open(postgres.dsn_);
    if (!connection) return false;
    version = connection->server_version();
    return true;
  });
  if (!ready) return not_started("PostgreSQL", within, tail_of(log));
  postgres.version_ = version_text(version);
  return postgres;
}

}  // namespace cacherace::live
