#pragma once
// A race as a graph of packed states, for searches that recognise where they have been.

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_map.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/monitor.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/engine/race/race_timing.hpp"

namespace cacherace::engine {

/// A state of the race is packed into words: the number of all that the clients share (caches,
/// database, order of expiry, faults that are left), the number of each client's own state, and
/// what a monitor remembers. Parts are numbered as they are first met, so equal words mean equal
/// states, exactly; and what a client's next effect leads to is computed once for each pair of
/// parts. Not a value: it learns as it goes, and serves one thread.
class RaceGraph {
 public:
  struct Options {
    /// Clients that do the same are interchangeable: states that differ in which of them is where
    /// are one. Ignored where it would not be sound: with tokens that name their client (locks,
    /// leases), flights, change data capture and listings.
    bool symmetry = true;
    /// A violation stays part of the state, so that complete executions with one can be told from
    /// those without.
    bool remembers_violation = false;
    /// Clients and tasks keep their places, as in Race::State: no symmetry, and the i-th move is
    /// the i-th choice of `Race::pending`, by the same actor. With timing see `Moves::choice`.
    bool keeps_places = false;
    /// Clocks run, and moves are bound to them. Clients and tasks keep their places then; the race
    /// is one of any time.
    const RaceTiming* timing = nullptr;
  };

  /// The ways to go on from one state; used again from state to state.
  class Moves {
   public:
    std::size_t size() const { return items_.size(); }
    std::span<const Word> next(std::size_t i) const {
      return {words_.data() + items_[i].begin, items_[i].words};
    }
    const Observed& observed(std::size_t i) const { return items_[i].observed; }
    /// Clients as they are numbered in the state that was expanded.
    Step step(std::size_t i) const;

    // With timing.
    /// Which choice of `Race::pending` it is. A step that lets others go on makes several moves,
    /// one after another: how they go on depends on when it comes.
    std::size_t choice(std::size_t i) const { return timed_[i].choice; }
    /// The move is possible while each of some clocks reads that. Its own client's clock, if it is
    /// bound to one, comes first.
    struct Guard {
      ClockId clock = no_clock;
      Duration earliest{};
      Duration latest = Duration::max();
    };
    std::span<const Guard> guards(std::size_t i) const { return timed_[i].guards; }
    /// Clocks that start again with the move, if they run after it.
    std::span<const ClockId> restarts(std::size_t i) const { return timed_[i].restarts; }
    /// What it measures, for the property.
    const std::optional<Span>& span(std::size_t i) const { return timed_[i].span; }
    /// And what it claims for it.
    std::span<const Claim> claims(std::size_t i) const {
      return std::span(claims_).subspan(timed_[i].claims, timed_[i].claims_count);
    }

   private:
    friend class RaceGraph;
    void clear();
    // The same move once more.
    void repeat(std::size_t i);
    // Room for the words of one more move.
    std::span<Word> add_words(std::size_t count) {
      const std::size_t begin = words_used_;
      words_used_ += count;
      if (words_.size() < words_used_) words_.resize(2 * words_used_);
      return {words_.data() + begin, count};
    }
    struct Item {
      std::size_t begin = 0, words = 0;
      Actor actor = 0, owner = 0;
      const Step* step = nullptr;
      Observed observed;
    };
    struct Timed {
      std::size_t choice = 0;
      boost::container::small_vector<Guard, 2> guards;
      boost::container::small_vector<ClockId, 4> restarts;
      std::size_t claims = 0, claims_count = 0;
      std::optional<Span> span;

      void bind(Guard guard) { guards.push_back(guard); }
    };
    std::vector<Word> words_;
    std::size_t words_used_ = 0;
    std::vector<Item> items_;
    std::vector<Timed> timed_;  // beside them, with timing
    std::vector<Claim> claims_;
    std::vector<std::shared_ptr<const Step>> steps_;  // those that the graph does not keep
  };

  RaceGraph(const Race& race, const Monitor& monitor, Options options);

