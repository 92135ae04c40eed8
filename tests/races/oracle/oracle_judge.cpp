#include "tests/races/oracle/oracle_judge.hpp"

#include <algorithm>

namespace cacherace::oracle {
namespace {

using What = Event::What;
using Kind = Operation::Kind;

bool commits(const Event& event) {
  return event.what == What::happened &&
         (event.effect == Do::db_write || event.effect == Do::db_commit);
}

bool queues(const Event& event) {
  return event.what == What::happened &&
         (event.effect == Do::write_cache || event.effect == Do::append);
}

bool answered(const Event& event, Kind kind) {
  return event.is_client && event.kind == kind && event.responds && event.answers;
}

// One execution. A judgement says whether the situation arose and whether the
// property is violated.
class Execution {
 public:
  Execution(const Race& race, const std::vector<Event>& events, std::size_t moments,
            const State& end)
      : race_(race), events_(events), moments_(moments), end_(end) {}

  std::array<Judged, properties.size()> judged() {
    return {residue(false),      residue(true),     read_your_writes(), monotonic(),
            no_dirty_reads(),    loads_in_flight(), exclusion(),        no_lost_writes(),
            every_key_expires(), linearizable()};
  }
  std::uint64_t loads_worst() const { return loads_worst_; }

 private:
  // The copies of a key that readers find, shared or local.
  std::vector<const Value*> copies(std::size_t key) const {
    std::vector<const Value*> copies;
    // A reader gives a version to a group that has none.
    const bool begins_anew = race_.strategy.write == Write::bump_version && end_.counter == 0;
    const int version = begins_anew && race_.strategy.seed_one ? 1 : end_.counter;
    if (const Value* shared = found(end_.server[key], version)) copies.push_back(shared);
    for (const auto& local : end_.locals)
      if (local[key].there) copies.push_back(&local[key]);
    return copies;
  }

  Judged residue(bool for_good) const {
    Judged judged;
    for (std::size_t key = 0; key < keys_max; ++key) {
      const bool committed = std::any_of(events_.begin(), events_.end(), [&](const Event& event) {
        return commits(event) && event.key == key;
      });
      for (const Value* copy : copies(key)) {
        const bool differs = copy->version != end_.rows[key].version;
        if (committed || differs) judged.arose = 1;
        const bool stays = !for_good || copy->ttl_max == 0;
        if (stays && differs) judged.violating = 1;
      }
    }
    return judged;
  }

  // Pairs of an event and a later answered read of the key by the same client.
  template <typename Earlier>
  Judged against_earlier(Earlier earlier) const {
    Judged judged;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event& one = events_[i];
      if (!one.is_client || one.is_late || !earlier(one)) continue;
      for (std::size_t j = i + 1; j < events_.size(); ++j) {
        const Event& read = events_[j];
        if (!answered(read, Kind::read) || read.actor != one.actor || read.key != one.key) continue;
        if (read.operation == one.operation) continue;
        judged.arose = 1;
        if (read.version < one.version) judged.violating = 1;
      }
    }
    return judged;
  }

  Judged read_your_writes() const {
    return against_earlier([](const Event& e) { return commits(e) || queues(e); });
  }

  Judged monotonic() const {
    return against_earlier([](const Event& e) { return answered(e, Kind::read); });
  }

  Judged no_dirty_reads() const {
    Judged judged;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event& read = events_[i];
      if (!answered(read, Kind::read)) continue;
      bool began = false, committed = read.version <= started(read.key);
      for (std::size_t j = 0; j < i; ++j) {
        const Event& one = events_[j];
        if (one.key != read.key || one.what != What::happened) continue;
        began |= queues(one) || one.effect == Do::db_begin;
        committed |= (commits(one) || queues(one)) && one.version == read.version;
      }
      judged.arose |= began;
      judged.violating |= !committed;
    }
    return judged;
  }

  int started(std::size_t key) const { return race_.starts[key] == Start::absent ? 0 : 1; }

  struct Interval {
    std::size_t key, from, to;  // the moments before these steps, both included
  };

