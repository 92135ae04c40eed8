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
    choice.client = party.name;
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
                     {"lose the answer of " + name, "", option.choice.client, true}});
    if (option.kind == Option::Kind::deliver || option.kind == Option::Kind::start)
      out.push_back({Option::Kind::drop_next,
                     option.party,
                     option.unit,
                     "",
                     {"lose the connection of " + name, "", option.choice.client, true}});
  }
  if (faults_left_.evict > 0)
    for (const std::string& key : keys_seen_)
      out.push_back(
          {Option::Kind::evict, 0, nullptr, key, {"evict " + printable(key), "", "", true}});
  if (faults_left_.flush > 0 && !keys_seen_.empty())
    out.push_back({Option::Kind::flush, 0, nullptr, "", {"flush", "", "", true}});
  const bool any_runs = std::ranges::any_of(parties_, [](const Party& party) {
    return party.state == Party::State::running && !party.responded;
  });
  if (faults_left_.kill > 0 && any_runs)
    out.push_back({Option::Kind::kill, 0, nullptr, "", {"kill the application", "", "", true}});
}

// The how-manyth it is of those that are there: connections are others after each start.
std::size_t Driven::subscriber(std::size_t connection) {
  std::size_t out = 1;
  stage_->each_link([&](const Link& link) {
    if (link.is_open() && link.hears() && link.number() < connection) ++out;
  });
  return out;
}

std::vector<Driven::Option> Driven::options() {
  std::vector<Option> out;
  for (std::size_t i = 0; i < parties_.size(); ++i) add_options_of(i, out);
  for (const auto& push : pushes_) {
    if (push->state == Unit::State::delivered) continue;
    const std::string name =
        fmt::format("message {} to subscriber {}", push->shown, subscriber(push->connection));
    out.push_back({Option::Kind::push, 0, push, "", {name, ""}});
    if (faults_left_.lose > 0)
      out.push_back({Option::Kind::lose, 0, push, "", {"lose " + name, "", "", true}});
  }
  add_faults(out);
  return out;
}

}  // namespace cacherace::drive
