#include "sim/drive/control/driven.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"

namespace cacherace::drive {

using namespace std::chrono_literals;

namespace {

// Of a request that holds itself: it waits for another one.
constexpr const char* waits_label = "waits in the application";

}  // namespace

Driven::Driven(Loop& loop, const DriveFile& file) : loop_(loop), file_(file) {
  for (const RequestSection& section : file.requests)
    for (std::uint32_t i = 1; i <= section.count; ++i) {
      Party& party = parties_.emplace_back();
      party.section = &section;
      party.name = section.count == 1 ? section.name : fmt::format("{} {}", section.name, i);
    }
}

Result<void> Driven::set_up() {
  auto stage = Stage::set_up(loop_, file_, *this);
  if (!stage) return stage.error();
  stage_ = std::move(*stage);
  if (!settle()) noticed_.says.insert("the application does not come to rest after its start");
  return {};
}

void Driven::begin() { prepare(true); }

void Driven::begin_again(std::vector<std::size_t> which) {
  taking_part_ = std::move(which);
  prepare(false);
}

void Driven::record(ShownStep step) {
  if (notes_cache_)
    if (auto values = stage_->values()) step.cache = std::move(*values);
  steps_.push_back(std::move(step));
}

void Driven::prepare(bool reset) {
  let_go();
  for (Party& party : parties_) {
    party.call.reset();
    party.process.reset();
    party.threads.reset();
    party.state = Party::State::over;
    party.responded = false;
    party.after_writes = false;
    party.response = {};
    party.units.clear();
  }
  if (!stage_->application().runs() || (file_.app.in_process_cache && reset))
    check(stage_->restart_application());
  if (!settle()) noticed_.says.insert("the application does not come to rest between executions");
  stage_->forget_closed();
  if (reset) check(stage_->reset());
  stage_->application().threads().find();
  if (taking_part_.empty())
    for (Party& party : parties_)
      if (takes_part(party)) party.state = Party::State::idle;
  for (const std::size_t party : taking_part_) parties_[party].state = Party::State::idle;
  steps_.clear();
  keys_seen_.clear();
  faults_left_ = taking_part_.empty() ? file_.faults : FaultsSection{};
  found_.clear();
  wrong_keys_.clear();
  spoiled_ = false;
  free_ = false;
}

std::vector<search::Choice> Driven::choices() {
  const auto end = Clock::now() + file_.patience;
  for (;;) {
    finish_parties();
    std::vector<search::Choice> out;
    if (!spoiled_)
      for (const Option& option : options()) out.push_back(option.choice);
    const bool all_over = std::ranges::all_of(
        parties_, [](const Party& party) { return party.state == Party::State::over; });
    if (!out.empty() || (all_over && !spoiled_)) return out;
    // Whoever is left waits: for a lock, for time to pass, or for another request.
    if (spoiled_ || Clock::now() > end) break;
    loop_.io.restart();
    loop_.io.run_one_for(5ms);
    settle();
  }
  if (!spoiled_) {
    ++noticed_.stuck;
    noticed_.says.insert("nothing happened any more before all requests had ended");
  }
  return {{"(given up)", ""}};
}

std::optional<search::Effected> Driven::step(const std::string& choice) {
  for (const Option& option : options())
    if (option.choice.name == choice) {
      auto step = perform(option);
      running_.reset();
      finish_parties();
      if (spoiled_) return std::nullopt;
      if (step && !step->visible) step->ends = parties_[option.party].state == Party::State::over;
      return step;
    }
  return std::nullopt;
}

std::optional<search::Effected> Driven::perform(const Option& option) {
  using Kind = Option::Kind;
  arrived_in_step_ = 0;
  Party& party = parties_[option.party];
  const std::string past = party.past();
  const bool shows = shows_ends();
  std::set<const Unit*> before;
  for (const auto& unit : party.units) before.insert(unit.get());
  switch (option.kind) {
    case Kind::evict:
    case Kind::flush:
    case Kind::lose:
      return fault(option);
    case Kind::kill:
      return kill();
    case Kind::push:
      option.unit->may_deliver = true;
      pump_all();
      if (!settle()) return std::nullopt;
      std::erase(pushes_, option.unit);
      record({.client = "redis",
              .operation = "message",
              .label = option.choice.name,
              .command = option.unit->shown});
      return search::Effected{true, option.choice.name, {{"processes", "", true}}};
    case Kind::forward:
      return forward(option.party, option.unit);
    case Kind::drop_answer:
      running_ = option.party;
      return drop(option, option.unit);
    case Kind::drop_next:
    case Kind::start:
    case Kind::deliver:
      running_ = option.party;
      if (option.unit == nullptr) start(party);
      if (option.unit != nullptr ? !deliver(option.party, option.unit) : !settle())
        return std::nullopt;
      break;
    case Kind::background:
      running_ = option.party;
      if (!wait_for_background(party)) return std::nullopt;
      break;
  }
  const auto rests = [&] {
    return arrived_in_step_ == 0 && !party.responded && !party.has_undelivered();
  };
  if (rests() && !wait_for_own_move(party, past)) return std::nullopt;
  if (rests()) {
    record({.client = party.name,
            .operation = party.section->shown(),
            .label = waits_label,
            .command = waits_label});
    return search::Effected{
        true, waits_label, {{"redis", "", true}, {"postgres", "", true}, {"processes", "", true}}};
  }
  // One new command takes effect at once. Of several, which one is first is a choice of its own.
  std::vector<std::shared_ptr<Unit>> fresh;
  for (const auto& unit : party.units)
    if (!before.contains(unit.get()) && unit->state == Unit::State::arrived) fresh.push_back(unit);
  if (fresh.size() > 1) return sends(party, fresh);
  if (fresh.empty()) return without_effect(party, shows);
  if (option.kind == Kind::drop_next) return drop(option, fresh.front());
  next_label_[past] = fresh.front()->label;
  if (!is_first_on_link(*fresh.front())) {
    ++noticed_.behind;
    return sends(party, fresh);
  }
  return forward(option.party, fresh.front());
}

search::Effected Driven::sends(const Party& party,
                               const std::vector<std::shared_ptr<Unit>>& units) {
  ++noticed_.queued;
  std::string label;
  for (const auto& unit : units) label += (label.empty() ? sends_label : ", ") + unit->label;
  record({.client = party.name,
          .operation = party.section->shown(),
          .label = label,
          .command = label});
  return {true, label, {{"request", party.name, true}, {"connections", "", true}}};
}

search::Effected Driven::without_effect(const Party& party, bool shows) {
  if (!shows) return {false, "", {}};
  const char* label = party.responded ? answered_label : goes_on_label;
  record({.client = party.name,
          .operation = party.section->shown(),
          .label = label,
          .command = label});
  return {true, label, {{"request", party.name, true}}};
}

void Driven::start(Party& party) {
  party.after_writes = are_all_written();
  party.state = Party::State::running;
  party.responded = false;
  const RequestSection& section = *party.section;
  if (!section.exec.empty()) {
    live::Command command;
    command.words = {"/bin/sh", "-c",
                     with_servers(section.exec, stage_->servers(), stage_->application().port())};
    command.environment = {"REDIS_URL=" + stage_->servers().redis_url,
                           "DATABASE_URL=" + stage_->servers().postgres_url};
    command.folder = file_.folder;
    auto process = live::Kept::start(command);
    if (!process) throw StageTrouble{process.error()};
    party.process = std::make_unique<live::Kept>(std::move(*process));
    party.threads = std::make_unique<Threads>(party.process->session());
    return;
  }
  party.call.emplace(loop_, stage_->application().port(),
                     HttpRequest{section.method, section.path, section.body, section.headers},
                     [&party](const HttpResponse& response) {
                       party.response = response;
                       party.responded = true;
                       party.responded_at = Clock::now();
                     });
}

bool Driven::wait_for_own_move(Party& party, const std::string& past) {
  constexpr auto longest_sleep = 300ms;
  if (waiting_pasts_.contains(past)) {
    ++noticed_.waits;
    return true;
  }
  const auto end = Clock::now() + longest_sleep;
  while (unowned_.empty() && !party.responded && Clock::now() < end) {
    loop_.io.restart();
    loop_.io.run_one_for(2ms);
  }
  if (unowned_.empty() && !party.responded) {
    ++noticed_.waits;
    if (!past.empty()) waiting_pasts_.insert(past);
  }
  return settle();
}

bool Driven::wait_for_background(Party& party) {
  const auto end = party.responded_at + party.section->background_within;
  while (Clock::now() < end) {
    if (!settle()) return false;
    if (arrived_in_step_ > 0) break;
    loop_.io.restart();
    loop_.io.run_one_for(std::min<Clock::duration>(end - Clock::now(), 5ms));
  }
  return settle();
}

bool Driven::deliver(std::size_t party, const std::shared_ptr<Unit>& unit) {
  Link* link = nullptr;
  stage_->each_link([&](Link& other) {
    if (other.number() == unit->connection) link = &other;
  });
  if (link == nullptr) return false;
  // Answers come in the order of the commands, so those before this one are delivered as well: each
  // one's request runs until it rests, so that it is known whose its next command is.
  while (unit->state == Unit::State::answered) {
    const auto front = link->units().front();
    if (front->state != Unit::State::answered && !front->passes) return false;
    running_ = front->owner;
    if (front == unit) running_ = party;
    front->may_deliver = true;
    link->pump();
    if (front != unit) {
      if (!settle()) return false;
      arrived_in_step_ = 0;
    }
    if (front->state != Unit::State::delivered && front != unit) return false;
  }
  running_ = party;
  return settle();
}

std::optional<search::Effected> Driven::forward(std::size_t index,
                                                const std::shared_ptr<Unit>& unit) {
  running_ = index;
  unit->may_forward = true;
  pump_all();
  if (!settle()) return std::nullopt;
  const Party& party = parties_[index];
  const bool blocked = unit->state == Unit::State::forwarded;
  record({.client = party.name,
          .operation = party.section->shown(),
          .store = unit->store,
          .label = unit->label,
          .command = unit->shown,
          .answer = blocked ? "" : unit->answer,
          .touches = unit->named,
          .was_blocked = blocked});
  return search::Effected{true, unit->label, unit->touches};
}

void Driven::give_up() { let_go(); }

}  // namespace cacherace::drive
