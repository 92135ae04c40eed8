#pragma once
// Histories written by hand.

#include <string>
#include <utility>
#include <vector>

#include "sim/judge/property/property.hpp"

namespace cacherace::judge {

/// Actor 0 is the reader, actor 1 the writer, 2 another reader, 9 a task.
inline Step of(Actor actor, Step step) {
  step.actor = step.owner = actor;
  return step;
}

inline Step begin(Actor actor, Version version) {
  return of(actor, {.serves = OperationKind::write,
                    .effect = {.kind = EffectKind::db_begin},
                    .reply = {.found = true, .version = version}});
}

inline Step commit(Actor actor, Version version) {
  return of(actor, {.serves = OperationKind::write,
                    .effect = {.kind = EffectKind::db_write},
                    .reply = {.found = true, .version = version}});
}

/// Write-behind: stored in the cache, and queued there.
inline Step queue(Actor actor, Version version) {
  return of(actor, {.serves = OperationKind::write,
                    .effect = {.kind = EffectKind::cache_write},
                    .reply = {.found = true, .version = version}});
}

/// The last step of a write.
inline Step written(Step step) {
  step.completes = true;
  step.answer = step.reply.version;
  return step;
}

/// The last step of a write that ends with a delete.
inline Step remove(Actor actor, Version version) {
  return of(actor, {.serves = OperationKind::write,
                    .effect = {.kind = EffectKind::cache_del},
                    .completes = true,
                    .answer = version});
}

inline Step store(Actor actor, Version version, Duration ttl = Duration::max()) {
  return of(actor, {.effect = {.kind = EffectKind::cache_set, .version = version, .ttl = ttl},
                    .reply = {.found = true}});
}

inline Step miss(Actor actor) { return of(actor, {.effect = {.kind = EffectKind::cache_get}}); }

/// The only step of a read.
inline Step answer(Actor actor, Version version) {
  return of(actor, {.effect = {.kind = EffectKind::cache_get},
                    .reply = {.found = true, .version = version},
                    .completes = true,
                    .answer = version});
}

inline Step load(Actor actor, Key key = 0) {
  return of(actor, {.effect = {.kind = EffectKind::db_read, .key = key},
                    .reply = {.found = true, .version = 1}});
}

inline Step lock(Actor actor, bool found = true, Duration ttl = Duration::max()) {
  return of(actor,
            {.effect = {.kind = EffectKind::cache_lock, .ttl = ttl}, .reply = {.found = found}});
}

inline Step unlock(Actor actor) {
  return of(actor, {.effect = {.kind = EffectKind::cache_unlock}, .reply = {.found = true}});
}

inline Step crash(Actor actor) { return of(actor, {.turn = Turn::crashed}); }

inline Step task(Task task, Actor owner, Step step) {
  step.actor = 9;
  step.owner = owner;
  step.task = task;
  step.number = 1;
  step.serves = OperationKind::background;
  return step;
}

inline Step evict(std::uint32_t lost_writes) {
  return {.actor = fault_actor,
          .effect = {.kind = EffectKind::cache_evict},
          .reply = {.found = true, .lost_writes = lost_writes}};
}

inline Step with(Turn turn, Step step) {
  step.turn = turn;
  if (!step.happened()) step.reply = {.failed = true};
  return step;
}

inline Step failing(Step step) {
  step.failed = true;
  return step;
}

inline Step of_operation(std::uint16_t operation, Step step) {
  step.operation = operation;
  return step;
}

inline Step of_key(Key key, Step step) {
  step.effect.key = key;
  return step;
}

/// Of one key, unless more are given.
inline History ending(std::vector<Step> steps, FinalKey final_key = {}) {
  return {.steps = std::move(steps), .finals = {final_key}};
}

inline Judgement judged(const Property& property, const History& history) {
  return property.judge(history, property.limit);
}

inline bool violated(const Property& property, const History& history) {
  return judged(property, history).finding.has_value();
}

inline bool arises(const Property& property, const History& history) {
  return judged(property, history).arose;
}

/// The explanation of a violation.
inline std::string explained(const Property& property, const History& history) {
  const auto judgement = judged(property, history);
  if (!judgement.finding) return "";
  Names names{.who = {}, .keys = {"user:7", "user:7#1"}};
  for (const Step& step : history.steps)
    names.who.emplace_back(step.actor == 0             ? "reader-1"
                           : step.actor == 1           ? "writer-1"
                           : step.actor == 2           ? "reader-2"
                           : step.actor == fault_actor ? "fault"
                                                       : "writer-1/task");
  return property.explain(history, *judgement.finding, names);
}

}  // namespace cacherace::judge
