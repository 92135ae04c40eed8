#include "tests/races/time_oracle/time_oracle.hpp"

#include <algorithm>

#include "tests/races/time_oracle/time_oracle_schedule.hpp"
#include "tests/races/time_oracle/time_oracle_waits.hpp"

namespace cacherace::test {
namespace {

// Depth first over all schedules.
class Enumeration {
 public:
  Enumeration(const engine::Race& race, const scenario::Scenario& scenario,
              const strategy::Strategy& strategy, std::uint64_t schedules_max)
      : race_(race),
        scenario_(scenario),
        strategy_(strategy),
        schedules_max_(schedules_max),
        start_(race.initial()) {
    counts_.properties.resize(judge::untimed_properties().size());
  }

  std::optional<InTimeCounts> run() {
    descend(start_, {});
    if (counts_.schedules > schedules_max_) return std::nullopt;
    return counts_;
  }

 private:
  // Of a client that waits it is known how often it looks again before it gives up.
  std::vector<Choice> pending(const State& state, const Waits& waits) const {
    std::vector<Choice> choices;
    for (const Choice choice : race_.pending(state)) {
      const bool client = choice.actor < replica_actor && choice.kind != Choice::Kind::crash;
      if (!client || state.world.clients[choice.actor].pending.kind != EffectKind::wait)
        choices.push_back(choice);
    }
    for (Actor actor = 0; actor < state.world.clients.size(); ++actor) {
      const auto& client = state.world.clients[actor];
      if (!client.busy() || client.pending.kind != EffectKind::wait) continue;
      if (waits.may_look(actor, client.pending)) choices.push_back({.actor = actor});
      if (waits.may_give_up(actor, client.pending))
        choices.push_back({.kind = Choice::Kind::branch, .actor = actor});
    }
    return choices;
  }

  void descend(const State& state, const Waits& waits) {
    if (counts_.schedules > schedules_max_) return;
    const auto choices = pending(state, waits);
    if (choices.empty()) return visit(state);
    for (const Choice choice : choices) {
      State next = state;
      const Step step = race_.step(next, choice);
      moments_.push_back({choice, step, next});
      Waits then = waits;
      then.follow(step);
      descend(next, then);
      moments_.pop_back();
    }
  }

  void visit(const State& state) {
    ++counts_.schedules;
    bool possible = false;
    Cases cases;
    do {
      const Schedule schedule(moments_, start_, race_, scenario_, strategy_, cases);
      if (!schedule.possible()) continue;
      possible = true;
      note(state, schedule);
    } while (cases.next());
    counts_.possible += possible;
  }

  void note(const State& state, const Schedule& schedule) {
    History history;
    for (const Moment& moment : moments_) history.steps.push_back(moment.step);
    history.finals = race_.finals(state);
    const auto properties = judge::untimed_properties();
    const auto intervals = seen_in_time(history, schedule);
    for (std::size_t i = 0; i < properties.size(); ++i) {
      if (const auto own = intervals.find(properties[i]->name); own != intervals.end()) {
        counts_.properties[i].add(own->second);
        continue;
      }
      const auto judgement = properties[i]->judge(history, properties[i]->limit);
      counts_.properties[i].add({.arose = judgement.arose,
                                 .violated = judgement.finding.has_value(),
                                 .measured = judgement.measured});
    }
    note_staleness(history, schedule);
    note_waits(history, schedule);
  }

  // What is about intervals of time, by the name of the property: from docs/properties.md.
  std::map<std::string_view, Observed> seen_in_time(const History& history,
                                                    const Schedule& schedule) const {
    return {{"loads-in-flight", loads_in_flight(history, schedule)},
            {"linearizable", linearizable(history, schedule)},
            {"no-dirty-reads", no_dirty_reads(history, schedule)}};
  }

  static bool is_client(const Step& step) {
    return step.task == Task::none && step.actor < replica_actor;
  }
  std::optional<std::size_t> next_of(const History& history, std::size_t of) const {
    const auto& steps = history.steps;
    for (std::size_t i = of + 1; i < steps.size(); ++i) {
      const bool same = steps[i].actor == steps[of].actor && steps[i].owner == steps[of].owner &&
                        steps[i].task == steps[of].task;
      if (same || (steps[i].turn == Turn::crashed && steps[i].actor == steps[of].owner)) return i;
    }
    return std::nullopt;
  }

  // A query is in flight from its issue, which is its effect, to its reply.
  struct Query {
    std::size_t issued;  // the step
    std::size_t served;
    std::optional<std::size_t> next;  // of its client
  };

