#include "tests/races/oracle.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string_view>

namespace cacherace::oracle {
namespace {

struct Entry {
  bool cached = false;
  int version = 0;
  int stored = 0;  // in which step; 0: before the first
};

// Where a client stands: its operation, how many effects of that are over, what it read or
// committed.
struct Client {
  std::size_t operation = 0;
  std::size_t effects = 0;
  int version = 0;
};

struct State {
  std::array<Entry, keys_max> cache;
  std::array<int, keys_max> rows{};
  std::array<Client, clients_max> clients;
  // What each operation came to: the version that a write committed or a read returned.
  std::array<std::array<int, operations_max>, clients_max> outcomes{};
};

std::string_view effects_of(Write write) {  // Commit, Delete, Set
  switch (write) {
    case Write::delete_after:
      return "CD";
    case Write::delete_before:
      return "DC";
    case Write::set_after:
      return "CS";
    case Write::none:
      return "C";
  }
  return "";
}

class Exploration {
 public:
  Exploration(const Race& race, std::uint64_t schedules_max)
      : race_(race), schedules_max_(schedules_max) {}

  std::optional<Counts> run() {
    State state;
    for (std::size_t key = 0; key < race_.starts.size(); ++key) {
      state.rows[key] = race_.starts[key] == Start::absent ? 0 : 1;
      if (race_.starts[key] == Start::warm)
        state.cache[key] = {.cached = true, .version = 1, .stored = 0};
    }
    go_on(state, 1);
    if (counts_.schedules > schedules_max_) return std::nullopt;
    return counts_;
  }

 private:
  void go_on(const State& now, int step) {
    if (counts_.schedules > schedules_max_) return;
    bool all_done = true;
    for (std::size_t client = 0; client < race_.clients.size(); ++client) {
      if (now.clients[client].operation == race_.clients[client].size()) continue;
      all_done = false;
      State then = now;
      advance(then, client, step);
      ++counts_.transitions;
      go_on(then, step + 1);
    }
    if (all_done) return judge(now);
    if (!race_.ttl) return;
    for (std::size_t key = 0; key < keys_max; ++key) {
      if (!may_expire(now, key)) continue;
      State then = now;
      then.cache[key].cached = false;
      ++counts_.transitions;
      go_on(then, step + 1);
    }
  }

  // All entries live equally long, so none outlives one that was stored in a later step.
  static bool may_expire(const State& now, std::size_t key) {
    if (!now.cache[key].cached) return false;
    return std::none_of(now.cache.begin(), now.cache.end(), [&](const Entry& other) {
      return other.cached && other.stored < now.cache[key].stored;
    });
  }

  void advance(State& state, std::size_t number, int step) const {
    Client& client = state.clients[number];
    const Operation operation = race_.clients[number][client.operation];
    Entry& entry = state.cache[operation.key];
    int& row = state.rows[operation.key];
    const bool responds =
        operation.writes ? write(client, entry, row, step) : read(client, entry, row, step);
    ++client.effects;
    if (!responds) return;
    state.outcomes[number][client.operation] = client.version;
    client = {.operation = client.operation + 1};
  }

  // Both return whether the operation responds.
  static bool read(Client& client, Entry& entry, int row, int step) {
    if (client.effects == 0) {
      client.version = entry.version;
      return entry.cached;
    }
    if (client.effects == 1) {
      client.version = row;
      return row == 0;
    }
    entry = {.cached = true, .version = client.version, .stored = step};
    return true;
  }

  bool write(Client& client, Entry& entry, int& row, int step) const {
    const std::string_view effects = effects_of(race_.write);
    const char effect = effects[client.effects];
    if (effect == 'C') client.version = ++row;
    if (effect == 'D') entry.cached = false;
    if (effect == 'S') entry = {.cached = true, .version = client.version, .stored = step};
    return client.effects + 1 == effects.size();
  }

  void judge(const State& end) {
    ++counts_.schedules;
    std::array<bool, keys_max> written{};
    Judged own_writes, own_reads, residue;
    for (std::size_t client = 0; client < race_.clients.size(); ++client) {
      const auto& operations = race_.clients[client];
      const auto& outcomes = end.outcomes[client];
      for (std::size_t later = 0; later < operations.size(); ++later) {
        if (operations[later].writes) written[operations[later].key] = true;
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
          if (operations[later].writes || operations[earlier].key != operations[later].key)
            continue;
          Judged& judged = operations[earlier].writes ? own_writes : own_reads;
          judged.arose = 1;
          if (outcomes[later] < outcomes[earlier]) judged.violating = 1;
        }
      }
    }
    for (std::size_t key = 0; key < keys_max; ++key) {
      if (!written[key] || !end.cache[key].cached) continue;
      residue.arose = 1;
      if (end.cache[key].version < end.rows[key]) residue.violating = 1;
    }
    add(counts_.no_stale_residue, residue);
    add(counts_.read_your_writes, own_writes);
    add(counts_.monotonic_reads, own_reads);
  }

  static void add(Judged& sum, const Judged& one) {
    sum.arose += one.arose;
    sum.violating += one.violating;
  }

  const Race& race_;
  std::uint64_t schedules_max_;
  Counts counts_;
};

std::string_view name(Write write) {
  constexpr std::array<std::string_view, 4> names{"delete-after", "delete-before", "set-after",
                                                  "none"};
  return names[static_cast<std::size_t>(write)];
}

std::string_view name(Start start) {
  constexpr std::array<std::string_view, 3> names{"cold", "warm", "absent"};
  return names[static_cast<std::size_t>(start)];
}

std::ostream& operator<<(std::ostream& out, const Judged& judged) {
  return out << judged.violating << " of " << judged.arose;
}

}  // namespace

std::optional<Counts> explore(const Race& race, std::uint64_t schedules_max) {
  return Exploration(race, schedules_max).run();
}

std::ostream& operator<<(std::ostream& out, const Race& race) {
  constexpr std::array<std::string_view, keys_max> keys{"a", "b"};
  out << "{ \"strategies\": { \"x\": {\n"
      << R"(    "write": ")" << name(race.write) << '"'
      << (race.ttl ? R"(, "expiry": { "ttl": "5s" })" : "") << " } },\n"
      << R"(  "race": { "start": {)";
  for (std::size_t key = 0; key < race.starts.size(); ++key)
    out << (key ? ", \"" : " \"") << keys[key] << "\": \"" << name(race.starts[key]) << '"';
  out << " },\n            \"clients\": [";
  for (std::size_t client = 0; client < race.clients.size(); ++client) {
    out << (client ? ",\n" : "\n") << R"(    { "name": "c)" << client + 1 << R"(", "do": [)";
    for (std::size_t i = 0; i < race.clients[client].size(); ++i) {
      const Operation& operation = race.clients[client][i];
      out << (i ? ", \"" : "\"") << (operation.writes ? "write " : "read ") << keys[operation.key]
          << '"';
    }
    out << "] }";
  }
  return out << " ] } }";
}

std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.schedules << " schedules, " << counts.transitions
             << " transitions; violating, of those where it arose: " << counts.no_stale_residue
             << " no-stale-residue, " << counts.read_your_writes << " read-your-writes, "
             << counts.monotonic_reads << " monotonic-reads";
}

}  // namespace cacherace::oracle
