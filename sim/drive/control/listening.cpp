// What a driven application does is heard, until it rests.

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {

using namespace std::chrono_literals;

namespace {

// How long a look at the threads waits for what they might still do.
constexpr auto between_looks = std::chrono::microseconds(100);
// From when on a statement without an answer may wait for a lock.
constexpr auto lock_suspected = 3ms;

}  // namespace

bool Driven::knows(const Party& party, const std::string& label) const {
  const auto known = known_labels_.find(party.section);
  return known == known_labels_.end() || known->second.contains(label);
}

void Driven::linger(std::chrono::milliseconds time) {
  running_.reset();
  const auto end = Clock::now() + time;
  while (Clock::now() < end) {
    if (loop_.go_on && !loop_.go_on()) throw Stopped{};
    loop_.io.restart();
    loop_.io.run_one_for(5ms);
  }
  if (!free_) find_owners();
}

// Requests that run, but rest without a command: they wait, or work in the background.
std::vector<std::size_t> Driven::resting() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < parties_.size(); ++i)
    if (i != running_ && parties_[i].state == Party::State::running &&
        !parties_[i].has_undelivered())
      out.push_back(i);
  return out;
}

bool Driven::expects(const Party& party, const std::string& label) const {
  const auto expected = next_label_.find(party.past());
  return expected != next_label_.end() && expected->second == label;
}

namespace {

// Whether two requests could take each other's places: they are the same, and have done the same.
bool are_alike(const Party& a, const Party& b) {
  return a.section == b.section && a.past().substr(a.name.size()) == b.past().substr(b.name.size());
}

}  // namespace

std::optional<std::size_t> Driven::owner_of(const Unit& unit) {
  const auto others = resting();
  const Party* stepped = running_ ? &parties_[*running_] : nullptr;
  if (stepped != nullptr && others.empty()) {
    // A command that this request was never seen to send, and one that has ended was.
    const bool is_strange =
        !knows(*stepped, unit.label) && std::ranges::any_of(parties_, [&](const Party& party) {
          return party.state == Party::State::over && known_labels_.contains(party.section) &&
                 knows(party, unit.label);
        });
    return is_strange ? std::nullopt : running_;
  }
  // Whoever is stepped sends its next command. What comes beside it, or when it has ended, is of
  // one that rested.
  const bool has_ended =
      stepped == nullptr || (stepped->responded && stepped->section->background_within == 0ms);
  if (!has_ended && arrived_in_step_ == 0 &&
      (expects(*stepped, unit.label) || !next_label_.contains(stepped->past()))) {
    // One that goes on in the background may have sent the same.
    const bool may_be_anothers = std::ranges::any_of(others, [&](std::size_t other) {
      return expects(parties_[other], unit.label) && !are_alike(parties_[other], *stepped);
    });
    if (may_be_anothers) ++noticed_.ambiguous;
    return running_;
  }
  std::vector<std::size_t> fitting;
  for (const std::size_t other : others)
    if (expects(parties_[other], unit.label)) fitting.push_back(other);
  if (fitting.empty())
    for (const std::size_t other : others)
      if (knows(parties_[other], unit.label)) fitting.push_back(other);
  if (fitting.empty()) return has_ended ? std::nullopt : running_;
  const bool is_clear = std::ranges::all_of(fitting, [&](std::size_t other) {
    return are_alike(parties_[other], parties_[fitting.front()]);
  });
  if (!is_clear) ++noticed_.ambiguous;
  return fitting.front();
}

void Driven::arrived(const std::shared_ptr<Unit>& unit) {
  if (unit->is_push) {
    if (!free_) pushes_.push_back(unit), ++noticed_.pushes;
    return;
  }
  unit->named = unit->touches;
  if (stage_) unit->touches = stage_->tables().widened(unit->named);
  if (!free_ && !unit->passes) unowned_.push_back(unit);
}

// Whose the commands are that have come is decided at rest: then it is known who has ended.
void Driven::find_owners() {
  for (const auto& unit : std::exchange(unowned_, {})) {
    for (const search::Touch& touch : unit->touches)
      if (touch.store == "redis" && !touch.item.empty()) keys_seen_.insert(touch.item);
    unit->owner = owner_of(*unit);
    if (!unit->owner) {
      ++noticed_.uncontrolled;
      noticed_.says.insert(fmt::format("nobody was stepped for: {}", unit->label));
      spoiled_ = true;
      unit->passes = true;
      continue;
    }
    if (unit->owner == running_) ++arrived_in_step_;
    parties_[*unit->owner].units.push_back(unit);
  }
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
  const auto is_gone = [&](const auto& unit) { return unit->connection == connection; };
  std::erase_if(pushes_, is_gone);
  std::erase_if(unowned_, is_gone);
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

// Of the application, and of requests that are commands, which begin processes as they go.
std::vector<Threads::Look> Driven::look_at_all() {
  std::vector<Threads::Look> out{stage_->application().threads().look()};
  for (Party& party : parties_)
    if (party.threads && !party.responded) {
      party.threads->find();
      out.push_back(party.threads->look());
    }
  return out;
}

bool Driven::any_runs() {
  return stage_->application().threads().any_runs() ||
         std::ranges::any_of(parties_, [](const Party& party) {
           return party.threads && !party.responded && party.threads->any_runs();
         });
}

bool Driven::settle() {
  const auto end = Clock::now() + file_.patience;
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
    const auto before = look_at_all();
    std::this_thread::sleep_for(between_looks);
    if (loop_.poll() > 0 || look_at_all() != before || any_runs() || loop_.poll() > 0) continue;
    find_owners();
    return true;
  }
  find_owners();
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
  unowned_.clear();
}

void Driven::finish_parties() {
  for (Party& party : parties_)
    if (party.state == Party::State::running && party.responded && !party.has_undelivered() &&
        Clock::now() - party.responded_at >= party.section->background_within)
      party.state = Party::State::over;
}

}  // namespace cacherace::drive
