#include "sim/strategy/scripted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::strategy {

using script::Call;
using script::Request;
using script::Turn;

namespace {

using Lock = std::lock_guard<std::mutex>;

bool is_block(EffectKind kind) {
  return kind == EffectKind::cache_block || kind == EffectKind::db_block ||
         kind == EffectKind::memory_block;
}

}  // namespace

Scripted::Scripted(std::unique_ptr<Conversations> conversations,
                   std::shared_ptr<const script::Program> program, RowNames rows, Options options,
                   std::shared_ptr<SimTime> now)
    : conversations_(std::move(conversations)),
      program_(std::move(program)),
      rows_(std::move(rows)),
      options_(options),
      now_(std::move(now)) {}

bool Scripted::has(std::string_view operation) const {
  return program_->operation(operation) != nullptr;
}

Scripted::Line Scripted::line(std::uint32_t file, std::uint32_t number) const {
  if (file >= program_->sources.size()) return {};
  const auto& source = program_->sources[file];
  std::string_view text = source.text;
  for (std::uint32_t i = 1; i < number && !text.empty(); ++i)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  text = text.substr(0, text.find('\n'));
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {.file = source.file, .text = ""};
  return {.file = source.file,
          .text = std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1))};
}

// ---- from one question to the next -------------------------------------------------------------

void Scripted::begin(Client& client, std::string_view operation,
                     std::span<const std::string> arguments) {
  const Lock lock(mutex_);
  std::vector<Value> values;
  for (const std::string& argument : arguments)
    values.push_back(conversations_->values().text(argument));
  client.operation = operation == "write" ? OperationKind::write : OperationKind::read;
  set_out(client, conversations_->begin(operation, values, client.self));
}

void Scripted::begin(Client& client, OperationKind kind) {
  const std::string name = rows_.name_of(client.key);
  begin(client, kind == OperationKind::write ? "write" : "read", {&name, 1});
}

void Scripted::begin_spawned(Client& task, const world::Start& start) {
  const Lock lock(mutex_);
  set_out(task, conversations_->begin(script::Spawnable{start.node}, task.self));
}

void Scripted::begin_message(Client& task, const world::Start& start) {
  const Lock lock(mutex_);
  const auto [channel, value] = messages_[start.node];
  const Value given[] = {channel, value};
  set_out(task, conversations_->begin("on_message", given, task.self));
}

// What has no effect at all still takes a step.
void Scripted::set_out(Client& client, Conversations::Arrival arrival) {
  if (!arrival.turn->over) return take(client, arrival);
  note(client, *arrival.turn);
  finish(client, arrival.node, *arrival.turn);
  client.over = true;
  client.active = world::Slot::script;
  client.issue({.kind = EffectKind::choose, .key = client.key, .token = 1});
}

void Scripted::resume(Client& client, const Reply& reply) {
  const Lock lock(mutex_);
  const EffectKind kind = client.pending.kind;
  // A read hits with what it found in cache or memory, if it has not asked the database.
  const bool finds = kind == EffectKind::cache_get || kind == EffectKind::memory_get;
  client.loaded |= kind == EffectKind::db_read || kind == EffectKind::db_block;
  if (finds && reply.found) client.hit = true;
  if (std::exchange(client.over, false)) {
    client.active = world::Slot::none;
    return;
  }
  // One row of a commit after another, at the same moment.
  if (kind == EffectKind::db_commit && !reply.failed && client.transaction) {
    if (reply.found && client.transaction->written.empty()) client.transaction = {};
    if (client.transaction && reply.found) {  // a race performs them one by one
      Effect next = client.pending;
      next.inner = true;
      next.key = client.transaction->written.front();
      return client.issue(next);
    }
  }
  const bool writes = kind == EffectKind::db_begin || kind == EffectKind::db_write;
  if (writes && reply.found && client.pending.key == client.key) client.row = reply.version;
  if (writes && reply.version > options_.versions_max)
    refuse(conversations_->request(client.node),
           fmt::format("a race cannot tell more than {} versions of a row apart",
                       options_.versions_max));
  // A late command is one effect, with what is inner to it.
  const bool late = client.task == Task::late;
  if (late && (reply.failed || (!is_block(kind) && !client.pending.inner))) return client.finish();
  const auto from = client.node;
  if (reply.failed) {
    take(client, conversations_->go_on(from, std::nullopt));
  } else {
    answer(client, reply, conversations_->request(from));
    take(client, conversations_->go_on(from, std::span<const Value>(answers_)));
  }
  if (late && client.busy() && !client.pending.inner) {
    client.take_issued();
    client.finish();
  }
}