  Interval interval(std::size_t i) const {
    const Event& load = events_[i];
    Interval interval{load.key, 0, moments_};
    // A late one is on its way since its client sent it.
    for (std::size_t j = 0; j < i; ++j)
      if (events_[j].actor == load.actor) interval.from = events_[j].moment + 1;
    if (load.is_late) return interval;
    for (std::size_t j = events_.size(); j-- > i + 1;)
      if (events_[j].actor == load.actor) interval.to = events_[j].moment;
    return interval;
  }

  Judged loads_in_flight() {
    std::vector<Interval> loads;
    for (std::size_t i = 0; i < events_.size(); ++i)
      if (events_[i].effect == Do::db_read && events_[i].what == What::happened)
        loads.push_back(interval(i));
    for (const Interval& one : loads)  // the worst moment is one at which a load begins
      loads_worst_ = std::max<std::uint64_t>(
          loads_worst_, static_cast<std::uint64_t>(
                            std::count_if(loads.begin(), loads.end(), [&](const Interval& other) {
                              return other.key == one.key && other.from <= one.from &&
                                     one.from <= other.to;
                            })));
    return {.arose = !loads.empty(), .violating = loads_worst_ > 1};
  }

  bool holds(std::size_t lock, std::size_t until) const {
    const Event& got = events_[lock];
    for (std::size_t i = lock; i < until; ++i) {
      const Event& event = events_[i];
      if (event.actor != got.actor) continue;
      if (event.what == What::crashed || event.responds || event.effect == Do::unlock ||
          event.effect == Do::unlock_any)
        return false;
    }
    return true;
  }

  Judged exclusion() const {
    Judged judged;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event& one = events_[i];
      if (one.effect != Do::lock || one.is_late || one.what != What::happened) continue;
      if (!got(one)) judged.arose = 1;
      for (std::size_t j = 0; j < i; ++j) {
        const Event& other = events_[j];
        if (other.effect != Do::lock || other.is_late || other.key != one.key ||
            other.actor == one.actor)
          continue;
        if (!got(other) || !holds(j, i)) continue;
        judged.arose = 1;
        if (got(one)) judged.violating = 1;
      }
    }
    return judged;
  }

  static bool got(const Event& lock) {
    return lock.what == What::happened && lock.outcome == Outcome::yes;
  }

  Judged no_lost_writes() const {
    Judged judged;
    for (const Event& event : events_) {
      if (!answered(event, Kind::write)) continue;
      judged.arose = 1;
      if (end_.rows[event.key].version < event.version) judged.violating = 1;
    }
    return judged;
  }

  Judged every_key_expires() const {
    Judged judged;
    const auto look = [&](const Timed& timed) {
      if (!timed.there) return;
      judged.arose = 1;
      if (timed.ttl_max == 0) judged.violating = 1;
    };
    for (const ServerKey& key : end_.server) {
      look(key.lock);
      for (const Value& value : key.values)
        if (!value.tombstone) look(value);
    }
    for (const auto& local : end_.locals)
      for (const Value& value : local) look(value);
    return judged;
  }

  Judged linearizable() const {
    Judged judged;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event& read = events_[i];
      if (!answered(read, Kind::read)) continue;
      for (const Event& one : events_)
        if ((commits(one) || queues(one)) && one.key == read.key) judged.arose = 1;
      std::size_t begin = i;  // its first step
      for (std::size_t j = i; j-- > 0;)
        if (events_[j].actor == read.actor && events_[j].operation == read.operation &&
            events_[j].is_client)
          begin = j;
      for (std::size_t j = 0; j < begin; ++j) {
        const Event& one = events_[j];
        if (one.key != read.key || !(answered(one, Kind::read) || answered(one, Kind::write)))
          continue;
        if (one.version > read.version) judged.violating = 1;
      }
    }
    return judged;
  }

  const Race& race_;
  const std::vector<Event>& events_;
  std::size_t moments_;
  const State& end_;
  std::uint64_t loads_worst_ = 0;
};

}  // namespace

void judge(Counts& counts, const Race& race, const std::vector<Event>& events, std::size_t moments,
           const State& end) {
  Execution execution(race, events, moments, end);
  const auto judged = execution.judged();
  for (std::size_t i = 0; i < properties.size(); ++i) {
    counts.judged[i].arose += judged[i].arose;
    counts.judged[i].violating += judged[i].violating;
  }
  counts.loads_worst = std::max(counts.loads_worst, execution.loads_worst());
}

}  // namespace cacherace::oracle