  struct Start {
    std::vector<Word> state;
    Observed observed;
  };
  Start start();
  /// All moves, in the order of `Race::pending`; none when the execution is complete.
  void expand(std::span<const Word> state, Moves& moves);
  /// What it shows that so many claims of a move hold at once.
  Observed hold(std::size_t claims) const { return monitor_.hold(claims); }
  /// What the end of an execution shows.
  Observed end(std::span<const Word> state);
  /// A clock that runs in a state, and what it reads at the latest when something has to happen.
  struct Clock {
    ClockId id;
    Duration latest;
    bool any_age = false;  // in the first state: it may have run for any time
  };
  /// Valid until the next call.
  const std::vector<Clock>& clocks(std::span<const Word> state);
  /// Whether the property was violated on the way. Requires `remembers_violation`.
  bool violated(std::span<const Word> state) const { return state.back() != 0; }

  Race::State unpack(std::span<const Word> state) const;
  /// The memory that what it has learnt takes, about.
  std::uint64_t bytes() const;
  bool symmetric() const { return symmetric_; }

  /// An execution of the race that passes through the states of `way`, of which the first is the
  /// start and each is reached from the one before: its choices, as indices into `Race::pending`.
  /// Its last step violates if one can.
  std::vector<std::size_t> choices_along(std::span<const std::vector<Word>> way);

 private:
  // What all clients share.
  struct Shared {
    world::World world;  // without clients
    std::vector<Race::Expiring> expiring;
    scenario::Faults faults;
    bool operator==(const Shared&) const = default;
  };
  // A client's own.
  struct Local {
    world::Client client;
    std::uint16_t operation = 0;
    std::uint16_t script = 0;  // equal for clients that do the same; of a task: 0
    Race::TaskOf task;         // its owner is kept in the packed state
    // With timing.
    bool runs = false;         // it has a clock: since its last effect
    Gap gap;                   // what that reads at its next effect
    std::optional<Gap> freed;  // and what another reads, since it had to wait no longer
    std::uint32_t looks = 0;  // that it has waited for in this operation; from the first on a clock
    bool operator==(const Local&) const = default;
  };
  template <typename Part>
  struct Parts {
    std::deque<Part> by_number;
    boost::unordered_multimap<std::uint64_t, Word> by_digest;  // never iterated
    Word number(const Part& part, std::uint64_t digest);
  };
  // What one choice leads to, for any state with these parts.
  struct Known {
    Choice choice;
    Step step;
    bool known = false;  // it changes nothing but the two parts, and tasks as below
    bool last = false;
    Word shared = 0, local = 0;
    bool ends = false;          // as the task that it is
    std::vector<Word> started;  // local parts of tasks; known only for an owner without others
    bool changes_tasks() const { return ends || !started.empty(); }
  };
  struct KnownMoves {
    std::vector<Known> usual, lossy;
    std::optional<std::vector<Known>> crash;  // of a planned client without tasks
  };
  // Where the words of a packed state are.
  struct View {
    std::size_t actors, tasks;
    std::size_t local(std::size_t actor) const { return 2 + actor; }
    std::size_t owner(std::size_t task) const { return 2 + actors + task; }
    std::size_t memory() const { return 2 + actors + tasks; }
  };

  View view(std::span<const Word> words) const {
    return {.actors = words[1], .tasks = words[1] - planned_};
  }
  Monitor::Memory memory(std::span<Word> words) const;
  const Local& local(std::span<const Word> words, std::size_t actor) const {
    return locals_.by_number[words[2 + actor]];
  }
  bool busy(std::span<const Word> words, std::size_t actor) const {
    return busy_[words[2 + actor]] != 0;
  }