// Takes a turn; questions that nobody has to be asked are answered at once.
void Scripted::take(Client& client, Conversations::Arrival arrival) {
  client.told = 0;
  for (;;) {
    client.node = arrival.node;
    const Turn& turn = *arrival.turn;
    note(client, turn);
    if (turn.over) return finish(client, arrival.node, turn);
    if (!pass(client, turn.request)) {
      client.active = world::Slot::script;
      return client.issue(effect_of(client, turn.request));
    }
    answers_.clear();
    arrival = conversations_->go_on(arrival.node, std::span<const Value>(answers_));
  }
}

// A transaction begins with its first statement, and one without a write has nothing to commit.
bool Scripted::pass(Client& client, const Request& request) {
  switch (request.call) {
    case Call::db_begin:
      client.transaction.emplace(world::Transaction{.repeatable_read = request.repeatable_read});
      return true;
    case Call::sleep:
      return !options_.sleeps;
    default:
      return false;
  }
}

// What happened on the way to a question, beside it.
void Scripted::note(Client& client, const Turn& turn) {
  for (const script::Spawned& spawned : turn.spawned) {
    if (!client.spawned) client.spawned.emplace();
    client.spawned->push_back(
        {.task = Task::spawned, .durable = spawned.durable, .node = spawned.what});
  }
  const bool tells = !turn.notes.empty() || !turn.broken.empty() || !turn.block_result.empty();
  if (!tells || options_.live) return;
  const Told told{.notes = turn.notes, .broken = turn.broken, .result = turn.block_result};
  const auto known = std::find(told_.begin() + 1, told_.end(), told);
  const auto number = static_cast<std::uint32_t>(known - told_.begin());
  if (known == told_.end()) told_.push_back(told);
  client.told = 2 * number + (told.broken.empty() ? 0U : 1U);
}

// What a client has seen is what it returns: of its key a row, or nothing or `false` for no row.
void Scripted::finish(Client& client, Conversations::Node node, const Turn& turn) {
  if (client.transaction) client.transaction = {};
  if (turn.failed) {
    client.fail();
  } else {
    const Value returned = turn.returned;
    Version seen = 0;
    bool says = returned.is_nil() || returned == Value::boolean(false);
    for (const Value row : conversations_->values().rows_in(returned))
      if (row.key() == client.key) {
        seen = says ? std::min(seen, row.version()) : row.version();
        says = true;
      }
    client.hit &= !client.loaded;
    client.says_nothing = !says && client.operation == OperationKind::read;
    client.finish(seen);
  }
  client.node = 0;
  conversations_->leave(node);
}

void Scripted::leave(Client& client) {
  const Lock lock(mutex_);
  if (client.busy() && client.node != 0) conversations_->leave(client.node);
}

// ---- for people --------------------------------------------------------------------------------

const Request& Scripted::request(std::uint32_t node) {
  const Lock lock(mutex_);
  return conversations_->request(node);
}

script::ScriptError Scripted::error_at(std::uint32_t node, const std::string& fact) {
  const Request& at = request(node);
  return {program_->sources[at.file].file, at.line, fact};
}

const Told& Scripted::told(std::uint32_t number) {
  const Lock lock(mutex_);
  return told_[number / 2];
}

std::string Scripted::name_of(std::uint32_t named) {
  const Lock lock(mutex_);
  return std::string(conversations_->values().text_of(names_[named - 1]));
}

std::string Scripted::shown(Value value) {
  const Lock lock(mutex_);
  return conversations_->shown(value);
}

std::vector<Value> Scripted::rows_in(Value value) {
  const Lock lock(mutex_);
  const auto rows = conversations_->values().rows_in(value);
  return {rows.begin(), rows.end()};
}

}  // namespace cacherace::strategy
