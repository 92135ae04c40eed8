#include "sim/search/rerun.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/core/stream.hpp"

namespace cacherace::search {
namespace {

constexpr int tries_max = 3;  // of a beginning that does not repeat itself

struct Slept {
  std::string choice;
  std::vector<Touch> touches;
};

// A point at which something visible was chosen.
struct Node {
  std::vector<Choice> choices;
  std::vector<Slept> sleep;  // taken before, and swapped to behind what was taken since
  std::vector<Slept> done;   // taken here before
  // Taken before it and showed nothing, where no past tells: those are not taken by themselves.
  std::vector<std::string> quiet;
  Taken taken;
  std::vector<Touch> touches;
};

bool sleeps(const std::vector<Slept>& all, const std::string& choice) {
  return std::ranges::any_of(all, [&](const Slept& slept) { return slept.choice == choice; });
}

enum class Ended { complete, pruned, given_up, stuck, diverged };

class Exploration {
 public:
  Exploration(Rerunnable& system, const RerunOptions& options,
              const std::function<void(const RerunOutcome&)>& tell)
      : system_(system), options_(options), tell_(tell) {}

  RerunOutcome run() {
    options_.mode == RerunOptions::Mode::exhaustive ? exhaustive() : sampled();
    return std::move(outcome_);
  }

 private:
  bool may_go_on() const {
    if (options_.stop_at_first && outcome_.first) return false;
    if (options_.executions_max > 0 && outcome_.executions >= options_.executions_max) return false;
    return !options_.go_on || options_.go_on();
  }

  // Steps that are known to show nothing are taken at once: they change nothing for the others.
  bool settle(std::vector<Choice>& choices) {
    for (;;) {
      choices = system_.choices();
      const auto known = std::ranges::find_if(choices, [&](const Choice& choice) {
        return !choice.past.empty() && invisible_.contains(choice.past);
      });
      if (known == choices.end()) return true;
      const auto step = system_.step(known->name);
      if (!step) return false;
      if (step->visible) {  // the past did not decide it
        invisible_.erase(known->past);
        ++outcome_.divergent;
        return false;
      }
      quiet_.push_back(known->name);
    }
  }

  const Choice* find(const std::vector<Choice>& choices, const std::string& name) const {
    const auto found = std::ranges::find(choices, name, &Choice::name);
    return found == choices.end() ? nullptr : &*found;
  }

  // Takes the steps of the stack again, up to the last one, which is new.
  Ended repeat_beginning() {
    for (std::size_t depth = 0; depth + 1 < stack_.size(); ++depth) {
      std::vector<Choice> choices;
      if (!settle(choices)) return Ended::diverged;
      const Node& node = stack_[depth];
      for (const std::string& name : node.quiet) {
        const auto step = system_.step(name);
        if (!step) return Ended::given_up;
        if (step->visible) return Ended::diverged;
        if (!settle(choices)) return Ended::diverged;
      }
      if (find(choices, node.taken.choice) == nullptr) return Ended::diverged;
      const auto step = system_.step(node.taken.choice);
      if (!step) return Ended::given_up;
      if (!step->visible || step->label != node.taken.label) return Ended::diverged;
      quiet_.clear();
    }
    return Ended::complete;
  }

  Ended go(const std::function<std::optional<std::string>(const Node&)>& choose) {
    for (;;) {
      std::vector<Choice> choices;
      if (!settle(choices)) return Ended::stuck;
      const bool is_new = fresh_;
      if (choices.empty() && is_new) return Ended::complete;
      if (choices.empty()) {  // nothing visible was left at this point
        const bool is_first = stack_.back().done.empty();
        stack_.pop_back();
        fresh_ = true;
        return is_first ? Ended::complete : Ended::pruned;
      }
      if (is_new) {
        Node node;
        if (!stack_.empty() && options_.reduce) node.sleep = sleep_after(stack_.back());
        stack_.push_back(std::move(node));
        fresh_ = false;
      }
      Node& node = stack_.back();
      node.choices = choices;
      const auto chosen = choose(node);
      if (!chosen) return Ended::pruned;
      const std::string past = find(choices, *chosen)->past;
      const auto step = system_.step(*chosen);
      if (!step) {
        node.done.push_back({*chosen, {}});
        return Ended::given_up;
      }
      if (!step->visible) {
        if (!past.empty())
          invisible_.insert(past);
        else
          node.quiet.push_back(*chosen);
        if (!past.empty() && step->ends) ending_.insert(past);
        quiet_.push_back(*chosen);
        continue;  // the same point, without it
      }
      node.taken = {*chosen, step->label, std::exchange(quiet_, {})};
      node.touches = step->touches;
      fresh_ = true;
      if (stack_.size() >= options_.steps_max) return Ended::given_up;
    }
  }

