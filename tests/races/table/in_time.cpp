#include "tests/races/table/in_time.hpp"

#include <algorithm>

namespace cacherace::test {
namespace {

using engine::Choice;
using Kind = Choice::Kind;

bool runs_out(const InTime::State& state, Choice choice) {
  switch (choice.kind) {
    case Kind::expire:
    case Kind::expire_local:
      return true;
    case Kind::branch:  // a waiter gives up
      return state.world.clients[choice.actor].pending.kind == EffectKind::wait;
    case Kind::take: {
      const auto& client = state.world.clients[choice.actor];
      return client.task == Task::second_delete && !client.under_way;
    }
    default:
      return false;
  }
}

bool goes_on(const InTime::State& state, Choice choice) {
  return (choice.kind == Kind::take || choice.kind == Kind::branch || choice.kind == Kind::apply) &&
         !runs_out(state, choice);
}

}  // namespace

InTime::Choices InTime::pending(const State& state) const {
  const Choices all = race_.pending(state);
  if (std::none_of(all.begin(), all.end(), [&](Choice choice) { return goes_on(state, choice); }))
    return all;
  Choices now;
  for (const Choice choice : all)
    if (!runs_out(state, choice)) now.push_back(choice);
  return now;
}

}  // namespace cacherace::test
