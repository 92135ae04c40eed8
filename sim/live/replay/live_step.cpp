#include "sim/live/replay/live_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <type_traits>

#include "sim/core/utf8.hpp"
#include "sim/live/replay/real_commands.hpp"

namespace cacherace::live {
namespace {

const Arg* find(const Args& args, const std::string& name) {
  const auto found =
      std::find_if(args.begin(), args.end(), [&](const auto& arg) { return arg.first == name; });
  return found == args.end() ? nullptr : &found->second;
}

// Takes `end` from the end of `text`, if it is there.
bool take_end(std::string& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.resize(text.size() - end.size());
  return true;
}

LiveStep parse(const report::Step& step) {
  LiveStep out{.client = step.client, .effect = step.effect, .entry = {}, .result = step.result};
  out.args = step.args;
  out.is_sent = !take_end(out.effect, ", lost") && !take_end(out.effect, ", late");
  out.is_early = take_end(out.effect, ", early");
  if (!take_end(out.effect, ", giving up")) take_end(out.effect, ", false positive");
  if (const auto space = out.effect.find(' '); space != out.effect.npos) {
    out.entry = out.effect.substr(space + 1);
    out.effect.resize(space);
  }
  return out;
}

// Why no server of ours can perform it; "" when one can.
std::string unsupported(const LiveStep& step, const report::Step& saved) {
  if (!saved.line.empty()) return "a step of a script";
  if (step.effect == "db.apply") return "replicas";
  if (step.arg("from") == "replica") return "a read from a replica";
  if (step.effect == "crash") return "";
  if (find_command(real_commands(), step) == nullptr) return "this effect";
  if (step.effect == "cache.set-ttl" && step.arg("ttl") == "none") return "an entry without end";
  return "";
}

bool is_helper(const std::string& name) {
  return std::ranges::any_of(helper_keys, [&](auto helper) {
    return name.starts_with(std::string(helper) + ":") || name == helper;
  });
}

// What a step needs to know of those before it.
class Queue {
 public:
  void note(LiveStep& step) {
    const auto now = step.names("queue");
    if (step.effect == "cache.write")
      step.replaces_queued = now.size() == queue_.size();
    else if (step.effect == "queue.take")
      taken_[step.client] = step.arg("version");
    else if (step.effect == "db.write" && taken_.contains(step.client))
      step.queued = taken_[step.client];
    if (step.has("queue")) queue_ = now;
  }

 private:
  std::vector<std::string> queue_;
  std::map<std::string, std::string> taken_;  // by client
};

}  // namespace

LiveRace live_race(const report::Replay& replay) {
  LiveRace race{.title = replay.title,
                .strategy = replay.strategy,
                .property = replay.property,
                .says = replay.shown.says,
                .starts = replay.starts,
                .steps = replay.shown.steps,
                .end = {}};
  // A step that repeats another changes nothing, and has no state of its own.
  for (std::size_t i = 0; i < race.steps.size(); ++i)
    if (!race.steps[i].repeats) race.end = replay.shown.standings[i];
  return race;
}

bool LiveStep::has(const std::string& name) const { return find(args, name) != nullptr; }

std::string LiveStep::arg(const std::string& name) const {
  const Arg* found = find(args, name);
  if (found == nullptr) return "";
  return std::visit(
      [](const auto& value) -> std::string {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>)
          return value;
        else if constexpr (std::is_same_v<Value, std::vector<std::string>>)
          return "";
        else
          return fmt::format("{}", value);
      },
      *found);
}

std::vector<std::string> LiveStep::names(const std::string& name) const {
  const Arg* found = find(args, name);
  const auto* names = found == nullptr ? nullptr : std::get_if<std::vector<std::string>>(found);
  return names == nullptr ? std::vector<std::string>{} : *names;
}

Result<std::vector<LiveStep>> live_steps(const LiveRace& race) {
  Problems problems;
  const auto refuse = [&](const std::string& what) {
    problems.push_back({.kind = Problem::Kind::meaning,
                        .file = {},
                        .pointer = {},
                        .fact = "not supported on real servers: " + what,
                        .fix = {}});
  };
  for (const auto& [key, start] : race.starts)
    if (is_helper(key))
      refuse(
          fmt::format("the key \"{}\", which is named like what protects others", printable(key)));
  std::vector<LiveStep> steps;
  Queue queue;
  for (const auto& saved : race.steps) {
    LiveStep& step = steps.emplace_back(parse(saved));
    queue.note(step);
    const std::string reason = unsupported(step, saved);
    if (!reason.empty())
      refuse(fmt::format("{}: step {}, {} {}", reason, steps.size(), printable(saved.client),
                         printable(saved.effect)));
  }
  const bool uses_queue =
      std::ranges::any_of(steps, [](const LiveStep& step) { return step.effect == "cache.write"; });
  for (LiveStep& step : steps) step.uses_queue = uses_queue;
  if (!problems.empty()) return problems;
  return steps;
}

}  // namespace cacherace::live