  std::vector<Slept> sleep_after(const Node& node) const {
    std::vector<Slept> out;
    for (const auto* from : {&node.sleep, &node.done})
      for (const Slept& slept : *from)
        if (!sleeps(out, slept.choice) && independent(slept.touches, node.touches))
          out.push_back(slept);
    return out;
  }

  Order order() const {
    Order out;
    for (const Node& node : stack_) out.push_back(node.taken);
    if (!fresh_ && !out.empty()) out.pop_back();
    return out;
  }

  void count_complete() {
    const bool violated = system_.finish();
    ++outcome_.executions;
    Order taken = order();
    std::vector<std::pair<std::string, std::string>> steps;
    for (const Taken& step : taken) steps.emplace_back(step.choice, step.label);
    if (!seen_.insert(std::move(steps)).second) {
      if (tell_) tell_(outcome_);
      return;
    }
    ++outcome_.orders;
    if (violated) {
      ++outcome_.violating;
      outcome_.found_at.push_back(outcome_.executions);
      if (!outcome_.first) outcome_.first = std::move(taken);
    }
    if (tell_) tell_(outcome_);
  }

  // The first choice that is neither asleep nor done.
  std::optional<std::string> first_open(const Node& node) const {
    for (const Choice& choice : node.choices)
      if (!sleeps(node.sleep, choice.name) && !sleeps(node.done, choice.name)) return choice.name;
    return std::nullopt;
  }

  bool has_open(const Node& node) const {
    return std::ranges::any_of(node.choices, [&](const Choice& choice) {
      return !sleeps(node.sleep, choice.name) && !sleeps(node.done, choice.name) &&
             (choice.past.empty() || !ending_.contains(choice.past));
    });
  }

  // From the last point back to one where something else can be taken; false when there is none.
  bool step_back() {
    if (fresh_ && !stack_.empty()) fresh_ = false;
    while (!stack_.empty()) {
      Node& node = stack_.back();
      if (!node.taken.choice.empty())
        node.done.push_back({std::exchange(node.taken, {}).choice, node.touches});
      node.quiet.clear();
      if (has_open(node)) return true;
      stack_.pop_back();
    }
    return false;
  }

  void exhaustive() {
    const auto choose = [this](const Node& node) { return first_open(node); };
    int tries = 0;
    bool more = true;
    while (more && may_go_on()) {
      system_.begin();
      quiet_.clear();
      Ended ended = repeat_beginning();
      if (ended == Ended::complete) ended = go(choose);
      if (ended == Ended::complete)
        count_complete();
      else
        system_.give_up();
      if (ended == Ended::diverged && ++tries < tries_max) continue;
      if (ended == Ended::diverged) ++outcome_.divergent;
      if (ended == Ended::given_up || ended == Ended::stuck) ++outcome_.abandoned;
      if (ended == Ended::pruned) ++outcome_.pruned;
      // A point that cannot be reached, or not left, is given up with all that was open there.
      const bool is_lost = ended == Ended::diverged || (ended == Ended::stuck && !fresh_);
      if (is_lost && !stack_.empty()) {
        stack_.pop_back();
        fresh_ = false;
      }
      tries = 0;
      more = step_back();
    }
    outcome_.exhausted = !more && outcome_.abandoned == 0 && outcome_.divergent == 0;
  }

