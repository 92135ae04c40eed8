#pragma once
// What properties ask of the steps of a history.

#include <string>

#include "sim/core/history.hpp"

namespace cacherace::judge {

/// A step of an operation, and not of a task in its background, the clock, a replica or a fault.
inline bool by_client(const Step& step) {
  return step.task == Task::none && step.actor < replica_actor;
}

/// The read returns `step.answer`.
inline bool answers_read(const Step& step) {
  return step.completes && !step.failed && !step.says_nothing && step.serves == OperationKind::read;
}

/// The client is told that `step.answer` is written.
inline bool acknowledges_write(const Step& step) {
  return step.completes && !step.failed && step.serves == OperationKind::write;
}

/// `step.reply.version` is in the row from here on.
inline bool commits(const Step& step) {
  return (step.effect.kind == EffectKind::db_write || step.effect.kind == EffectKind::db_commit) &&
         step.happened();
}

/// `step.reply.version` is queued for the database: write-behind takes it for written.
inline bool queues(const Step& step) {
  return (step.effect.kind == EffectKind::cache_write ||
          step.effect.kind == EffectKind::queue_append) &&
         step.happened();
}

/// `step.reply.version` comes into being, to be committed later: queued, or within a transaction.
inline bool begins(const Step& step) {
  return queues(step) || (step.effect.kind == EffectKind::db_begin && step.happened());
}
inline bool writes(const Step& step) { return begins(step) || commits(step); }

/// The key that a client's operation is about.
inline Key subject(const Step& step) { return step.node == 0 ? step.effect.key : step.subject; }

/// Both are of one client, or of one task in its background.
inline bool same_actor(const Step& a, const Step& b) {
  return a.actor == b.actor && a.owner == b.owner && a.task == b.task;
}

/// A copy of `stored_version` is put into a cache.
inline bool stores(const Step& step) {
  const EffectKind kind = step.effect.kind;
  return step.happened() && (kind == EffectKind::cache_write || kind == EffectKind::local_set ||
                             (kind == EffectKind::cache_set && step.reply.found));
}
/// The same in the memory of a process, by a script.
inline bool remembers(const Step& step) {
  return step.happened() && step.effect.kind == EffectKind::memory_set && step.effect.version != 0;
}
inline Version stored_version(const Step& step) {
  return step.effect.kind == EffectKind::cache_write ? step.reply.version : step.effect.version;
}

/// The row behind a key of a complete history.
inline Key row_of(const History& history, Key key) { return history.finals[key].row; }
inline Key row_of(const History& history, const Step& step) {
  return row_of(history, step.effect.key);
}

/// The first step of the operation that a client's step belongs to. O(steps).
inline std::size_t invocation(const History& history, std::size_t of) {
  const Step& step = history.steps[of];
  for (std::size_t i = 0; i < of; ++i) {
    const Step& other = history.steps[i];
    if (by_client(other) && other.actor == step.actor && other.operation == step.operation)
      return i;
  }
  return of;
}

/// "v2", or "no row".
std::string version_text(Version version);

}  // namespace cacherace::judge
