#include "tests/races/time_oracle.hpp"

#include <algorithm>
#include <limits>

#include "tests/races/time_oracle_waits.hpp"

namespace cacherace::test {
namespace {

using State = engine::Race::State;
using engine::Choice;
constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max() / 4;

struct Range {
  std::int64_t min = 0, max = none;
};
Range sum(Range a, Range b) { return {a.min + b.min, std::min(none, a.max + b.max)}; }

Range ends(const scenario::Latency& latency) {
  const auto& uniform = std::get<scenario::Uniform>(latency);  // the only kind that is drawn here
  return {uniform.min.count(), uniform.max.count()};
}

// One step of a schedule, and the state after it.
struct Moment {
  Choice choice;
  Step step;
  State after;
};

// What stands between an actor's place in a state and its next step.
struct Since {
  std::size_t step = 0;
  Range gap;
};

class Schedule {
 public:
  Schedule(const std::vector<Moment>& moments, const State& start, const engine::Race& race,
           const scenario::Scenario& scenario, const strategy::Strategy& strategy)
      : moments_(moments),
        start_(start),
        race_(race),
        scenario_(scenario),
        strategy_(strategy),
        times_(moments.size() + 1) {
    distance_.assign(times_ * times_, none);
    for (std::size_t i = 0; i < times_; ++i) at(i, i) = 0;
    for (std::size_t i = 0; i + 1 < moments.size(); ++i) at_least(i + 1, i, 0);
    for (std::size_t i = 0; i < moments.size(); ++i) {
      follow_actors(i);
      follow_entries(i);
      follow_replicas(i);
    }
    close();
  }

  bool possible() const { return possible_; }

  // The most that step `a` can be later than step `b`.
  std::int64_t most(std::size_t a, std::size_t b) const { return distance_[a * times_ + b]; }
  // From now on step `a` is at most so much later than step `b`; false where it cannot be.
  bool hold(std::size_t a, std::size_t b, std::int64_t bound) {
    if (most(b, a) + bound < 0) return false;
    if (most(a, b) <= bound) return true;
    for (std::size_t i = 0; i < times_; ++i)
      for (std::size_t j = 0; j < times_; ++j)
        if (most(i, a) < none && most(b, j) < none)
          at(i, j) = std::min(at(i, j), most(i, a) + bound + most(b, j));
    return true;
  }

  // From issue to effect, and from effect to reply.
  std::int64_t out_min(const Step& step) const { return out(step.effect.kind).min; }
  Range reply(const Step& step) const { return back(step); }

 private:
  std::int64_t& at(std::size_t a, std::size_t b) { return distance_[a * times_ + b]; }
  // t[a] - t[b] <= bound
  void at_most(std::size_t a, std::size_t b, std::int64_t bound) {
    at(a, b) = std::min(at(a, b), bound);
  }
  void at_least(std::size_t a, std::size_t b, std::int64_t bound) { at_most(b, a, -bound); }

  bool is_cache(EffectKind kind) const { return party(kind) == Party::cache; }

  Range out(EffectKind kind) const {
    const Range cache = ends(scenario_.cache.latency);
    if (is_cache(kind)) return {cache.min / 2, cache.max / 2};
    if (party(kind) == Party::process || kind == EffectKind::db_read) return {0, 0};
    return ends(scenario_.database.write);
  }
  Range back(const Step& step) const {
    if (step.turn == Turn::lost || step.turn == Turn::delayed) return {};  // no timeout is drawn
    const Range cache = ends(scenario_.cache.latency);
    if (is_cache(step.effect.kind)) return {cache.min - cache.min / 2, cache.max - cache.max / 2};
    return step.effect.kind == EffectKind::db_read ? ends(scenario_.database.read) : Range{0, 0};
  }
  Range pause() const { return {0, scenario_.race.pause_max.count()}; }

  const State& before(std::size_t i) const { return i == 0 ? start_ : moments_[i - 1].after; }

  void follow_actors(std::size_t i) {
    const auto& [choice, step, after] = moments_[i];
    const State& was = before(i);
    // Everybody who has to do something by some time has not passed it yet.
    follow_waits(i);
    for (const auto& [actor, since] : pending_)
      if (was.world.enabled(actor)) at_most(i, since.step, since.gap.max);
    const bool client = choice.actor < replica_actor;
    const bool crash = choice.kind == Choice::Kind::crash;
    if (client && !crash)
      if (const auto since = pending_.find(choice.actor); since != pending_.end())
        at_least(i, since->second.step, since->second.gap.min);
    const auto& clients = after.world.clients;
    for (Actor actor = 0; actor < std::max(clients.size(), was.world.clients.size()); ++actor) {
      const bool busy = actor < clients.size() && clients[actor].busy();
      const bool was_busy = actor < was.world.clients.size() && was.world.clients[actor].busy();
      if (!busy) {
        pending_.erase(actor);
        continue;
      }
      const auto& now = clients[actor];
      const auto planned = race_.plan().scripts.size();
      if (client && actor == choice.actor && !crash && (actor < planned || now.under_way)) {
        if (step.completes)
          pending_[actor] = {i, {sum(back(step), out(now.pending.kind)).min, none}};
        else if (now.task == Task::late)
          pending_[actor] = {i, {}};
        else
          pending_[actor] = {i, sum(sum(back(step), pause()), next(now.pending))};
      } else if (actor >= planned && (!was_busy || (client && actor == choice.actor))) {
        pending_[actor] = {i, first_of(now, after.tasks[actor - planned].durable, step)};
      } else if (was_busy && !was.world.enabled(actor) && after.world.enabled(actor)) {
        const auto since =
            pending_.find(actor);  // none: it has not begun, and may whenever it likes
        if (since != pending_.end()) since->second = {i, {0, since->second.gap.max}};
      }
    }
  }