  std::vector<Query> queries_of(const History& history) const {
    const auto& steps = history.steps;
    std::vector<Query> queries;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      if (step.effect.kind != EffectKind::db_read || !step.happened()) continue;
      if (step.task != Task::late) {
        queries.push_back({i, i, next_of(history, i)});
        continue;
      }
      for (std::size_t sent = i; sent-- > 0;)
        if (steps[sent].turn == Turn::delayed && steps[sent].owner == step.owner &&
            steps[sent].effect == step.effect) {
          queries.push_back({sent, i, std::nullopt});
          break;
        }
    }
    return queries;
  }

  // As many as can be in flight when one of them is issued.
  Observed loads_in_flight(const History& history, const Schedule& schedule) const {
    const auto queries = queries_of(history);
    std::uint64_t most = 0;
    for (const Query& query : queries) {
      std::vector<Query> others;
      for (const Query& other : queries) {
        const bool key =
            history.steps[other.issued].effect.key == history.steps[query.issued].effect.key;
        if (key && other.issued < query.issued && (!other.next || *other.next > query.issued))
          others.push_back(other);
      }
      most = std::max(most, 1 + at_once(history, schedule, query.issued, others));
    }
    return {.arose = most > 0, .violated = most > 1, .measured = most};
  }

  std::uint64_t at_once(const History& history, const Schedule& schedule, std::size_t moment,
                        std::vector<Query> left) const {
    if (left.empty()) return 0;
    const Query query = left.back();
    left.pop_back();
    const std::uint64_t without = at_once(history, schedule, moment, left);
    Schedule with = schedule;
    // The moment is no later than the reply, which is no later than the next command's issue.
    if (query.served < moment &&
        !with.hold(moment, query.served, with.reply(history.steps[query.served]).max))
      return without;
    if (query.next && history.steps[*query.next].turn != Turn::crashed &&
        !with.hold(moment, *query.next, -with.out_min(history.steps[*query.next])))
      return without;
    return std::max(without, 1 + at_once(history, with, moment, left));
  }

  // An operation is under way from the issue of its first command to the reply to its last one.
  Observed linearizable(const History& history, const Schedule& schedule) const {
    Observed seen;
    const auto& steps = history.steps;
    const auto row = [&](const Step& step) { return history.finals[step.effect.key].row; };
    for (std::size_t read = 0; read < steps.size(); ++read) {
      const bool answers =
          steps[read].completes && !steps[read].failed && steps[read].serves == OperationKind::read;
      if (!answers || !is_written(history, row(steps[read]))) continue;
      seen.arose = true;
      std::size_t first = read;
      for (std::size_t i = read; i-- > 0;)
        if (is_client(steps[i]) && steps[i].actor == steps[read].actor &&
            steps[i].operation == steps[read].operation)
          first = i;
      for (std::size_t other = 0; other < first; ++other) {
        const Step& before = steps[other];
        if (!before.completes || before.failed || row(before) != row(steps[read]) ||
            before.answer <= steps[read].answer || before.serves == OperationKind::mishap ||
            before.serves == OperationKind::background)
          continue;
        seen.violated |= schedule.most(first, other) >=
                         schedule.reply(before).min + schedule.out_min(steps[first]);
      }
    }
    return seen;
  }

  static bool writes(const Step& step, bool begins) {
    const EffectKind kind = step.effect.kind;
    if (!step.happened()) return false;
    if (kind == EffectKind::cache_write || kind == EffectKind::queue_append) return true;
    if (begins) return kind == EffectKind::db_begin;
    return kind == EffectKind::db_write || kind == EffectKind::db_commit;
  }
  static bool is_written(const History& history, Key row) {
    for (const Step& step : history.steps)
      if ((writes(step, true) || writes(step, false)) && history.finals[step.effect.key].row == row)
        return true;
    return false;
  }

  // A read returns its answer with the reply to its last command.
  Observed no_dirty_reads(const History& history, const Schedule& schedule) const {
    Observed seen;
    const auto& steps = history.steps;
    const auto row = [&](const Step& step) { return history.finals[step.effect.key].row; };
    for (std::size_t read = 0; read < steps.size(); ++read) {
      if (!steps[read].completes || steps[read].failed || steps[read].serves != OperationKind::read)
        continue;
      bool began = false, came_into_being = false;
      std::optional<std::size_t> written;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        if (row(steps[i]) != row(steps[read])) continue;
        const bool same = steps[i].reply.version == steps[read].answer;
        const bool queued = writes(steps[i], true), committed = writes(steps[i], false);
        began |= queued && i <= read;
        came_into_being |= same && (queued || committed);
        if (same && committed && !written) written = i;
      }
      seen.arose |= began;
      if (!began || !came_into_being || (written && *written <= read)) continue;
      seen.violated |= !written || schedule.most(*written, read) >= schedule.reply(steps[read]).min;
    }
    return seen;
  }

