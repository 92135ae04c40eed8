// What may go wrong, from the file's budget.

#include <fmt/format.h>

#include <algorithm>

#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {
namespace {

constexpr const char* kill_label = "kill the application";

// Everything that a step of these requests could touch.
std::vector<search::Touch> all_of(const std::vector<std::string>& requests) {
  std::vector<search::Touch> out;
  for (const char* store : {"redis", "redis channels", "redis scripts", "postgres", "processes"})
    out.push_back({store, "", true});
  for (const std::string& request : requests) out.push_back({"request", request, true});
  return out;
}

}  // namespace

// A statement that waits for a lock takes effect when the server gives it the lock, whoever asked.
void Driven::note_lost_waits() {
  stage_->each_link([&](const Link& link) {
    for (const auto& unit : link.units())
      if (unit->state == Unit::State::forwarded && unit->was_blocked)
        noticed_.says.insert(
            "a connection was lost while its statement waited for a lock: when that takes effect "
            "is not decided here");
  });
}

std::optional<search::Effected> Driven::kill() {
  --faults_left_.kill;
  note_lost_waits();
  std::vector<std::string> requests;
  for (Party& party : parties_) requests.push_back(party.name);
  record({.client = "application",
          .operation = "crash",
          .is_fault = true,
          .label = kill_label,
          .command = kill_label});
  stage_->application().kill();
  stage_->each_link([](Link& link) { link.close(); });
  for (Party& party : parties_) {
    if (party.state != Party::State::running) continue;
    party.call.reset();
    party.units.clear();
    party.state = Party::State::over;
  }
  pushes_.clear();
  unowned_.clear();
  running_.reset();
  free_ = true;  // what it does when it starts is not ordered
  check(stage_->restart_application());
  const bool rests = settle();
  free_ = false;
  pushes_.clear();
  unowned_.clear();
  if (!rests) return std::nullopt;
  return search::Effected{true, kill_label, all_of(requests)};
}

std::optional<search::Effected> Driven::drop(const Option& option,
                                             const std::shared_ptr<Unit>& unit) {
  --faults_left_.drop;
  note_lost_waits();
  const std::string label =
      (option.kind == Option::Kind::drop_answer ? "answer lost: " : "connection lost before: ") +
      unit->label;
  record({.client = parties_[option.party].name,
          .operation = parties_[option.party].section->shown(),
          .store = unit->store,
          .is_fault = true,
          .label = label,
          .command = label});
  stage_->each_link([&](Link& link) {
    if (link.number() == unit->connection) link.close();
  });
  if (!settle()) return std::nullopt;
  return search::Effected{true, label, all_of({parties_[option.party].name})};
}

std::optional<search::Effected> Driven::fault(const Option& option) {
  if (option.kind == Option::Kind::evict) {
    --faults_left_.evict;
    check(stage_->drop_key(option.key));
    record({.client = "redis",
            .operation = "eviction",
            .is_fault = true,
            .label = option.choice.name,
            .command = option.choice.name});
    return search::Effected{true, option.choice.name, {{"redis", option.key, true}}};
  }
  if (option.kind == Option::Kind::lose) {
    --faults_left_.lose;
    stage_->each_link([&](Link& link) { link.lose(*option.unit); });
    std::erase(pushes_, option.unit);
    record({.client = "redis",
            .operation = "message",
            .is_fault = true,
            .label = option.choice.name,
            .command = option.choice.name});
    if (!settle()) return std::nullopt;
    return search::Effected{true, option.choice.name, {{"processes", "", true}}};
  }
  --faults_left_.flush;
  check(stage_->empty_cache());
  record({.client = "redis",
          .operation = "flush",
          .is_fault = true,
          .label = "flush",
          .command = "flush"});
  return search::Effected{true, option.choice.name, {{"redis", "", true}}};
}

}  // namespace cacherace::drive
