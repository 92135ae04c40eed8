// What a driven application does is heard, until it rests.

#include <fmt/format.h>

#include <algorithm>

#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {

using namespace std::chrono_literals;

namespace {

// How long a look at the threads waits for what they might still do.
constexpr auto between_looks = std::chrono::microseconds(150);
// From when on a statement without an answer may wait for a lock.
constexpr auto lock_suspected = 3ms;

}  // namespace

std::optional<std::size_t> Driven::owner_of(const Unit& unit) {
  // Whoever is stepped runs. Once it has sent its next command, what else comes is rather of one
  // that waits, or works in the background.
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < parties_.size(); ++i)
    if (i != running_ && parties_[i].state == Party::State::running &&
        !parties_[i].has_undelivered())
      others.push_back(i);
  if (running_) {
    if (others.empty()) return running_;
    const auto expected = next_label_.find(parties_[*running_].past());
    const bool fits = expected == next_label_.end() || expected->second == unit.label;
    if (arrived_in_step_ == 0 && fits && !parties_[*running_].responded) return running_;
  }
  std::vector<std::size_t> fitting;
  for (const std::size_t other : others) {
    const auto expected = next_label_.find(parties_[other].past());
    if (expected != next_label_.end() && expected->second == unit.label) fitting.push_back(other);
  }
  if (fitting.size() == 1) return fitting.front();
  if (fitting.empty() && others.size() == 1 &&
      (!running_ || arrived_in_step_ > 0 || parties_[*running_].responded))
    return others.front();
  if (running_) {
    ++noticed_.ambiguous;
    return running_;
  }
  return std::nullopt;
}

void Driven::arrived(const std::shared_ptr<Unit>& unit) {
  if (unit->is_push) {
    if (!free_) pushes_.push_back(unit), ++noticed_.pushes;
    return;
  }
  if (free_ || unit->passes) return;
  for (const search::Touch& touch : unit->touches)
    if (touch.store == "redis" && !touch.item.empty()) keys_seen_.insert(touch.item);
  unit->owner = owner_of(*unit);
  if (!unit->owner) {
    ++noticed_.uncontrolled;
    noticed_.says.insert(fmt::format("nobody was stepped for: {}", unit->label));
    spoiled_ = true;
    unit->passes = true;
    return;
  }
  if (unit->owner == running_) ++arrived_in_step_;
  parties_[*unit->owner].units.push_back(unit);
}

void Driven::answered(Unit& unit) {
  for (ShownStep& step : steps_)
    if (step.was_blocked && step.answer.empty() && step.command == unit.shown && unit.owner &&
        parties_[*unit.owner].name == step.client)
      step.answer = unit.answer;
}

void Driven::closed(std::size_t connection) {
  for (Party& party : parties_)
    std::erase_if(party.units, [&](const auto& unit) {
      return unit->connection == connection && unit->state != Unit::State::delivered;
    });
  std::erase_if(pushes_, [&](const auto& unit) { return unit->connection == connection; });
}

// ---- rest --------------------------------------------------------------------------------------

bool Driven::links_are_settled() {
  bool all = true;
  stage_->each_link([&](const Link& link) { all = all && link.is_settled(); });
  return all;
}

void Driven::find_blocked() {
  stage_->each_link([&](const Link& link) {
    for (const auto& unit : link.units())
      if (unit->state == Unit::State::forwarded && unit->store == Store::postgres)
        unit->was_blocked = stage_->is_blocked(link.backend());
  });
}

bool Driven::settle() {
  const auto end = Clock::now() + file_.patience;
  Threads& threads = stage_->application().threads();
  auto asked = Clock::now();
  while (Clock::now() < end) {
    if (loop_.go_on && !loop_.go_on()) throw Stopped{};
    while (loop_.poll() > 0) {
    }
    for (Party& party : parties_)
      if (party.process && !party.responded && !party.process->runs()) {
        party.responded = true;
        party.responded_at = Clock::now();
      }
    if (!links_are_settled()) {
      if (Clock::now() - asked > lock_suspected) {
        find_blocked();
        asked = Clock::now();
      }
      loop_.io.restart();
      loop_.io.run_one_for(1ms);
      continue;
    }
    const Threads::Look before = threads.look();
    loop_.io.restart();
    if (loop_.io.run_one_for(before.runs ? between_looks : between_looks) > 0 || before.runs)
      continue;
    if (threads.look() == before && loop_.poll() == 0) return true;
  }
  return false;
}

void Driven::pump_all() {
  stage_->each_link([](Link& link) { link.pump(); });
}

void Driven::let_go() {
  free_ = true;
  running_.reset();
  pump_all();
  settle();
  pushes_.clear();
}

void Driven::finish_parties() {
  for (Party& party : parties_)
    if (party.state == Party::State::running && party.responded && !party.has_undelivered() &&
        Clock::now() - party.responded_at >= party.section->background_within)
      party.state = Party::State::over;
}

}  // namespace cacherace::drive
