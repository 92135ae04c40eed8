#include "sim/live/redis.hpp"

#include <fmt/format.h>
#include <charconv>
#include <utility>

#include "sim/core/utf8.hpp"
#include "sim/live/libraries.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::live {
namespace {

RedisReply to_reply(const redisReply& from) {
  RedisReply out;
  switch (from.type) {
    case REDIS_REPLY_STATUS:
      out.kind = RedisReply::Kind::status;
      out.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      out.kind = RedisReply::Kind::error;
      out.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      out.kind = RedisReply::Kind::integer;
      out.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
      out.kind = RedisReply::Kind::text;
      out.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ARRAY:
      out.kind = RedisReply::Kind::list;
      for (std::size_t i = 0; i < from.elements; ++i)
        out.list.push_back(to_reply(*from.element[i]));
      break;
    default:
      break;
  }
  return out;
}

// The parts of redis://[[user]:password@]host[:port][/database]; a text without "://" is a socket.
struct Address {
  std::string socket, user, password, host = "127.0.0.1", database;
  int port = 6379;
};

Result<Address> parse_address(const std::string& where) {
  Address out;
  const auto scheme = where.find("://");
  if (scheme == where.npos) {
    out.socket = where;
    return out;
  }
  if (where.starts_with("rediss://"))
    return trouble(fmt::format("\"{}\" asks for TLS, which is not supported", printable(where)),
                   "name a server without TLS, or a tunnel to it");
  if (where.starts_with("unix://")) {
    out.socket = where.substr(scheme + 3);
    return out;
  }
  const std::string fix = "write redis://[[user]:password@]host[:port][/database]";
  if (!where.starts_with("redis://"))
    return trouble(fmt::format("\"{}\" is no address of a Redis server", printable(where)), fix);
  std::string rest = where.substr(scheme + 3);
  if (const auto slash = rest.find('/'); slash != rest.npos) {
    out.database = rest.substr(slash + 1);
    rest.resize(slash);
  }
  if (const auto at = rest.rfind('@'); at != rest.npos) {
    const auto colon = rest.find(':');
    if (colon == rest.npos || colon > at) return trouble("no password before \"@\"", fix);
    out.user = rest.substr(0, colon);
    out.password = rest.substr(colon + 1, at - colon - 1);
    rest.erase(0, at + 1);
  }
  if (const auto colon = rest.rfind(':'); colon != rest.npos) {
    const std::string_view port = std::string_view(rest).substr(colon + 1);
    const auto [end, wrong] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (wrong != std::errc{} || end != port.data() + port.size() || out.port < 1 ||
        out.port > 65535)
      return trouble(fmt::format("\"{}\" is no port", printable(port)), fix);
    rest.resize(colon);
  }
  if (!rest.empty()) out.host = rest;
  return out;
}

}  // namespace

std::string to_text(const RedisReply& reply) {
  switch (reply.kind) {
    case RedisReply::Kind::nothing:
      return "(nil)";
    case RedisReply::Kind::status:
      return printable(reply.text);
    case RedisReply::Kind::error:
      return "(error) " + printable(reply.text);
    case RedisReply::Kind::integer:
      return fmt::format("(integer) {}", reply.integer);
    case RedisReply::Kind::text:
      return fmt::format("\"{}\"", printable(reply.text));
    case RedisReply::Kind::list:
      break;
  }
  std::string out = "[";
  for (const RedisReply& element : reply.list)
    out += (out.size() > 1 ? ", " : "") + to_text(element);
  return out + "]";
}

RedisConnection::RedisConnection(redisContext* context) : context_(context, hiredis().redisFree) {}
RedisConnection::RedisConnection(RedisConnection&&) noexcept = default;
RedisConnection& RedisConnection::operator=(RedisConnection&&) noexcept = default;
RedisConnection::~RedisConnection() = default;

Result<RedisConnection> RedisConnection::open(const std::string& where,
                                              std::chrono::milliseconds timeout) {
  const auto address = parse_address(where);
  if (!address) return address.error();
  try {
    hiredis();
  } catch (const NoLibrary& missing) {
    return trouble(missing.what());
  }
  timeval limit{};
  limit.tv_sec = static_cast<time_t>(timeout.count() / 1000);
  limit.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
  redisContext* context =
      address->socket.empty()
          ? hiredis().redisConnectWithTimeout(address->host.c_str(), address->port, limit)
          : hiredis().redisConnectUnixWithTimeout(address->socket.c_str(), limit);
  if (context == nullptr) throw std::bad_alloc();
  RedisConnection connection(context);
  const std::string name = address->socket.empty()
                               ? fmt::format("{}:{}", address->host, address->port)
                               : address->socket;
  if (context->err != 0)
    return trouble(fmt::format("Redis at {} cannot be reached: {}", printable(name),
                               static_cast<const char*>(context->errstr)));
  hiredis().redisSetTimeout(context, limit);
  std::vector<std::vector<std::string>> greetings;
  if (!address->password.empty()) {
    greetings.push_back({"AUTH"});
    if (!address->user.empty()) greetings.back().push_back(address->user);
    greetings.back().push_back(address->password);
  }
  if (!address->database.empty()) greetings.push_back({"SELECT", address->database});
  for (const auto& words : greetings) {
    const auto reply = connection.ask(words);
    if (!reply) return reply.error();
    if (reply->kind == RedisReply::Kind::error)
      return trouble(fmt::format("Redis at {} refuses {}: {}", printable(name), words[0],
                                 printable(reply->text)));
  }
  return connection;
}

Result<RedisReply> RedisConnection::ask(const std::vector<std::string>& words) {
  std::vector<const char*> data;
  std::vector<std::size_t> sizes;
  for (const std::string& word : words) {
    data.push_back(word.data());
    sizes.push_back(word.size());
  }
  auto* reply = static_cast<redisReply*>(hiredis().redisCommandArgv(
      context_.get(), static_cast<int>(words.size()), data.data(), sizes.data()));
  if (reply == nullptr)
    return trouble(fmt::format("Redis did not answer {}: {}", words.at(0),
                               static_cast<const char*>(context_->errstr)));
  RedisReply out = to_reply(*reply);
  hiredis().freeReplyObject(reply);
  return out;
}

}  // namespace cacherace::live
