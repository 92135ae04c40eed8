#include "tests/rules/model/race.hpp"

namespace cacherace::rules {
namespace {

std::string us(Time time) { return "\"" + std::to_string(time) + "us\""; }
std::string latency(Range range) {
  if (range.max == never) return R"({"exponential": "1ms"})";
  return "\"" + std::to_string(range.min) + "us.." + std::to_string(range.max) + "us\"";
}
std::string flag(bool value) { return value ? "true" : "false"; }

std::string lock_json(const Lock& lock) {
  return R"({"lock": {"ttl": )" + (lock.ttl == never ? "\"none\"" : us(lock.ttl)) +
         R"(, "wait": )" + us(lock.wait) + R"(, "give_up": )" + us(lock.give_up) +
         R"(, "release": ")" + (lock.checked ? "checked" : "unchecked") + "\"}}";
}

std::string read_json(const Strategy& s) {
  switch (s.read) {
    case Read::plain:
      return "\"plain\"";
    case Read::direct:
      return "\"direct\"";
    case Read::swr: {
      const std::string lock =
          s.load == Load::lock ? "" : ", \"refresh_lock\": " + us(s.refresh_lock);
      return R"({"stale-while-revalidate": {"soft": )" + us(s.soft) + R"(, "hard": )" + us(s.hard) +
             lock + "}}";
    }
    case Read::refresh_ahead: {
      const std::string lock =
          s.load == Load::lock ? "" : ", \"refresh_lock\": " + us(s.refresh_lock);
      return R"({"refresh-ahead": {"threshold": 0.5)" + lock + "}}";
    }
    case Read::xfetch:
      return "\"xfetch\"";
    case Read::stale_if_error:
      return R"({"stale-if-error": {"keep": )" + us(s.keep) + "}}";
  }
  return "";
}

std::string load_json(const Strategy& s) {
  switch (s.load) {
    case Load::every_reader:
      return "\"every-reader\"";
    case Load::single_flight:
      return R"({"single-flight": {"processes": )" + std::to_string(s.flight_processes) +
             R"(, "forget": )" + flag(s.forget) + "}}";
    case Load::lock:
      return lock_json(s.lock);
    case Load::lease: {
      std::string text = R"({"lease": {"rate": )" + us(s.rate) + R"(, "token_ttl": )" +
                         us(s.token_ttl) + R"(, "refused": ")";
      text += s.refused == Refused::retry  ? "retry"
              : s.refused == Refused::load ? "load"
                                           : "give-up";
      text += "\"";
      if (s.refused == Refused::retry)
        text += R"(, "wait": )" + us(s.lease_wait) + R"(, "give_up": )" + us(s.lease_give_up);
      if (s.stale != never) text += ", \"stale\": " + us(s.stale);
      return text + "}}";
    }
    case Load::read_through:
      return R"({"read-through": {"nodes": 2}})";
  }
  return "";
}

std::string fill_json(const Strategy& s) {
  switch (s.fill) {
    case Fill::set:
      return s.load == Load::lease ? "\"lease-set\"" : "\"set\"";
    case Fill::set_then_expire:
      return "\"set-then-expire\"";
    case Fill::add:
      return "\"add\"";
    case Fill::set_if_newer:
      return s.tombstones == never
                 ? "\"set-if-newer\""
                 : R"({"set-if-newer": {"tombstones": )" + us(s.tombstones) + "}}";
    case Fill::generation:
      return "\"generation\"";
  }
  return "";
}

std::string write_json(const Strategy& s) {
  switch (s.write) {
    case Write::delete_after:
      return "\"delete-after\"";
    case Write::delete_before:
      return "\"delete-before\"";
    case Write::set_after:
      return std::string(R"({"set-after": {"ttl": ")") +
             (s.store_ttl == StoreTtl::fresh  ? "new"
              : s.store_ttl == StoreTtl::keep ? "keep"
                                              : "none") +
             "\"}}";
    case Write::none:
      return "\"none\"";
    case Write::double_delete:
      return std::string(R"({"double-delete": {"first": ")") +
             (s.first_before ? "before" : "after") + R"(", "timer": ")" +
             (s.durable_timer ? "durable" : "process") + R"(", "delay": )" + us(s.delay) + "}}";
    case Write::in_transaction:
      return "\"delete-in-transaction\"";
    case Write::write_through: {
      const auto lock = lock_json(s.lock);
      return std::string(R"({"write-through": {"order": ")") +
             (s.cache_first ? "cache-first" : "database-first") + "\"" +
             (s.through_lock ? ", " + lock.substr(1, lock.size() - 2) : "") + "}}";
    }
    case Write::write_behind:
      return std::string(R"({"write-behind": {"queue": ")") +
             (s.durable_queue ? "durable" : "volatile") + R"(", "interval": )" + us(s.interval) +
             R"(, "batch": )" + std::to_string(s.batch) + R"(, "coalesce": )" + flag(s.coalesce) +
             "}}";
    case Write::bump_version:
      return std::string(R"({"bump-version": {"seed": ")") + (s.seed_one ? "one" : "random") +
             "\"}}";
    case Write::delete_by_keys:
      return "\"delete-by-keys\"";
    case Write::delete_by_scan:
      return "\"delete-by-scan\"";
    case Write::cdc:
      return R"({"cdc": {"lag": )" + us(s.lag) + "}}";
  }
  return "";
}

