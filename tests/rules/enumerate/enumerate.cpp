#include "tests/rules/enumerate/enumerate.hpp"

#include <algorithm>

namespace cacherace::rules {
namespace {

struct Walk {
  const Race* race;
  std::uint64_t schedules_max;
  Enumerated found;
  History history;

  bool visit(World& world) {
    const auto next = choices(world);
    if (next.empty()) {
      if (++found.schedules > schedules_max) return false;
      const auto judged = judge(*race, history, world);
      for (std::size_t i = 0; i < judged.size(); ++i) {
        auto& counted = found.properties[i];
        if (judged[i].arises) ++counted.arises;
        counted.worst = std::max(counted.worst, judged[i].worst);
        if (judged[i].violated && counted.violating++ == 0) counted.example = history;
      }
      return true;
    }
    if (history.size() > 150) return false;
    for (const auto& choice : next) {
      auto copy = world;
      history.push_back(take(copy, choice));
      const bool on = visit(copy);
      history.pop_back();
      if (!on) return false;
    }
    return true;
  }
};

std::string name_of(At at) {
  switch (at) {
    case At::nothing:
      return "";
    case At::filter_check:
      return "filter.check";
    case At::filter_add:
      return "filter.add";
    case At::local_get:
    case At::local_again:
      return "local.get";
    case At::local_set:
      return "local.set";
    case At::local_del:
      return "local.del";
    case At::get_version:
      return "cache.get-version";
    case At::seed_version:
      return "cache.seed-version";
    case At::get:
    case At::get_again:
      return "cache.get";
    case At::get_mark:
      return "cache.get-mark";
    case At::read_row:
      return "db.read";
    case At::fill:
      return "fill";
    case At::set_ttl:
      return "cache.set-ttl";
    case At::join:
      return "flight.join";
    case At::flight_wait:
      return "flight.wait";
    case At::finish:
      return "flight.finish";
    case At::forget:
      return "flight.forget";
    case At::lock:
      return "cache.lock";
    case At::wait:
      return "wait";
    case At::unlock:
      return "cache.unlock";
    case At::mark:
      return "cache.mark";
    case At::write_row:
      return "db.write";
    case At::begin:
      return "db.begin";
    case At::commit:
      return "db.commit";
    case At::del:
      return "cache.del";
    case At::store:
      return "cache.set";
    case At::bump:
      return "cache.bump-version";
    case At::list:
      return "cache.keys";
    case At::del_listed:
      return "cache.del-listed";
    case At::append:
      return "queue.append";
    case At::queue_write:
      return "cache.write";
    case At::take:
      return "queue.take";
    case At::clean:
      return "cache.clean";
    case At::evict:
      return "evict";
    case At::flush:
      return "flush";
    case At::restart:
      return "cache-restart";
  }
  return "";
}

std::string name_of(Got got) {
  switch (got) {
    case Got::ok:
      return "done";
    case Got::hit:
      return "hit";
    case Got::soft_hit:
      return "soft hit";
    case Got::miss:
      return "miss";
    case Got::absent:
      return "absent";
    case Got::row:
      return "row";
    case Got::refused:
      return "refused";
    case Got::held:
      return "held";
    case Got::leads:
      return "leads";
    case Got::joined:
      return "joined";
    case Got::error:
      return "error";
    case Got::no_answer:
      return "no answer";
    case Got::gave_up:
      return "gave up";
    case Got::nothing:
      return "nothing";
    case Got::crashed:
      return "dies";
  }
  return "";
}

std::string name_of(Task task) {
  switch (task) {
    case Task::none:
      return "";
    case Task::second_delete:
      return "/second-delete";
    case Task::propagate:
      return "/propagate";
    case Task::flush:
      return "/flush";
    case Task::tell:
      return "/tell";
    case Task::refresh:
      return "/refresh";
  }
  return "";
}

}  // namespace

std::optional<Enumerated> enumerate(const Race& race, std::uint64_t schedules_max) {
  Walk walk{.race = &race, .schedules_max = schedules_max, .found = {}, .history = {}};
  auto world = start_of(race);
  if (!walk.visit(world)) return std::nullopt;
  return walk.found;
}

std::string to_text(const History& history) {
  std::string text;
  for (const auto& event : history) {
    text += "  ";
    text += event.client < 0 ? "-" : "c" + std::to_string(event.client) + name_of(event.task);
    text += " " + event.says + name_of(event.at) + " " + name(event.key) +
            (event.late        ? " (comes late)"
             : event.will_come ? " (will come late)"
                               : "") +
            " -> " + name_of(event.got) + " v" + std::to_string(event.version) + "\n";
  }
  return text;
}

}  // namespace cacherace::rules
