#include "tests/rules/enumerate/judges.hpp"

#include <algorithm>
#include <map>

namespace cacherace::rules {
namespace {

bool acts_itself(const Event& event) {
  return event.client >= 0 && event.task == Task::none && !event.late && !event.crashes;
}

bool completes_read(const Event& event) {
  return acts_itself(event) && event.ends && event.answered && event.operation == Do::read;
}

bool completes_write(const Event& event) {
  return acts_itself(event) && event.ends && event.answered && event.operation == Do::write;
}

/// Entries that readers find, of all caches.
bool is_found(const Race& race, World& end, const Item& item) {
  if (item.kind != Kind::entry) return false;
  if (item.process >= 0 || race.strategy.write != Write::bump_version) return true;
  const auto* group = find(end, Kind::group, Key{group_of(race, item.key.row)});
  if (group == nullptr) return race.strategy.seed_one && item.named == 1;  // as a reader seeds it
  return group->value == item.named;
}

void residue(const Race& race, const History& history, World& end, Judgement& stays,
             Judgement& heals) {
  std::vector<bool> committed(race.rows.size());
  for (const auto& event : history)
    if (event.commits != 0) committed[static_cast<std::size_t>(event.key.row)] = true;
  const auto items = end.cache;
  for (const auto& item : items) {
    if (!is_found(race, end, item)) continue;
    const auto row = static_cast<std::size_t>(item.key.row);
    const bool differs = item.value != end.rows[row].version;
    if (committed[row] || differs) stays.arises = heals.arises = true;
    if (!differs) continue;
    stays.violated = true;
    if (item.ttl.max == never) heals.violated = true;
  }
}

void own_writes(const History& history, Judgement& judged) {
  std::map<std::pair<int, int>, int> own;  // by client and row
  for (const auto& event : history) {
    if (!acts_itself(event)) continue;
    if (completes_read(event)) {
      const auto written = own.find({event.client, event.asked.row});
      if (written != own.end()) {
        judged.arises = true;
        if (event.answer < written->second) judged.violated = true;
      }
    }
    const int version = event.commits != 0 ? event.commits : event.queued ? event.created : 0;
    if (version == 0) continue;
    auto& written = own[{event.client, event.key.row}];
    written = std::max(written, version);
  }
}

void monotonic(const History& history, Judgement& judged) {
  std::map<std::tuple<int, int, int>, int> seen;  // by client and key
  for (const auto& event : history) {
    if (!completes_read(event)) continue;
    const auto [at, first] =
        seen.try_emplace({event.client, event.asked.row, event.asked.aggregate}, event.answer);
    if (first) continue;
    judged.arises = true;
    if (event.answer < at->second) judged.violated = true;
    at->second = std::max(at->second, event.answer);
  }
}

void linear(const Race& race, const History& history, Judgement& judged) {
  std::vector<bool> written(race.rows.size()), read(race.rows.size());
  std::map<int, int> floor;                    // of the read that a client is about
  std::vector<int> over(race.rows.size(), 0);  // newest version of operations that are over
  std::map<int, int> writes;                   // version that a client's operation has written
  for (const auto& event : history) {
    const auto row = static_cast<std::size_t>(event.key.row);
    const int version = event.commits != 0 ? event.commits : event.created;
    if (version != 0) written[row] = true;
    if (!acts_itself(event)) continue;
    const auto asked = static_cast<std::size_t>(event.asked.row);
    if (event.begins) {
      floor[event.client] = over[asked];
      writes[event.client] = 0;
    }
    if (version != 0) writes[event.client] = version;
    if (completes_read(event)) {
      read[asked] = true;
      if (event.answer < floor[event.client]) judged.violated = true;
      over[asked] = std::max(over[asked], event.answer);
    }
    if (completes_write(event)) over[asked] = std::max(over[asked], writes[event.client]);
  }
  for (std::size_t i = 0; i < read.size(); ++i)
    if (read[i] && written[i]) judged.arises = true;
}

void dirty(const Race& race, const History& history, Judgement& judged) {
  std::map<std::pair<int, int>, bool> committed;  // by row and version
  std::vector<bool> came(race.rows.size());
  for (const auto& event : history) {
    if (event.created != 0) {
      came[static_cast<std::size_t>(event.key.row)] = true;
      committed[{event.key.row, event.created}] = event.queued;
    }
    if (event.commits != 0) committed[{event.key.row, event.commits}] = true;
    if (!completes_read(event) || !came[static_cast<std::size_t>(event.asked.row)]) continue;
    judged.arises = true;
    const auto version = committed.find({event.asked.row, event.answer});
    if (version != committed.end() && !version->second) judged.violated = true;
  }
}

/// A load is in flight at the moments from `from` up to `to`; moment n is after step n, counted
/// from 1.
struct Interval {
  Key key;
  std::size_t from, to;
};

void loads(const History& history, Judgement& judged) {
  std::vector<Interval> intervals;
  std::map<int, std::size_t> last;  // step of an actor
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& event = history[i];
    const std::size_t number = i + 1;
    if (event.client < 0 || event.late || event.crashes) continue;
    if (event.at == At::read_row && (event.got != Got::no_answer || event.will_come)) {
      judged.arises = true;
      std::size_t to = history.size();
      if (!event.will_come)
        for (std::size_t j = i + 1; j < history.size(); ++j) {
          const auto& next = history[j];
          const bool own = !next.late && !next.crashes && next.actor == event.actor;
          const bool dies = next.crashes && next.client == event.client;
          if (!own && !dies) continue;
          to = j;
          break;
        }
      intervals.push_back({.key = event.key, .from = last[event.actor], .to = to});
    }
    last[event.actor] = number;
  }
  for (const auto& at : intervals) {
    int together = 0;
    for (const auto& other : intervals)
      if (other.key == at.key && other.from <= at.from && at.from <= other.to) ++together;
    judged.worst = std::max(judged.worst, together);
  }
  judged.violated = judged.worst > 1;
}

void exclusion(const History& history, Judgement& judged) {
  std::map<std::pair<int, int>, std::vector<int>> holders;  // actors, by key
  std::map<int, int> clients;
  for (const auto& event : history) {
    if (event.late) continue;
    if (event.crashes) {
      for (auto& [key, held] : holders)
        std::erase_if(held, [&](int actor) { return clients[actor] == event.client; });
      continue;
    }
    if (event.client < 0) continue;
    clients[event.actor] = event.client;
    auto& held = holders[{event.key.row, event.key.aggregate}];
    if (event.at == At::lock && event.got != Got::no_answer) {
      if (event.got == Got::held || !held.empty()) judged.arises = true;
      if (event.got == Got::ok) {
        if (!held.empty()) judged.violated = true;
        held.push_back(event.actor);
      }
    }
    if (event.at == At::unlock) std::erase(held, event.actor);
    if (event.ends)
      for (auto& [key, any] : holders) std::erase(any, event.actor);
  }
}

void lost(const History& history, const World& end, Judgement& judged) {
  std::map<int, int> writes;
  for (const auto& event : history) {
    if (!acts_itself(event)) continue;
    if (event.begins) writes[event.client] = 0;
    const int version = event.commits != 0 ? event.commits : event.created;
    if (version != 0) writes[event.client] = version;
    if (!completes_write(event)) continue;
    judged.arises = true;
    if (end.rows[static_cast<std::size_t>(event.asked.row)].version < writes[event.client])
      judged.violated = true;
  }
}

void expires(const World& end, Judgement& judged) {
  for (const auto& item : end.cache) {
    if (item.kind != Kind::entry && item.kind != Kind::lock) continue;
    judged.arises = true;
    if (item.ttl.max == never) judged.violated = true;
  }
}

}  // namespace

std::array<Judgement, 10> judge(const Race& race, const History& history, World& end) {
  std::array<Judgement, 10> judged;
  residue(race, history, end, judged[no_stale_residue], judged[heals]);
  own_writes(history, judged[read_your_writes]);
  monotonic(history, judged[monotonic_reads]);
  linear(race, history, judged[linearizable]);
  dirty(race, history, judged[no_dirty_reads]);
  loads(history, judged[loads_in_flight]);
  exclusion(history, judged[mutual_exclusion]);
  lost(history, end, judged[no_lost_writes]);
  expires(end, judged[every_key_expires]);
  return judged;
}

}  // namespace cacherace::rules