  void sampled() {
    const bool pct = options_.mode == RerunOptions::Mode::pct;
    std::size_t longest = 1;
    for (std::uint64_t run = 0; may_go_on(); ++run) {
      Words words(options_.seed, run, Purpose::schedule);
      std::map<std::string, std::uint64_t> priorities;
      std::set<std::uint64_t> changes;
      if (pct)
        for (std::uint32_t i = 1; i < options_.pct_depth; ++i) changes.insert(words.below(longest));
      const auto choose = [&](const Node& node) -> std::optional<std::string> {
        if (!pct) return node.choices[words.below(node.choices.size())].name;
        const auto highest = [&] {
          std::string best;
          std::uint64_t at = 0;
          for (const Choice& choice : node.choices) {
            const auto [found, is_new] = priorities.try_emplace(choice.name, 0);
            if (is_new) found->second = (std::uint64_t{1} << 62U) + words.below(1U << 30U);
            if (best.empty() || found->second > at) best = choice.name, at = found->second;
          }
          return best;
        };
        if (changes.erase(stack_.size()) != 0) priorities[highest()] = changes.size();
        return highest();
      };
      stack_.clear();
      fresh_ = true;
      system_.begin();
      quiet_.clear();
      const Ended ended = go(choose);
      longest = std::max(longest, stack_.size());
      if (ended == Ended::complete)
        count_complete();
      else
        system_.give_up();
      if (ended != Ended::complete && ++outcome_.abandoned > 100 && outcome_.executions == 0)
        return;
    }
  }

  Rerunnable& system_;
  const RerunOptions& options_;
  const std::function<void(const RerunOutcome&)>& tell_;
  RerunOutcome outcome_;
  std::vector<Node> stack_;
  bool fresh_ = true;                // the last point's step was taken; the next one is a new point
  std::set<std::string> invisible_;  // pasts after which a party's next step shows nothing
  std::set<std::string> ending_;     // and after which it is over
  std::vector<std::string> quiet_;   // choices that showed nothing, since the last visible step
  std::set<std::vector<std::pair<std::string, std::string>>> seen_;  // complete orders
};

}  // namespace

namespace {

bool is_part_or_same(const std::string& item, const std::string& whole) {
  return whole.empty() || item == whole ||
         (item.starts_with(whole) && item[whole.size()] == part_of);
}

}  // namespace

bool independent(const std::vector<Touch>& a, const std::vector<Touch>& b) {
  for (const Touch& x : a)
    for (const Touch& y : b)
      if ((x.writes || y.writes) && x.store == y.store &&
          (is_part_or_same(x.item, y.item) || is_part_or_same(y.item, x.item)))
        return false;
  return true;
}

RerunOutcome explore_again(Rerunnable& system, const RerunOptions& options,
                           const std::function<void(const RerunOutcome&)>& tell) {
  return Exploration(system, options, tell).run();
}

Repeated repeat(Rerunnable& system, const Order& order) {
  Repeated out;
  system.begin();
  const auto is_there = [&](const std::vector<Choice>& choices, const std::string& name) {
    return std::ranges::any_of(choices, [&](const Choice& choice) { return choice.name == name; });
  };
  std::size_t quiet = 0;  // taken of those before the next step
  for (std::size_t at = 0; at < order.size();) {
    const auto choices = system.choices();
    if (quiet < order[at].before.size()) {
      const std::string& name = order[at].before[quiet++];
      if (!is_there(choices, name)) continue;
      const auto step = system.step(name);
      if (step && !step->visible) continue;
      out.diverged_at = at + 1;
      out.says = step ? fmt::format("{} does {}", name, step->label)
                      : fmt::format("{} could not be controlled", name);
      system.give_up();
      return out;
    }
    const bool there = is_there(choices, order[at].choice);
    const auto step = there ? system.step(order[at].choice) : std::nullopt;
    if (step && !step->visible) continue;
    if (step && step->label == order[at].label) {
      ++at;
      quiet = 0;
      continue;
    }
    out.diverged_at = at + 1;
    out.says = !there ? fmt::format("{} cannot go on", order[at].choice)
               : step ? fmt::format("{} does {}", order[at].choice, step->label)
                      : fmt::format("{} could not be controlled", order[at].choice);
    system.give_up();
    return out;
  }
  // Whoever has not ended yet goes on in order; nothing visible is left.
  for (auto choices = system.choices(); !choices.empty(); choices = system.choices()) {
    const auto step = system.step(choices.front().name);
    if (step && !step->visible) continue;
    out.diverged_at = order.size() + 1;
    out.says = step ? fmt::format("{} goes on with {}", choices.front().name, step->label)
                    : fmt::format("{} could not be controlled", choices.front().name);
    system.give_up();
    return out;
  }
  out.followed = true;
  out.violated = system.finish();
  return out;
}

}  // namespace cacherace::search