  Word number(const Shared& shared);
  Word number(const Local& local);
  Local local_of(const Race::State& state, std::size_t actor) const;
  void pack(const Race::State& state, std::span<const Word> before, const Step* step,
            std::vector<Word>& words);
  bool is_same(const Race::State& state, std::span<const Word> before, const Step* step,
               std::size_t actor) const;
  Step perform(Race::State& state, Choice choice) const;
  void ask(const Step& step, std::span<Word> words, Moves& moves);
  void bind_waiter(const Local& part, Choice choice, Moves::Timed& timed) const;
  void set_time(Local& local, const Race::State& state, std::span<const Word> before,
                const Step* step, std::size_t actor) const;
  // How a client goes on that was freed by the step of another, and when that is so.
  struct WayOn {
    Local local;
    std::optional<Moves::Guard> when = {};
    ClockId restarts = no_clock;
  };
  bool freed(const Race::State& state, std::size_t actor) const;
  boost::container::small_vector<WayOn, 2> ways_on(const Local& part, std::size_t actor) const;
  void free_others(std::span<const Word> words, const Race::State& next, Moves& moves);
  void bind(std::span<const Word> words, Choice choice, const Step& step,
            std::span<const Word> next, Moves& moves);
  static ClockId actor_clock(std::size_t actor);
  ClockId clock_of(const Race::Expiring& entry) const;
  Race::Choices choices_of(std::span<const Word> words, Actor actor);
  bool learns() const;
  void make_canonical(std::span<Word> words);
  std::vector<std::vector<Word>> tasks_of(std::span<const Word> words, std::size_t client) const;
  std::vector<Word> canonical(std::span<const Word> words);
  bool keeps_idle_tasks() const { return keeps_places_ || race_.coupled(); }
  std::size_t busy_tasks(std::span<const Word> words) const;

  KnownMoves& moves_of(std::span<const Word> words, Actor actor);
  KnownMoves& learn_moves(std::span<const Word> words, Actor actor, std::uint64_t parts);
  Known learn(std::span<const Word> words, Choice choice);
  std::vector<Known>& moves_of_clock(std::span<const Word> words);
  std::vector<Known>& faults_of_cache(std::span<const Word> words);
  bool has_no_other_tasks(std::span<const Word> words, Actor actor) const;
  bool learns_tasks() const { return learns() && !keeps_places_; }
  const Race::State& unpacked(std::span<const Word> words);

  void emit(std::span<const Word> words, Known& known, Actor actor, Moves& moves);
  void emit_crash(std::span<const Word> words, Actor actor, Moves& moves);
  void emit_known(std::span<const Word> words, const Known& known, Actor actor, Moves& moves);
  void emit_with_tasks(std::span<const Word> words, const Known& known, Actor actor, Moves& moves);
  void emit_unknown(std::span<const Word> words, Choice choice, Moves& moves);
  void settle(std::span<Word> next, Observed& observed);
  bool settles(View at) const {
    return monitor_.looks || options_.remembers_violation || symmetric_ || at.tasks > 1;
  }
  Observed look(std::span<Word> words);

  const Race& race_;
  const Monitor& monitor_;
  Options options_;
  std::size_t planned_;
  bool symmetric_ = false;
  bool keeps_places_;
  std::vector<std::uint16_t> script_of_;             // by planned client
  std::vector<std::vector<std::uint16_t>> classes_;  // of clients that do the same

  std::uint64_t worlds_bytes_ = 0;  // of the shared parts
  std::uint64_t moves_known_ = 0;   // of all parts
  Parts<Shared> shareds_;
  Parts<Local> locals_;
  std::vector<std::uint8_t> busy_;                               // by local part
  boost::unordered_flat_map<std::uint64_t, KnownMoves*> moves_;  // by shared and local part
  // Those that were asked for last, each at one place that its parts decide.
  struct Recent {
    std::uint64_t parts = ~std::uint64_t{0};
    KnownMoves* moves = nullptr;
  };
  std::vector<Recent> recent_ = std::vector<Recent>(512);
  std::deque<KnownMoves> moves_kept_;
  std::deque<std::vector<Known>> own_kept_;
  std::vector<std::vector<Known>*> clock_moves_, cache_faults_;  // by shared part
  std::vector<const std::vector<FinalKey>*> finals_;             // by shared part
  std::deque<std::vector<FinalKey>> finals_kept_;

  std::optional<Race::State> unpacked_;  // of the state that is being expanded
  std::vector<Word> scratch_, packed_, asked_;
  std::vector<Clock> clocks_;
  std::vector<ClockId> monitor_clocks_;
  std::vector<Claim> claims_;
  std::vector<Monitor::Pending> pending_;
};

}  // namespace cacherace::engine
