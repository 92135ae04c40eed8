#include "tests/races/oracle/oracle.hpp"

#include <algorithm>
#include <cstdlib>

#include "tests/races/oracle/oracle_judge.hpp"
#include "tests/races/oracle/oracle_timers.hpp"

namespace cacherace::oracle {
namespace {

// A command to the cache or a query of the database, which can be lost on its
// way.
bool is_message(Do effect) { return effect < Do::wait_load; }

bool waits(Do effect) {
  return effect == Do::wait_load || effect == Do::wait_lock || effect == Do::wait_lease;
}

class Exploration {
 public:
  Exploration(const Race& race, std::uint64_t schedules_max)
      : race_(race), protocol_(protocol(race.strategy)), schedules_max_(schedules_max) {}

  std::optional<Counts> run() {
    go_on(start(), 1);
    if (counts_.schedules > schedules_max_) return std::nullopt;
    return counts_;
  }

 private:
  State start() const {
    State state;
    state.left = race_.faults;
    for (std::size_t key = 0; key < race_.starts.size(); ++key) {
      Row& row = state.rows[key];
      row.version = row.given = row.at_replica = race_.starts[key] == Start::absent ? 0 : 1;
      if (race_.starts[key] != Start::warm) continue;
      if (race_.strategy.write == Write::bump_version) state.counter = 1;
      Actor prefill{.key = key, .version = 1, .name = state.counter};
      Effects(race_.strategy, state, 0).store(prefill);
    }
    state.actors_begun = race_.clients.size();
    for (std::size_t client = 0; client < race_.clients.size(); ++client)
      begin(state.actors[client], client, 0);
    return state;
  }

  // The client's operation of that number, if there is one.
  void begin(Actor& actor, std::size_t client, std::size_t number) const {
    actor = {.owner = client, .operation = number};
    actor.process = client % static_cast<std::size_t>(race_.strategy.processes);
    if (race_.strategy.load == Load::read_through) actor.process = 0;
    if (number == race_.clients[client].size()) return;
    const Operation& operation = race_.clients[client][number];
    actor.key = operation.key;
    actor.reads = operation.kind == Operation::Kind::read;
    switch (operation.kind) {
      case Operation::Kind::read:
        actor.at = protocol_.read;
        return;
      case Operation::Kind::write:
        actor.at = protocol_.write;
        return;
      case Operation::Kind::evict:
        actor.at = protocol_.evict;
        return;
      case Operation::Kind::flush:
        actor.at = protocol_.flush;
        return;
    }
  }

  bool is_client(std::size_t actor) const { return actor < race_.clients.size(); }

  void go_on(const State& now, int step) {
    if (counts_.schedules > schedules_max_) return;
    bool over = true;
    for (std::size_t i = 0; i < now.actors_begun; ++i) over &= now.actors[i].at == done;
    if (over) {
      ++counts_.schedules;
      judge(counts_, race_, events_, static_cast<std::size_t>(step) - 1, now);
      return;
    }
    for (std::size_t i = 0; i < now.actors_begun; ++i)
      if (now.actors[i].at != done) act(now, i, step);
    if (race_.strategy.replicas > 0 && now.applied < now.committed) {
      State then = now;
      Effects(race_.strategy, then, step).apply_at_replica();
      descend(then, step);
    }
    expire(now, step);
    mishaps(now, step);
  }

  void descend(const State& then, int step) {
    ++counts_.transitions;
    go_on(then, step + 1);
  }

  // A step of an actor, to be added to what has happened.
  Event event(const State& now, std::size_t number, int step, Event::What what) const {
    const Actor& actor = now.actors[number];
    Event event{.what = what, .moment = static_cast<std::size_t>(step) - 1, .actor = number};
    event.is_client = is_client(number);
    event.is_late = actor.late;
    event.operation = actor.operation;
    if (event.is_client) event.kind = race_.clients[number][actor.operation].kind;
    event.effect = protocol_.code[static_cast<std::size_t>(actor.at)].effect;
    event.key = actor.key;
    return event;
  }

  void act(const State& now, std::size_t number, int step) {
    const Actor& actor = now.actors[number];
    const Instruction& next = protocol_.code[static_cast<std::size_t>(actor.at)];
    if (possible(race_.strategy, now, actor, next.effect) && in_turn(now, number))
      take(now, number, step, false);
    if (waits(next.effect)) take(now, number, step, true);  // gives up
    if (next.effect == Do::get && race_.strategy.read == Read::xfetch && actor.reads) {
      const Value* value = found(now.server[actor.key], actor.name);
      if (value && value->ttl_max > 0) take(now, number, step, true);
    }
    if (now.left.lose > 0 && is_message(next.effect) && !actor.late) {
      lose(now, number, step, false);
      lose(now, number, step, true);
    }
    if (now.left.crash > 0 && is_client(number) && actor.begun) crash(now, number, step);
  }

  // The change log is followed in the order of the commits of a row.
  static bool in_turn(const State& now, std::size_t number) {
    if (now.actors[number].task != Task::cdc) return true;
    for (std::size_t i = 0; i < number; ++i)
      if (now.actors[i].task == Task::cdc && now.actors[i].key == now.actors[number].key &&
          now.actors[i].at != done)
        return false;
    return true;
  }

