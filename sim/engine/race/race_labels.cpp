// The names of steps, as in interleavings and counterexample files.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/engine/race/race.hpp"

namespace cacherace::engine {
namespace {

using Kind = Choice::Kind;

std::string version_text(Version version) {
  return version == 0 ? "no row" : fmt::format("v{}", version);
}

std::string space_prefix(world::Space space) {
  switch (space) {
    case world::Space::value:
      return "";
    case world::Space::lock:
      return "lock:";
    case world::Space::lease:
      return "lease:";
    case world::Space::generation:
      return "generation:";
    case world::Space::marker:
      return "marker:";
    case world::Space::stale:
      return "stale:";
    case world::Space::version:
      return "version:";
    case world::Space::named:
      return "";
  }
  SIM_ASSERT(false);
  return "";
}

bool about_version(EffectKind kind) {
  return kind == EffectKind::cache_get_version || kind == EffectKind::cache_seed_version ||
         kind == EffectKind::cache_bump_version;
}

bool about_all(EffectKind kind) {
  return kind == EffectKind::cache_flush || kind == EffectKind::cache_restart ||
         kind == EffectKind::queue_take;
}

std::string other_outcome(EffectKind kind) {
  return kind == EffectKind::cache_get      ? ", early"
         : kind == EffectKind::filter_check ? ", false positive"
                                            : ", giving up";
}

std::string found_text(const Effect& effect, const Reply& reply) {
  switch (effect.kind) {
    case EffectKind::cache_get:
    case EffectKind::local_get:
      if (!reply.found) return "miss";
      return fmt::format("{}hit {}", reply.soft ? "soft " : "", version_text(reply.version));
    case EffectKind::cache_lease_get:
      if (reply.found && reply.refused) return fmt::format("stale {}", version_text(reply.version));
      if (reply.found) return fmt::format("hit {}", version_text(reply.version));
      return reply.refused ? "refused" : fmt::format("token {}", reply.token);
    case EffectKind::cache_set:
    case EffectKind::local_set:
      return reply.found || effect.kind == EffectKind::local_set
                 ? fmt::format("stored {}", version_text(effect.version))
                 : fmt::format("refused {}", version_text(effect.version));
    case EffectKind::cache_del:
      if (reply.refused) return "newer stays";
      [[fallthrough]];
    case EffectKind::local_del:
      return reply.found ? fmt::format("deleted {}", version_text(reply.version)) : "no entry";
    case EffectKind::cache_set_ttl:
    case EffectKind::cache_clean:
      return reply.found ? "done" : "no entry";
    case EffectKind::cache_lock:
      return reply.found ? "locked" : "held";
    case EffectKind::cache_unlock:
    case EffectKind::cache_unlock_any:
      return reply.found ? "unlocked" : "not its own";
    case EffectKind::cache_get_version:
      return reply.found ? fmt::format("version {}", reply.token) : "miss";
    case EffectKind::cache_seed_version:
    case EffectKind::cache_bump_version:
      return fmt::format("version {}", reply.token);
    case EffectKind::cache_mark:
      return "marked";
    case EffectKind::cache_get_mark:
      return reply.found ? "marked" : "not marked";
    case EffectKind::cache_keys:
    case EffectKind::cache_scan:
      return reply.found ? "listed" : "none";
    case EffectKind::cache_del_listed:
      return fmt::format("deleted {}", reply.count);
    case EffectKind::cache_write:
    case EffectKind::queue_append:
      return fmt::format("queued v{}", reply.version);
    case EffectKind::cache_expire:
      return static_cast<world::Space>(effect.token) == world::Space::value && reply.version != 0
                 ? fmt::format("expired v{}", reply.version)
                 : "expired";
    case EffectKind::cache_soften:
      return static_cast<world::Space>(effect.token) == world::Space::lease
                 ? "rate over"
                 : fmt::format("soft v{}", reply.version);
    case EffectKind::cache_evict:
      return reply.found ? "evicted" : "no entry";
    case EffectKind::cache_flush:
    case EffectKind::cache_restart:
      return "emptied";
    case EffectKind::db_read:
      return reply.found ? fmt::format("row v{}", reply.version) : "no row";
    case EffectKind::db_write:
    case EffectKind::db_commit:
      return fmt::format("committed v{}", reply.version);
    case EffectKind::db_begin:
      return fmt::format("began v{}", reply.version);
    case EffectKind::db_apply:
      return fmt::format("applied v{}", reply.version);
    case EffectKind::queue_take:
      return reply.found ? fmt::format("took v{}", reply.version) : "empty";
    case EffectKind::flight_join:
      return reply.found ? "leads" : "joined";
    case EffectKind::flight_wait:
      return reply.failed ? "failed" : fmt::format("got {}", version_text(reply.version));
    case EffectKind::flight_finish:
      return "landed";
    case EffectKind::flight_forget:
      return "forgotten";
    case EffectKind::filter_check:
      return reply.found ? "maybe" : "never";
    case EffectKind::filter_add:
      return "added";
    case EffectKind::wait:
      return reply.refused ? "gave up" : "woke";
    case EffectKind::cache_block:
    case EffectKind::db_block:
    case EffectKind::memory_block:
    case EffectKind::memory_set:
      return "done";
    case EffectKind::cache_publish:
      return fmt::format("sent to {}", reply.count);
    case EffectKind::db_delete:
      return reply.found ? "deleted" : "no row";
    case EffectKind::db_roll_back:
      return "rolled back";
    case EffectKind::memory_get:
      return reply.found ? "found" : "nothing";
    case EffectKind::memory_del:
      return reply.found ? "removed" : "nothing";
    case EffectKind::memory_await:
      return "woke";
    case EffectKind::memory_lock:
      return "locked";
    case EffectKind::memory_unlock:
      return reply.found ? "unlocked" : "not its own";
    case EffectKind::choose:
      return fmt::format("{}", effect.token);
    case EffectKind::cache_ttl:
      return reply.found ? "found" : "no entry";
    case EffectKind::cache_watch:
    case EffectKind::cache_unwatch:
      return "done";
  }
  SIM_ASSERT(false);
  return "";
}

}  // namespace

namespace {

// "get" of "cache.get".
std::string_view short_name(const Effect& effect) {
  const std::string_view whole = name(effect);
  return whole.substr(whole.find('.') + 1);
}

}  // namespace

std::string to_text(const Label& label) { return label.client + " " + label.effect; }

std::string Race::actor_name(const Step& step) const {
  if (step.actor == clock_actor) return "clock";
  if (step.actor == fault_actor) return "fault";
  if (step.actor == replica_actor) return "replica";
  const std::string& owner = plan_.scripts[step.owner].client;
  if (step.task == Task::none || step.task == Task::mishap) return owner;
  return step.number == 1 ? fmt::format("{}/{}", owner, name(step.task))
                          : fmt::format("{}/{}-{}", owner, name(step.task), step.number);
}

std::string Race::operation_name(const Step& step) const {
  if (step.actor >= planned()) return "";
  const auto& operations = plan_.scripts[step.actor].operations;
  if (step.operation == operations.size()) return "";  // it is done, and dies with its tasks
  return plan_.operation_name(operations[step.operation]);
}

// As the script has it.
std::string Race::script_effect(const Step& step) const {
  const std::string& shown = strategy_.script->request(step.node).shown;
  return shown.empty() ? std::string(name(step.effect)) : shown;
}

// Of a block that returns nothing: what it has done, such as "get gen:7: 1, del user:7: deleted".
std::string Race::inner_results(const Step& step) const {
  std::string text;
  if (step.effect.kind != EffectKind::cache_block) return text;
  for (const Step& inner : step.inner) {
    const EffectKind kind = inner.effect.kind;
    if (kind == EffectKind::cache_block || kind == EffectKind::cache_watch) continue;
    Step alone = inner;
    alone.told.clear();
    const std::string_view shown = strategy_.script->request(inner.node).shown;
    std::string_view what = shown.substr(0, shown.find(' '));
    what.remove_prefix(std::min(what.size(), what.find('.') + 1));
    const std::string_view verb = what.empty() ? short_name(inner.effect) : what;
    text +=
        fmt::format("{}{}{}: {}", text.empty() ? "" : ", ", verb,
                    shown.substr(std::min(shown.size(), shown.find(' '))), script_result(alone));
  }
  return text;
}

std::string Race::script_result(const Step& step) const {
  auto& script = *strategy_.script;
  for (const auto told : step.inner.empty() ? step.told : step.inner.back().told)
    if (const auto& result = script.told(told).result; !result.empty()) return result;
  if (const std::string inner = inner_results(step); !inner.empty()) return inner;
  const Reply& reply = step.reply;
  switch (step.effect.kind) {
    case EffectKind::cache_get:
      if (!reply.found) return "miss";
      return fmt::format("{}hit {}", reply.soft ? "soft " : "", script.shown(reply.value));
    case EffectKind::memory_get:
      return reply.found ? script.shown(reply.value) : "nothing";
    case EffectKind::cache_set:
      return fmt::format("{} {}", reply.found ? "stored" : "refused",
                         script.shown(step.effect.value));
    case EffectKind::cache_del:
      return reply.found ? "deleted" : "no entry";
    case EffectKind::db_write:
      return reply.found ? fmt::format("committed v{}", reply.version) : "another version";
    default:
      return found_text(step.effect, reply);
  }
}

std::string Race::effect_name(const Step& step) const {
  const Effect& effect = step.effect;
  if (step.turn == Turn::crashed) return "crash";
  std::string text(step.node != 0 ? script_effect(step) : name(effect));
  if (step.node != 0) {
    // It names its entry.
  } else if (effect.named != 0) {
    text += " " + strategy_.script->name_of(effect.named);
  } else if (about_version(effect.kind)) {
    text += fmt::format(" version:{}", strategy_.layout.group_of(effect.key));
  } else if (!about_all(effect.kind)) {
    const bool entry = effect.kind == EffectKind::cache_expire ||
                       effect.kind == EffectKind::cache_soften ||
                       effect.kind == EffectKind::cache_evict;
    const auto space = entry ? static_cast<world::Space>(effect.token) : world::Space::value;
    text += fmt::format(" {}{}", space_prefix(space),
                        space == world::Space::version ? fmt::format("{}", effect.key)
                                                       : plan_.key_name(effect.key));
  }
  if (effect.name_version != 0) text += fmt::format("@{}", effect.name_version);
  if ((effect.kind == EffectKind::db_apply || effect.from_replica) && strategy_.layout.replicas > 1)
    text += fmt::format(" on {}", effect.token + 1);
  if (step.turn == Turn::lost) text += ", lost";
  if (step.turn == Turn::delayed) text += ", late";
  if (step.turn == Turn::branched) text += other_outcome(effect.kind);
  return text;
}

std::string Race::result_name(const Step& step) const {
  if (step.turn == Turn::crashed) return "died";
  if (!step.happened()) return "no answer";
  if (step.node != 0) return script_result(step);
  return found_text(step.effect, step.reply);
}

Race::Place Race::place(const Step& step) const {
  auto& script = *strategy_.script;
  const auto& request = script.request(step.node);
  Place place;
  const auto source = script.line(request.file, request.line);
  if (request.line > 0) place.line = fmt::format("{}:{}", source.file, request.line);
  place.code = source.text;
  const auto add = [&](const Step& part) {
    for (const auto number : part.told) {
      const auto& told = script.told(number);
      place.notes.insert(place.notes.end(), told.notes.begin(), told.notes.end());
      for (const auto& broken : told.broken)
        place.notes.push_back(fmt::format("broken: {} ({}:{})", broken.text,
                                          script.line(broken.file, broken.line).file, broken.line));
    }
  };
  add(step);
  for (const Step& inner : step.inner) add(inner);
  return place;
}

std::vector<std::pair<std::string, Race::Place>> Race::places(const State& state) const {
  std::vector<std::pair<std::string, Place>> all;
  for (std::size_t actor = 0; actor < state.world.clients.size(); ++actor) {
    const Step next = preview(state, {.actor = static_cast<Actor>(actor)});
    if (next.node != 0) all.emplace_back(actor_name(next), place(next));
  }
  return all;
}

Label Race::label(const Step& step) const {
  return {.client = actor_name(step),
          .operation = operation_name(step),
          .effect = effect_name(step),
          .result = result_name(step)};
}

Label Race::label(const State& state, Choice choice) const {
  State copy = state;
  Label label = this->label(step(copy, choice));
  label.result.clear();
  return label;
}

}  // namespace cacherace::engine
