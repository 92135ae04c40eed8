#include "tests/script/fake_server.hpp"

#include <cstdlib>

namespace cacherace::test {

using script::Call;
using script::Only;
using script::Request;

std::string shown(const script::Values& values, Value value) {
  switch (value.kind()) {
    case Value::Kind::nil:
      return "nil";
    case Value::Kind::boolean:
      return value.as_boolean() ? "true" : "false";
    case Value::Kind::integer:
      return std::to_string(value.as_integer());
    case Value::Kind::row:
      return FakeServer::name_of_row(value.key()) + "/" + std::to_string(value.version());
    case Value::Kind::token:
      return "token";
    case Value::Kind::text:
      return "\"" + std::string(values.text_of(value)) + "\"";
    case Value::Kind::table:
      break;
  }
  std::string text = "{";
  for (const auto& [key, member] : values.members(value))
    text += " " + shown(values, key) + "=" + shown(values, member);
  return text + " }";
}

Value FakeServer::row(const std::string& name, Version version) const {
  return Value::row(static_cast<Key>(std::atoi(name.c_str() + 1)), version);
}

bool FakeServer::ready(const Request& request, std::uint32_t client) const {
  if (request.call == Call::memory_await) return !memory_.contains(text(request.name));
  if (request.call != Call::memory_lock) return true;
  const auto held = locks_.find(text(request.name));
  return held == locks_.end() || held->second == client;
}

std::vector<Value> FakeServer::answer(const Request& request, std::uint32_t client) {
  const std::string name = request.name.is_nil() ? "" : text(request.name);
  const auto truth = [](bool value) { return std::vector{Value::boolean(value)}; };
  const auto entry = cache_.find(name);
  const bool there = entry != cache_.end();
  switch (request.call) {
    case Call::cache_get:
      if (!there) return {Value{}, Value::boolean(false)};
      return {entry->second.value, Value::boolean(entry->second.soft)};
    case Call::cache_set: {
      if (request.only == Only::absent && there) return truth(false);
      if (request.only == Only::present && !there) return truth(false);
      const bool timed = request.keeps_ttl ? there && entry->second.timed : request.ttl.has_value();
      cache_[name] = {.value = request.value, .soft = request.soft.has_value(), .timed = timed};
      return truth(true);
    }
    case Call::cache_del:
      return truth(cache_.erase(name) != 0);
    case Call::cache_set_ttl:
      if (there) entry->second.timed = request.ttl.has_value();
      return truth(there);
    case Call::cache_flush:
      cache_.clear();
      return {};
    case Call::publish:
      return {Value::integer(1)};
    case Call::db_read: {
      const auto mine = transactions_.find(client);
      if (mine != transactions_.end() && mine->second.written.contains(name))
        return {row(name, mine->second.written.at(name))};
      const auto found = rows_.find(name);
      return {found == rows_.end() ? Value{} : row(name, found->second)};
    }
    case Call::db_write: {
      const Version now = rows_.contains(name) ? rows_.at(name) : 0;
      if (request.if_version && *request.if_version != now) return {Value{}};
      const auto mine = transactions_.find(client);
      if (mine != transactions_.end())
        mine->second.written[name] = now + 1;
      else
        rows_[name] = now + 1;
      return {row(name, now + 1)};
    }
    case Call::db_delete:
      return truth(rows_.erase(name) != 0);
    case Call::db_begin:
      transactions_[client] = {};
      return {};
    case Call::db_commit:
      for (const auto& [key, version] : transactions_[client].written) rows_[key] = version;
      transactions_.erase(client);
      return {};
    case Call::db_roll_back:
      transactions_.erase(client);
      return {};
    case Call::memory_get:
      return {memory_.contains(name) ? memory_.at(name) : Value{}};
    case Call::memory_set:
      if (request.value.is_nil())
        memory_.erase(name);
      else
        memory_[name] = request.value;
      return {};
    case Call::memory_del:
      return truth(memory_.erase(name) != 0);
    case Call::memory_lock:
      locks_[name] = client;
      return {};
    case Call::memory_unlock: {
      const auto held = locks_.find(name);
      if (held == locks_.end() || held->second != client) return truth(false);
      locks_.erase(held);
      return truth(true);
    }
    case Call::cache_exec:  // nothing changes what is watched
      return truth(true);
    case Call::cache_block:
    case Call::db_block:
    case Call::memory_block:
    case Call::memory_await:
    case Call::block_end:
    case Call::sleep:
    case Call::cache_ttl:
    case Call::cache_names:
    case Call::choose:
      return {};
  }
  return {};
}

std::string FakeServer::shown() const {
  std::string text;
  for (const auto& [name, entry] : cache_)
    text += name + ":" + test::shown(*values_, entry.value) + (entry.soft ? "s" : "") +
            (entry.timed ? "t" : "") + " ";
  text += "| ";
  for (const auto& [name, version] : rows_) text += name + ":" + std::to_string(version) + " ";
  text += "| ";
  for (const auto& [name, value] : memory_) text += name + ":" + test::shown(*values_, value) + " ";
  text += "| ";
  for (const auto& [name, client] : locks_) text += name + ":" + std::to_string(client) + " ";
  for (const auto& [client, transaction] : transactions_) {
    text += "| " + std::to_string(client) + " ";
    for (const auto& [name, version] : transaction.written)
      text += name + ":" + std::to_string(version) + " ";
  }
  return text;
}

}  // namespace cacherace::test