  // The effect takes place; `otherwise` with the other outcome of those that
  // have two.
  void take(const State& now, std::size_t number, int step, bool otherwise) {
    State then = now;
    Actor& actor = then.actors[number];
    const Instruction& next = protocol_.code[static_cast<std::size_t>(actor.at)];
    Event happened = event(now, number, step, Event::What::happened);
    Outcome outcome = Outcome::no;
    if (!otherwise || !waits(next.effect))
      outcome = Effects(race_.strategy, then, step).perform(actor, next.effect);
    if (otherwise) outcome = waits(next.effect) ? Outcome::no : Outcome::refused;
    happened.outcome = outcome;
    happened.key = actor.key;
    if (actor.late) {
      happened.version = actor.version;
      actor.at = done;
    } else {
      start_tasks(then, number, next, outcome);
      actor.begun = true;
      if (outcome == Outcome::yes) actor.at = next.yes;
      if (outcome == Outcome::no) actor.at = next.no;
      if (outcome == Outcome::refused) actor.at = next.refused;
      settle(then, number, happened);
    }
    events_.push_back(happened);
    descend(then, step);
    events_.pop_back();
  }

  // An operation that is over responds, and the next one begins.
  void settle(State& then, std::size_t number, Event& event) const {
    Actor& actor = then.actors[number];
    event.version = actor.version;
    if (actor.at == failed) actor.fails = true;
    if (actor.at != done && actor.at != failed) return;
    event.responds = true;
    event.answers = !actor.fails;
    actor.at = done;
    if (!is_client(number)) return;
    begin(actor, number, actor.operation + 1);
    actor.begun = true;
  }

  void lose(const State& now, std::size_t number, int step, bool late) {
    State then = now;
    --then.left.lose;
    Event lost = event(now, number, step, late ? Event::What::comes_late : Event::What::lost);
    if (late) {
      if (then.actors_begun == actors_max) std::abort();
      Actor& command = then.actors[then.actors_begun++];
      command = then.actors[number];
      command.late = true;
    }
    Actor& actor = then.actors[number];
    const Instruction& next = protocol_.code[static_cast<std::size_t>(actor.at)];
    actor.at = next.unanswered;
    actor.begun = true;
    if (next.effect >= Do::db_read && next.effect <= Do::db_commit) actor.fails = true;
    settle(then, number, lost);
    events_.push_back(lost);
    descend(then, step);
    events_.pop_back();
  }

  void crash(const State& now, std::size_t number, int step) {
    State then = now;
    --then.left.crash;
    for (std::size_t i = 0; i < then.actors_begun; ++i) {
      Actor& actor = then.actors[i];
      if (i == number || (actor.owner == number && actor.in_process && !actor.late))
        actor.at = done;
    }
    Row& row = then.rows[now.actors[number].key];
    if (row.writing != 0 && row.writing == now.actors[number].version) row.writing = 0;
    events_.push_back(event(now, number, step, Event::What::crashed));
    descend(then, step);
    events_.pop_back();
  }

  void start_tasks(State& then, std::size_t number, const Instruction& next,
                   Outcome outcome) const {
    const auto processes = static_cast<std::size_t>(race_.strategy.processes);
    for (std::size_t process = 0; next.messages && process < processes; ++process)
      if (process != then.actors[number].process) start(then, number, Task::message, process);
    if (next.starts == Task::none) return;
    const bool found_soft = outcome == Outcome::refused || next.effect == Do::local_set;
    if (next.starts == Task::refresh && (!found_soft || !refreshes())) return;
    if (next.starts == Task::flush && flushing(then)) return;
    start(then, number, next.starts, then.actors[number].process);
  }

  void start(State& then, std::size_t number, Task what, std::size_t process) const {
    if (then.actors_begun == actors_max) std::abort();
    const Actor& starter = then.actors[number];
    Actor& task = then.actors[then.actors_begun++];
    task = {.at = protocol_.task[static_cast<std::size_t>(what)], .task = what};
    task.owner = starter.owner;
    task.key = starter.key;
    task.version = starter.version;
    task.name = starter.name;
    task.process = process;
    task.reads = what == Task::refresh;
    task.in_process =
        what == Task::refresh || (what == Task::second_delete && !race_.strategy.durable);
  }

  static bool flushing(const State& now) {
    for (std::size_t i = 0; i < now.actors_begun; ++i)
      if (now.actors[i].task == Task::flush && now.actors[i].at != done) return true;
    return false;
  }

  bool refreshes() const {
    return race_.strategy.read == Read::stale_while_revalidate ||
           race_.strategy.read == Read::refresh_ahead;
  }

  void expire(const State& now, int step) {
    for (const Timer& timer : next_timers(now)) {
      State then = now;
      fire(race_.strategy, then, timer, step);
      descend(then, step);
    }
  }

  void mishaps(const State& now, int step) {
    if (now.left.evict > 0)
      for (const Timer& victim : evictable(now)) {
        State then = now;
        --then.left.evict;
        evict(race_.strategy, then, victim, step);
        descend(then, step);
      }
    if (now.left.flush > 0 && !evictable(now).empty()) {
      State then = now;
      --then.left.flush;
      Effects(race_.strategy, then, step).flush_server();
      descend(then, step);
    }
  }

  const Race& race_;
  Protocol protocol_;
  std::uint64_t schedules_max_;
  Counts counts_;
  std::vector<Event> events_;
};

}  // namespace

std::optional<Counts> explore(const Race& race, std::uint64_t schedules_max) {
  return Exploration(race, schedules_max).run();
}

}  // namespace cacherace::oracle
