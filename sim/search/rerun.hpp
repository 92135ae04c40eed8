#pragma once
// Exploring a system that cannot be copied, only run again from its start: a real application, or a
// test harness. It knows no network and no clock.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cacherace::search {

/// Between an item and a part of it: "users", then "7".
inline constexpr char part_of = '\n';

/// What a step reads or writes. Two steps that touch nothing in common, or both only read it, can
/// be swapped.
struct Touch {
  std::string store;
  std::string item;  // "" for all of the store; an item has its parts in common with itself
  bool writes = false;
  bool operator==(const Touch&) const = default;
};
bool independent(const std::vector<Touch>& a, const std::vector<Touch>& b);

/// Something that may happen next.
struct Choice {
  std::string name;  // the same in every run that has begun alike
  /// What its party has done and been told so far: it decides what the step will be. "" when it
  /// does not, as where parties share memory.
  std::string past;
  std::string client = {};  // who does it; "" for what nobody does, as a fault of a server
  bool is_fault = false;
};

struct Effected {
  bool visible = true;  // false when nothing took effect, as at the end of a party: it changes
                        // nothing for the others
  std::string label;    // what it did, the same in every run that has begun alike
  std::vector<Touch> touches;
  bool ends = false;  // of one that is not visible: its party does nothing more
};

class Rerunnable {
 public:
  virtual ~Rerunnable() = default;
  /// Starts again from the same state.
  virtual void begin() = 0;
  /// What may happen now; empty at the end.
  virtual std::vector<Choice> choices() = 0;
  /// Performs one. Nothing when it could not be controlled: the execution is given up.
  virtual std::optional<Effected> step(const std::string& choice) = 0;
  /// After the last step, unless the execution is given up: judges. True when something is wrong.
  virtual bool finish() = 0;
  /// The execution ends here, before its end.
  virtual void give_up() = 0;
  /// From the next execution on these clients take no part. Without it, all always do.
  virtual void leave_out(const std::set<std::string>&) {}
};

/// A step of an execution.
struct Taken {
  std::string choice;
  std::string label;
  std::vector<std::string> before;  // choices that showed nothing, since the step before
};
using Order = std::vector<Taken>;  // of the visible steps

struct RerunOptions {
  enum class Mode { exhaustive, random, pct } mode = Mode::exhaustive;
  bool reduce = true;                // orders that differ in swaps alone are taken once
  bool stop_at_first = true;         // at the first execution in which something is wrong
  std::uint64_t executions_max = 0;  // 0 for no limit
  std::uint32_t steps_max = 1000;    // of one execution
  std::uint32_t pct_depth = 3;
  std::uint64_t seed = 1;
  std::function<bool()> go_on;  // asked between executions
};

struct RerunOutcome {
  std::uint64_t executions = 0;  // complete ones
  std::uint64_t orders = 0;      // different ones among them
  std::uint64_t violating = 0;   // of these
  std::uint64_t pruned = 0;      // executions that ended where an equal one had been before
  std::uint64_t abandoned = 0;   // branches that could not be controlled, or were too long
  std::uint64_t divergent = 0;   // branches whose beginning did not repeat itself, three times
  bool exhausted = false;        // every order was taken, up to swaps
  std::optional<Order> first;    // that violates
  std::vector<std::uint64_t> found_at;  // executions at which a new violating order came up
};

/// Explores. `tell` hears of each complete execution. Throws what the system throws.
RerunOutcome explore_again(Rerunnable& system, const RerunOptions& options,
                           const std::function<void(const RerunOutcome&)>& tell = {});

/// How one repetition went.
struct Repeated {
  bool followed = false;  // each step was there and did the same
  bool violated = false;
  std::size_t diverged_at = 0;  // from 1
  std::string says;             // what was there instead
};
Repeated repeat(Rerunnable& system, const Order& order);

}  // namespace cacherace::search