  // A waiter has begun to wait before the first look that it waits for.
  void follow_waits(std::size_t i) {
    const Step& step = moments_[i].step;
    if (step.actor >= replica_actor) return;
    if (step.effect.kind == EffectKind::wait && step.happened()) {
      const std::size_t first = first_look_.try_emplace(step.actor, i).first->second;
      const std::int64_t left = step.effect.give_up.count() - step.effect.after.count();
      if (step.turn == Turn::branched)
        at_least(i, first, left);
      else
        at_most(i, first, left - 1);
    }
    if (step.completes || step.turn == Turn::crashed) first_look_.erase(step.actor);
  }

  Range next(const Effect& pending) const {
    if (pending.kind == EffectKind::wait) return {pending.after.count(), pending.after.count()};
    return out(pending.kind);
  }

  Range first_of(const world::Client& task, bool durable, const Step& cause) const {
    if (task.task == Task::late) return {};
    Range gap = sum(back(cause), out(task.pending.kind));
    if (!durable) gap = sum(gap, pause());
    switch (task.task) {
      case Task::second_delete: {
        const std::int64_t delay = strategy_.second_delete.delay.count();
        return sum(gap, {delay, delay});
      }
      case Task::flush: {
        const std::int64_t interval = strategy_.write_behind.interval.count();
        return sum(gap, {interval, interval});
      }
      case Task::tell:
        return sum(gap, ends(strategy_.local_cache->message));
      case Task::propagate: {
        const std::int64_t lag = std::get<scenario::Constant>(strategy_.lag).value.count();
        return sum(gap, {lag, lag});
      }
      default:
        return gap;
    }
  }

  using EntryId = std::pair<world::Name, bool>;
  struct Stored {
    std::size_t step;  // times_ - 1 stands for the time before the first step
    bool softened = false;
  };

  std::int64_t soft_of(const State& state, const engine::Race::Expiring& entry) const {
    const SimTime soft =
        entry.local ? never : state.world.cache.peek(entry.name, start_of_time).soft_at;
    return soft == never ? none : (soft - start_of_time).count();
  }

  // An entry is there until step i at most as long as its TTL, and expires no sooner.
  void follow_entries(std::size_t i) {
    const auto& [choice, step, after] = moments_[i];
    const State& was = before(i);
    using Kind = Choice::Kind;
    for (std::size_t n = 0; n < was.expiring.size(); ++n) {
      const auto& entry = was.expiring[n];
      const std::int64_t soft = soft_of(was, entry);
      const bool is_soft = soft < 0;
      const EntryId id{entry.name, entry.local};
      const bool old = entry.warm && !stored_.contains(id);
      // The clock of a warm entry starts some time before the first step.
      const std::size_t from = old ? warm(i, entry, was) : stored_.at(id).step;
      const bool soft_is_next = soft != none && !is_soft;
      const bool ends_ever = entry_expires(was, entry);
      const std::int64_t latest = soft_is_next ? soft : ends_ever ? entry.max.count() : none;
      at_most(i, from, latest);
      const bool acts = (choice.kind == Kind::expire || choice.kind == Kind::expire_local ||
                         choice.kind == Kind::soften) &&
                        choice.which == n;
      if (acts) at_least(i, from, soft_is_next ? soft : entry.min.count());
    }
    for (std::size_t n = after.expiring.size() - step.timers; n < after.expiring.size(); ++n)
      stored_[{after.expiring[n].name, after.expiring[n].local}] = {i};
  }

  static bool entry_expires(const State& state, const engine::Race::Expiring& entry) {
    const auto& cache = entry.local ? state.world.locals : state.world.cache;
    return cache.peek(entry.name, start_of_time).expires_at != never;
  }

  // Only one entry is warm in what is drawn, so one time is enough.
  std::size_t warm(std::size_t i, const engine::Race::Expiring&, const State&) {
    at_least(0, times_ - 1, 0);
    (void)i;
    return times_ - 1;
  }

  void follow_replicas(std::size_t i) {
    const auto& [choice, step, after] = moments_[i];
    const Range lag =
        scenario_.database.replicas.count > 0 ? ends(scenario_.database.replicas.lag) : Range{};
    const auto& database = before(i).world.database;
    for (std::uint32_t replica = 0; replica < database.replicas(); ++replica)
      for (auto commit = database.applied(replica); commit < database.commits(); ++commit)
        at_most(i, commits_[commit], lag.max);
    if (choice.kind == Choice::Kind::apply)
      at_least(i, commits_[database.applied(choice.which)], lag.min);
    while (commits_.size() < after.world.database.commits()) commits_.push_back(i);
  }

  // Ends at the first contradiction: from there on sums would only fall, without end.
  void close() {
    for (std::size_t k = 0; k < times_ && possible_; ++k) {
      for (std::size_t a = 0; a < times_; ++a)
        for (std::size_t b = 0; b < times_; ++b)
          if (at(a, k) < none && at(k, b) < none)
            at(a, b) = std::min(at(a, b), at(a, k) + at(k, b));
      for (std::size_t i = 0; i < times_; ++i) possible_ &= at(i, i) >= 0;
    }
  }

  const std::vector<Moment>& moments_;
  const State& start_;
  const engine::Race& race_;
  const scenario::Scenario& scenario_;
  const strategy::Strategy& strategy_;
  std::size_t times_;
  std::vector<std::int64_t> distance_;
  bool possible_ = true;
  std::map<Actor, Since> pending_;
  std::map<Actor, std::size_t> first_look_;
  std::map<EntryId, Stored> stored_;
  std::vector<std::size_t> commits_;
};

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
    const Schedule schedule(moments_, start_, race_, scenario_, strategy_);
    if (!schedule.possible()) return;
    ++counts_.possible;
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
