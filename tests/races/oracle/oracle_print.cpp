#include <ostream>
#include <string>

#include "tests/races/oracle/oracle.hpp"

namespace cacherace::oracle {
namespace {

constexpr std::array<std::string_view, keys_max> keys{"a", "b"};

std::string seconds(int count) { return '"' + std::to_string(count) + "s\""; }

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string read(const Strategy& s) {
  switch (s.read) {
    case Read::plain:
      return R"("plain")";
    case Read::direct:
      return R"("direct")";
    case Read::stale_while_revalidate:
      return R"({ "stale-while-revalidate": { "soft": )" + seconds(s.soft) + R"(, "hard": )" +
             seconds(s.ttl) + " } }";
    case Read::refresh_ahead:
      return R"({ "refresh-ahead": { "threshold": "50%" } })";
    case Read::xfetch:
      return R"("xfetch")";
    case Read::stale_if_error:
      return R"({ "stale-if-error": { "keep": )" + seconds(s.soft) + " } }";
  }
  return "";
}

std::string lock_options(const Strategy& s) {
  return R"({ "ttl": )" + (s.lock_ttl == 0 ? quoted("none") : seconds(s.lock_ttl)) +
         R"(, "wait": "50ms", "give_up": "2s", "release": )" +
         quoted(s.checked ? "checked" : "unchecked") + " }";
}

std::string load(const Strategy& s) {
  switch (s.load) {
    case Load::every_reader:
      return R"("every-reader")";
    case Load::single_flight:
      return R"({ "single-flight": { "processes": )" + std::to_string(s.processes) +
             R"(, "forget": )" + (s.forget ? "true" : "false") + " } }";
    case Load::lock:
      return R"({ "lock": )" + lock_options(s) + " }";
    case Load::lease: {
      constexpr std::array<std::string_view, 3> refused{"retry", "load", "give-up"};
      return R"({ "lease": { "rate": )" + seconds(s.lease_rate) + R"(, "token_ttl": )" +
             seconds(s.lease_rate) + R"(, "refused": )" +
             quoted(refused[static_cast<std::size_t>(s.refused)]) +
             (s.lease_stale > 0 ? R"(, "stale": )" + seconds(s.lease_stale) : "") + " } }";
    }
    case Load::read_through:
      return R"("read-through")";
  }
  return "";
}

std::string fill(const Strategy& s) {
  constexpr std::array<std::string_view, 6> names{"set",          "set-then-expire", "add",
                                                  "set-if-newer", "generation",      "lease-set"};
  if (s.tombstones > 0)
    return R"({ "set-if-newer": { "tombstones": )" + seconds(s.tombstones) + " } }";
  return quoted(names[static_cast<std::size_t>(s.fill)]);
}

std::string write(const Strategy& s) {
  switch (s.write) {
    case Write::delete_after:
      return R"("delete-after")";
    case Write::delete_before:
      return R"("delete-before")";
    case Write::set_after:
      return R"("set-after")";
    case Write::none:
      return R"("none")";
    case Write::double_delete:
      return R"({ "double-delete": { "delay": "1s", "first": )" +
             quoted(s.first_after ? "after" : "before") + R"(, "timer": )" +
             quoted(s.durable ? "durable" : "process") + " } }";
    case Write::delete_in_transaction:
      return R"("delete-in-transaction")";
    case Write::write_through:
      return R"({ "write-through": { "order": )" +
             quoted(s.cache_first ? "cache-first" : "database-first") +
             (s.write_lock ? R"(, "lock": )" + lock_options(s) : "") + " } }";
    case Write::write_behind:
      return R"({ "write-behind": { "queue": )" + quoted(s.durable ? "durable" : "volatile") +
             R"(, "coalesce": )" + (s.coalesce ? "true" : "false") + " } }";
    case Write::bump_version:
      return R"({ "bump-version": { "seed": )" + quoted(s.seed_one ? "one" : "random") + " } }";
    case Write::cdc:
      return R"("cdc")";
  }
  return "";
}

std::string expiry(const Strategy& s) {
  std::string options;
  const auto add = [&](const char* name, const std::string& value) {
    options += (options.empty() ? " " : ", ") + quoted(name) + ": " + value;
  };
  if (s.ttl > 0 && s.read != Read::stale_while_revalidate) add("ttl", seconds(s.ttl));
  if (s.jitter > 0 && s.ttl > 0)
    add("jitter", quoted(std::to_string(100 * s.jitter / s.ttl) + "%"));
  if (s.negative > 0) add("negative", seconds(s.negative));
  return options.empty() ? quoted("none") : "{" + options + " }";
}

std::string guards(const Strategy& s) {
  std::string list;
  const auto add = [&](const std::string& guard) { list += (list.empty() ? " " : ", ") + guard; };
  if (s.hold_off > 0) add(R"({ "hold-off": { "for": )" + seconds(s.hold_off) + " } }");
  if (s.mark_ttl > 0) add(R"({ "remote-marker": { "ttl": )" + seconds(s.mark_ttl) + " } }");
  if (s.local_ttl > 0)
    add(R"({ "local-cache": { "processes": )" + std::to_string(s.processes) + R"(, "ttl": )" +
        seconds(s.local_ttl) + R"(, "first": )" + quoted(s.local_first ? "local" : "shared") +
        " } }");
  return "[" + list + " ]";
}

std::string_view name(Start start) {
  constexpr std::array<std::string_view, 3> names{"cold", "warm", "absent"};
  return names[static_cast<std::size_t>(start)];
}

std::string text(const Operation& operation) {
  constexpr std::array<std::string_view, 4> kinds{"read", "write", "evict", "flush"};
  const std::string kind(kinds[static_cast<std::size_t>(operation.kind)]);
  if (operation.kind == Operation::Kind::flush) return quoted(kind);
  return quoted(kind + " " + std::string(keys[operation.key]));
}

std::string text(const Faults& faults) {
  return R"({ "crash": )" + std::to_string(faults.crash) + R"(, "evict": )" +
         std::to_string(faults.evict) + R"(, "lose": )" + std::to_string(faults.lose) +
         R"(, "flush": )" + std::to_string(faults.flush) + " }";
}

// What is not said of a slot is the baseline's choice.
std::string text(const Strategy& s) {
  std::string slots;
  const auto add = [&](const char* slot, const std::string& choice, const std::string& otherwise) {
    if (choice != otherwise)
      slots += (slots.empty() ? "\n    " : ",\n    ") + quoted(slot) + ": " + choice;
  };
  add("read", read(s), quoted("plain"));
  add("load", load(s), quoted("every-reader"));
  add("fill", fill(s), quoted("set"));
  add("write", write(s), "");
  add("expiry", expiry(s), quoted("none"));
  add("guards", guards(s), "[ ]");
  return slots;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Race& race) {
  out << "{ ";
  if (race.strategy.replicas > 0)
    out << R"("database": { "replicas": { "count": )" << race.strategy.replicas << " } },\n  ";
  out << R"("strategies": { "x": {)" << text(race.strategy) << " } },\n"
      << R"(  "race": { "start": {)";
  for (std::size_t key = 0; key < race.starts.size(); ++key)
    out << (key ? ", \"" : " \"") << keys[key] << "\": \"" << name(race.starts[key]) << '"';
  out << " },\n            \"faults\": " << text(race.faults) << ",\n            \"clients\": [";
  for (std::size_t client = 0; client < race.clients.size(); ++client) {
    out << (client ? ",\n" : "\n") << R"(    { "name": "c)" << client + 1 << R"(", "do": [)";
    for (std::size_t i = 0; i < race.clients[client].size(); ++i)
      out << (i ? ", " : "") << text(race.clients[client][i]);
    out << "] }";
  }
  return out << " ] } }";
}

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  out << counts.schedules << " schedules, " << counts.transitions << " transitions, "
      << counts.loads_worst << " loads in flight; violating, of those where it arose:";
  for (std::size_t i = 0; i < properties.size(); ++i)
    out << (i ? ", " : " ") << counts.judged[i].violating << " of " << counts.judged[i].arose << ' '
        << properties[i];
  return out;
}

}  // namespace cacherace::oracle
