#pragma once
// An application under control: which of its commands takes effect next is decided here.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/drive/control/party.hpp"
#include "sim/drive/control/stage.hpp"
#include "sim/search/rerun.hpp"

namespace cacherace::drive {

/// A server or the application cannot be used any more.
struct StageTrouble {
  Problems problems;
};

/// A step that took effect, for people.
struct ShownStep {
  std::string client;     // "reader 1"
  std::string operation;  // "GET /users/7"
  Store store = Store::redis;
  bool is_fault = false;
  std::string label, command, answer;
  std::vector<search::Touch> touches;
  bool was_blocked = false;
  std::vector<std::pair<std::string, std::string>> cache;  // afterwards, where it was asked for
};

/// What was noticed over all executions that makes a result weaker.
struct Noticed {
  std::uint64_t ambiguous = 0;     // commands of which it is not known who sent them
  std::uint64_t uncontrolled = 0;  // commands that nobody was stepped for
  std::uint64_t behind = 0;        // commands that waited for another one on their connection
  std::uint64_t queued = 0;        // steps that only sent commands
  std::uint64_t stuck = 0;         // executions in which nothing happened any more
  std::uint64_t waits = 0;         // requests that waited within the application for another one
  std::uint64_t pushes = 0;        // messages that were held
  std::uint64_t judged = 0;        // answers of reads that began when all writes were acknowledged
  std::set<std::string> says;
};

class Driven : public search::Rerunnable, private Watcher {
 public:
  Driven(Loop& loop, const DriveFile& file);

  Result<void> set_up();

  void begin() override;
  std::vector<search::Choice> choices() override;
  std::optional<search::Effected> step(const std::string& choice) override;
  bool finish() override;
  void give_up() override;
  void leave_out(const std::set<std::string>& names) override { left_out_ = names; }

  /// The same for these requests alone, from where things are: nothing is reset.
  void begin_again(std::vector<std::size_t> which);

  /// Only these requests take part, of `parties()`; all if empty.
  void take_part(std::vector<std::size_t> which) { taking_part_ = std::move(which); }
  /// What the check and its result are, after finish().
  const std::string& found() const { return found_; }
  /// Keys whose entries were not what the read stores in an empty cache, after finish().
  const std::set<std::string>& wrong_keys() const { return wrong_keys_; }
  const std::vector<ShownStep>& steps() const { return steps_; }
  const std::vector<Party>& parties() const { return parties_; }
  bool takes_part(const Party& party) const { return !left_out_.contains(party.name); }
  const Noticed& noticed() const { return noticed_; }
  Stage& stage() { return *stage_; }

  /// From now on what the cache holds is noted after each step.
  void note_cache() { notes_cache_ = true; }
  /// Asks the read request without control. "200 {…}".
  std::string ask(const RequestSection& request);
  /// Nothing is held until the next begin().
  void let_go();
  /// Listens for commands that nobody is stepped for.
  void linger(std::chrono::milliseconds time);
  /// What the requests of a section are known to send.
  void know(const RequestSection& section, std::set<std::string> labels) {
    known_labels_[&section] = std::move(labels);
  }

 private:
  bool is_free() const override { return free_; }
  void arrived(const std::shared_ptr<Unit>& unit) override;
  void answered(Unit& unit) override;
  void closed(std::size_t connection) override;
  void noticed(const std::string& what) override { noticed_.says.insert(what); }

  struct Option {
    enum class Kind {
      start,
      deliver,
      forward,
      background,
      push,
      evict,
      flush,
      kill,         // the application ends in the middle of its work, and starts again
      lose,         // a message to a subscriber does not arrive
      drop_answer,  // the connection is lost after the effect, before its answer
      drop_next     // and before the effect of the next command
    } kind{};
    std::size_t party = 0;
    std::shared_ptr<Unit> unit;
    std::string key;
    search::Choice choice;
  };
  void prepare(bool reset);
  void record(ShownStep step);
  std::vector<Option> options();
  void add_options_of(std::size_t party, std::vector<Option>& out);
  void add_faults(std::vector<Option>& out);
  std::optional<search::Effected> perform(const Option& option);
  std::optional<search::Effected> fault(const Option& option);
  std::optional<search::Effected> kill();
  /// A request has gone on without a new command: a step that shows nothing, unless it matters when
  /// that happens.
  search::Effected without_effect(const Party& party, bool shows);
  /// Commands have come that do not take effect yet: what comes later on their connections stands
  /// behind them.
  search::Effected sends(const Party& party, const std::vector<std::shared_ptr<Unit>>& units);
  void note_lost_waits();
  bool shows_ends() const { return faults_left_.drop > 0 || file_.judges_answers; }
  bool are_all_written() const;
  void note_wrong_keys(const std::vector<Stage::Entry>& before);
  /// Whether a read that began when all writes were acknowledged was answered otherwise than now.
  bool any_missed_writes(const RequestSection& request, const std::string& now);
  std::optional<search::Effected> drop(const Option& option, const std::shared_ptr<Unit>& unit);
  void start(Party& party);
  bool wait_for_background(Party& party);
  /// Of one that rests without a command or an answer: does it go on by itself, as after a sleep?
  bool wait_for_own_move(Party& party, const std::string& past);
  /// Delivers an answer, and before it those in front of it on its connection.
  bool deliver(std::size_t party, const std::shared_ptr<Unit>& unit);
  std::optional<search::Effected> forward(std::size_t party, const std::shared_ptr<Unit>& unit);
  /// Until nothing moves any more: false when that takes longer than the file's patience.
  bool settle();
  bool links_are_settled();
  std::vector<Threads::Look> look_at_all();
  bool any_runs();
  void find_blocked();
  bool is_first_on_link(const Unit& unit);
  std::size_t subscriber(std::size_t connection);
  void pump_all();
  void finish_parties();
  std::vector<std::size_t> resting() const;
  bool expects(const Party& party, const std::string& label) const;
  std::optional<std::size_t> owner_of(const Unit& unit);
  void find_owners();
  template <typename Done>
  void check(const Done& done) {
    if (!done) throw StageTrouble{done.error()};
  }

  Loop& loop_;
  const DriveFile& file_;
  std::vector<Party> parties_;
  std::vector<std::size_t> taking_part_;
  std::set<std::string> left_out_;
  std::vector<std::shared_ptr<Unit>> pushes_;
  std::vector<std::shared_ptr<Unit>> unowned_;     // that have come since the last rest
  std::map<std::string, std::string> next_label_;  // by what a party has done and been told
  std::set<std::string> waiting_pasts_;            // after which it waits for another request
  std::map<const RequestSection*, std::set<std::string>> known_labels_;
  bool knows(const Party& party, const std::string& label) const;
  bool free_ = true;
  bool notes_cache_ = false;
  bool spoiled_ = false;  // this execution cannot be judged
  std::optional<std::size_t> running_;
  std::size_t arrived_in_step_ = 0;
  std::vector<ShownStep> steps_;
  std::set<std::string> keys_seen_;
  FaultsSection faults_left_;
  std::string found_;
  std::set<std::string> wrong_keys_;
  Noticed noticed_;
  std::unique_ptr<Stage> stage_;  // the last one: when it goes, its connections are still heard
};

}  // namespace cacherace::drive
