// What may happen next: each request's next command, messages, and faults.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {

bool Driven::is_first_on_link(const Unit& unit) {
  bool first = false;
  stage_->each_link([&](const Link& link) {
    if (link.number() != unit.connection) return;
    for (const auto& other : link.units())
      if (other->state == Unit::State::arrived) {
        first = other.get() == &unit;
        return;
      }
  });
  return first;
}

void Driven::add_options_of(std::size_t index, std::vector<Option>& out) {
  Party& party = parties_[index];
  if (party.state == Party::State::over) return;
  const std::size_t before = out.size();
  if (party.state == Party::State::idle) {
    const bool waits =
        !party.section->after.empty() && std::ranges::any_of(parties_, [&](const Party& other) {
          return other.section->name == party.section->after && other.state != Party::State::over;
        });
    if (!waits) out.push_back({Option::Kind::start, index, nullptr, "", {}});
  } else {
    for (const auto& unit : party.units) {
      if (unit->state == Unit::State::answered)
        out.push_back({Option::Kind::deliver, index, unit, "", {}});
      if (unit->state == Unit::State::arrived && is_first_on_link(*unit))
        out.push_back({Option::Kind::forward, index, unit, "", {}});
    }
    if (out.size() == before && party.responded && !party.has_undelivered())
      out.push_back({Option::Kind::background, index, nullptr, "", {}});
  }
  const std::string past = file_.app.in_process_cache ? "" : party.past();
  const bool is_alone = out.size() == before + 1;
  for (std::size_t i = before; i < out.size(); ++i) {
    search::Choice& choice = out[i].choice;
    choice.name = party.name;
    if (!is_alone) {
      choice.name += ": " + out[i].unit->label;
      const auto same = std::count_if(
          out.begin() + static_cast<std::ptrdiff_t>(before),
          out.begin() + static_cast<std::ptrdiff_t>(i),
          [&](const Option& other) { return other.unit->label == out[i].unit->label; });
      if (same > 0) choice.name += fmt::format(" ({})", same + 1);
    }
    if (!past.empty()) choice.past = past + "\n-> " + (is_alone ? "" : choice.name);
  }
}

void Driven::add_faults(std::vector<Option>& out) {
  if (out.empty()) return;
  const std::size_t steps = out.size();
  for (std::size_t i = 0; i < steps && faults_left_.drop > 0; ++i) {
    const Option option = out[i];
    const std::string& name = option.choice.name;
    if (option.kind == Option::Kind::deliver)
      out.push_back({Option::Kind::drop_answer,
                     option.party,
                     option.unit,
                     "",
                     {"lose the answer of " + name, ""}});
    if (option.kind == Option::Kind::deliver || option.kind == Option::Kind::start)
      out.push_back({Option::Kind::drop_next,
                     option.party,
                     option.unit,
                     "",
                     {"lose the connection of " + name, ""}});
  }
  if (faults_left_.evict > 0)
    for (const std::string& key : keys_seen_)
      out.push_back({Option::Kind::evict, 0, nullptr, key, {"evict " + printable(key), ""}});
  if (faults_left_.flush > 0 && !keys_seen_.empty())
    out.push_back({Option::Kind::flush, 0, nullptr, "", {"flush", ""}});
}

std::vector<Driven::Option> Driven::options() {
  std::vector<Option> out;
  for (std::size_t i = 0; i < parties_.size(); ++i) add_options_of(i, out);
  for (std::size_t i = 0; i < pushes_.size(); ++i)
    if (pushes_[i]->state != Unit::State::delivered)
      out.push_back(
          {Option::Kind::push,
           0,
           pushes_[i],
           "",
           {fmt::format("message {} to connection {}", pushes_[i]->shown, pushes_[i]->connection),
            ""}});
  add_faults(out);
  return out;
}

std::optional<search::Effected> Driven::drop(const Option& option,
                                             const std::shared_ptr<Unit>& unit) {
  --faults_left_.drop;
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
  return search::Effected{true, label, {{"redis", "", true}, {"postgres", "", true}}};
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