  // From when an operation first begins to wait until the reply with which it stops.
  void note_waits(const History& history, const Schedule& schedule) {
    struct Now {
      std::optional<std::size_t> last, first;  // step, and that which its wait counts from
      std::int64_t before = 0;
    };
    std::map<Actor, Now> clients;
    const auto& steps = history.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      if (step.actor >= race_.plan().scripts.size()) continue;
      Now& now = clients[step.actor];
      if (step.happened() && !now.first && step.effect.kind == EffectKind::flight_wait)
        now = {now.last, now.last, 0};
      if (step.happened() && !now.first && step.effect.kind == EffectKind::wait)
        now = {now.last, i, step.effect.after.count()};
      if (step.happened() && now.first && stops_waiting(history, i)) {
        std::int64_t most = schedule.most(i, *now.first) + schedule.reply(step).max;
        const auto next = next_of(history, i);
        if (next && steps[*next].turn != Turn::crashed)
          most = std::min(most, schedule.most(*next, *now.first) - schedule.out_min(steps[*next]));
        note(counts_.wait, most, -now.before);
        now.first.reset();
      }
      now.last = i;
      if (step.completes) now.first.reset();
    }
  }

  // It has given up, or its look has found what it waited for.
  bool stops_waiting(const History& history, std::size_t now) const {
    const Step& step = history.steps[now];
    const bool keeps_copy = strategy_.local_cache.has_value();
    switch (step.effect.kind) {
      case EffectKind::wait:
        return step.turn == Turn::branched;
      case EffectKind::flight_wait:
        return true;
      case EffectKind::cache_lock:
        return step.reply.found;
      case EffectKind::cache_lease_get:
        return step.reply.found ? !keeps_copy : !step.reply.refused;
      case EffectKind::cache_get:
        return step.reply.found && !step.reply.soft && !keeps_copy;
      case EffectKind::local_get:
        return step.reply.found && !step.reply.soft;
      case EffectKind::local_set: {  // after a hit in the shared cache
        std::size_t look = now;
        while (history.steps[--look].actor != step.actor) continue;
        return !history.steps[look].reply.soft;
      }
      case EffectKind::filter_check:
        return !step.reply.found;
      default:
        return false;
    }
  }

  static void note(std::optional<std::int64_t>& worst, std::int64_t time, std::int64_t lead) {
    if (!worst) return;
    if (time >= none / 2)
      worst.reset();
    else
      worst = std::max(*worst, time - lead);
  }

  void note_staleness(const History& history, const Schedule& schedule) {
    const auto& steps = history.steps;
    for (std::size_t read = 0; read < steps.size(); ++read) {
      if (!steps[read].completes || steps[read].failed || steps[read].serves != OperationKind::read)
        continue;
      std::size_t first = read;
      for (std::size_t i = read; i-- > 0;)
        if (steps[i].actor == steps[read].actor && steps[i].task == Task::none &&
            steps[i].operation == steps[read].operation)
          first = i;
      const bool by_cache = party(steps[first].effect.kind) == Party::cache;
      const std::int64_t lead = by_cache ? ends(scenario_.cache.latency).min / 2 : 0;
      note_oldest(history, schedule, read, first, lead);
    }
  }

  void note_oldest(const History& history, const Schedule& schedule, std::size_t read,
                   std::size_t first, std::int64_t lead) {
    const auto& steps = history.steps;
    std::optional<std::size_t> commit;
    const auto row = [&](const Step& step) { return history.finals[step.effect.key].row; };
    for (std::size_t i = 0; i < read; ++i) {
      const bool commits = (steps[i].effect.kind == EffectKind::db_write ||
                            steps[i].effect.kind == EffectKind::db_commit) &&
                           steps[i].happened();
      if (commits && row(steps[i]) == row(steps[read]) &&
          steps[i].reply.version > steps[read].answer &&
          (!commit || steps[i].reply.version < steps[*commit].reply.version))
        commit = i;
    }
    if (commit) note(counts_.staleness, schedule.most(first, *commit), lead);
  }

  const engine::Race& race_;
  const scenario::Scenario& scenario_;
  const strategy::Strategy& strategy_;
  std::uint64_t schedules_max_;
  State start_;
  std::vector<Moment> moments_;
  InTimeCounts counts_;
};

}  // namespace

std::optional<InTimeCounts> count_in_time(const engine::Race& race,
                                          const scenario::Scenario& scenario,
                                          const strategy::Strategy& strategy,
                                          std::uint64_t schedules_max) {
  return Enumeration(race, scenario, strategy, schedules_max).run();
}

}  // namespace cacherace::test