std::string expiry_json(const Strategy& s) {
  std::string text;
  if (s.ttl != never) text += "\"ttl\": " + us(s.ttl);
  if (s.jitter != 0)
    text += (text.empty() ? "" : ", ") + ("\"jitter\": \"" + std::to_string(s.jitter) + "%\"");
  if (s.negative != never) text += (text.empty() ? "" : ", ") + ("\"negative\": " + us(s.negative));
  return text.empty() ? "\"none\"" : "{" + text + "}";
}

std::string guards_json(const Strategy& s) {
  std::vector<std::string> guards;
  if (s.bloom) guards.emplace_back(R"({"bloom-filter": {"bits": 100000}})");
  if (s.hold_off) guards.push_back(R"({"hold-off": {"for": )" + us(s.hold_for) + "}}");
  if (s.marker) guards.push_back(R"({"remote-marker": {"ttl": )" + us(s.mark_ttl) + "}}");
  if (s.local)
    guards.push_back(R"({"local-cache": {"processes": )" + std::to_string(s.local_processes) +
                     R"(, "ttl": )" + us(s.local_ttl) + R"(, "message": )" + us(s.message) +
                     R"(, "first": ")" + (s.local_first ? "local" : "shared") +
                     R"(", "disconnect": ")" + (s.keep_copies ? "keep" : "flush") + "\"}}");
  std::string text;
  for (const auto& guard : guards) text += (text.empty() ? "" : ", ") + guard;
  return "[" + text + "]";
}

std::string operation_text(const Operation& operation, const std::string& names) {
  switch (operation.what) {
    case Do::read:
      return "read " + name(operation.key, names);
    case Do::write:
      return "write " + name(operation.key, names);
    case Do::evict:
      return "evict " + name(operation.key, names);
    case Do::flush:
      return "flush";
    case Do::restart:
      return "cache-restart";
  }
  return "";
}

std::string strategy_json(const Strategy& s) {
  std::string text = "{";
  if (s.read != Read::plain) text += "\"read\": " + read_json(s) + ", ";
  if (s.load != Load::every_reader) text += "\"load\": " + load_json(s) + ", ";
  if (s.fill != Fill::set) text += "\"fill\": " + fill_json(s) + ", ";
  if (expiry_json(s) != "\"none\"") text += "\"expiry\": " + expiry_json(s) + ", ";
  if (guards_json(s) != "[]") text += "\"guards\": " + guards_json(s) + ", ";
  return text + "\"write\": " + write_json(s) + "}";
}

}  // namespace

std::string name(Key key, const std::string& row_names) {
  std::string text(1, row_names[static_cast<std::size_t>(key.row)]);
  if (key.aggregate != 0) text += "#" + std::to_string(key.aggregate);
  return text;
}

std::string to_json(const Race& race, const std::string& expect) {
  std::string text = "{";
  if (race.timed) text += R"("cache": {"latency": )" + latency(race.cache) + "},\n ";
  text += R"("database": {"read": )" + latency(race.read) + R"(, "write": )" + latency(race.write);
  if (race.replicas != 0)
    text += R"(, "replicas": {"count": )" + std::to_string(race.replicas) + R"(, "lag": )" +
            latency(race.replica_lag) + "}";
  text += "},\n ";
  if (race.groups != 0 || race.derived) {
    text += "\"keys\": {\"count\": 100";
    if (race.groups != 0) text += ", \"groups\": " + std::to_string(race.groups);
    if (race.derived)
      text += R"(, "derived": {"per_key": 2, "known": )" + std::to_string(race.known) + "}";
    text += "},\n ";
  }
  text += "\"strategies\": {\"s\": " + strategy_json(race.strategy) + "},\n ";
  text += "\"race\": {\"clients\": [";
  for (std::size_t i = 0; i < race.clients.size(); ++i) {
    text += (i == 0 ? "" : ",\n  ") +
            ("{\"name\": \"" + race.client_name + std::to_string(i) + "\", \"do\": [");
    for (std::size_t j = 0; j < race.clients[i].size(); ++j)
      text += (j == 0 ? "\"" : ", \"") + operation_text(race.clients[i][j], race.row_names) + "\"";
    text += "]}";
  }
  text += "],\n  \"start\": {";
  std::string starts;
  std::vector<bool> touched(race.rows.size());
  for (const auto& client : race.clients)
    for (const auto& operation : client)
      if (operation.what != Do::flush && operation.what != Do::restart)
        touched[static_cast<std::size_t>(operation.key.row)] = true;
  for (std::size_t i = 0; i < race.rows.size(); ++i) {
    if (!touched[i] || race.rows[i] == Start::cold) continue;
    starts += (starts.empty() ? "\"" : ", \"") + name(Key{static_cast<int>(i)}, race.row_names) +
              (race.rows[i] == Start::warm ? "\": \"warm\"" : "\": \"absent\"");
  }
  for (const auto& key : race.warm)
    starts += (starts.empty() ? "\"" : ", \"") + name(key, race.row_names) + "\": \"warm\"";
  text += starts + "}";
  if (race.timed) text += R"(, "timing": "latencies", "pause_max": )" + us(race.pause_max);
  const std::array<const char*, 5> names{"crash", "evict", "lose", "flush", "cache-restart"};
  text += R"(, "faults": {)";
  std::string faults;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (race.faults[i] != 0)
      faults += (faults.empty() ? "\"" : ", \"") + std::string(names[i]) +
                "\": " + std::to_string(race.faults[i]);
  text += faults + "}}";
  if (!expect.empty()) text += ",\n \"expect\": {\"s\": " + expect + "}";
  return text + "}\n";
}

}  // namespace cacherace::rules
