#include "sim/script/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <deque>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/script/interpreter.hpp"
#include "sim/script/merge_key.hpp"
#include "sim/script/running.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::script {

// ---- the host ----------------------------------------------------------------------------------

struct Host::State {
  // Also when the script turns out not to load.
  ~State() {
    if (interpreter.lua != nullptr) lua_close(interpreter.lua);
  }

  Interpreter interpreter;
  std::deque<Running> runs;
  std::vector<Run> idle;
  std::vector<SharedPart> shared;  // as it was loaded
  bool live = false;
  std::size_t used_at_last = 0;  // memory, after the last collection

  Running& of(Run run) { return runs[run]; }
};

Host::Host(const Program& program, Environment outside, bool live, std::shared_ptr<Values> values)
    : state_(std::make_unique<State>()) {
  state_->live = live;
  auto& interpreter = state_->interpreter;
  interpreter.program = &program;
  interpreter.outside = std::move(outside);
  interpreter.values = values ? std::move(values) : std::make_shared<Values>();
  lua_State* lua = open_interpreter(interpreter);
  lua_pushcfunction(lua, [](lua_State* l) {
    auto& of = Interpreter::of(l);
    if (!fill_sandbox(of, ask, own_token)) return luaL_error(l, "the prelude does not load");
    lua_rawgeti(l, LUA_REGISTRYINDEX, of.builtins);
    add_calls(l);
    return 0;
  });
  if (lua_pcall(lua, 0, 0, 0) != LUA_OK) throw_error(interpreter, lua);
  interpreter.built_in_objects = static_objects(interpreter);
  lua_State* thread = lua_newthread(lua);  // so that an error has the stack of its own
  limit(thread);
  if (!compile(thread, program.sources.front())) throw_error(interpreter, thread);
  int results = 0;
  interpreter.inside = 0;
  const int status = lua_resume(thread, lua, 0, &results);
  interpreter.inside = 1;
  if (status == LUA_YIELD)
    throw ScriptError(interpreter.file_name(0), 0,
                      "the file asks while it is loaded: only its functions can");
  if (status != LUA_OK) throw_error(interpreter, thread);
  lua_settop(lua, 0);
  interpreter.loaded = true;
  interpreter.static_objects = static_objects(interpreter);
  state_->shared = shared_parts(interpreter);
  if (!live) lua_gc(lua, LUA_GCSTOP);
}

Host::~Host() = default;

namespace {

Host::Run take_run(lua_State* lua, std::deque<Running>& runs, std::vector<Host::Run>& idle,
                   bool live) {
  Host::Run number = 0;
  if (idle.empty()) {
    number = static_cast<Host::Run>(runs.size());
    runs.emplace_back();
  } else {
    number = idle.back();
    idle.pop_back();
  }
  Running& run = runs[number];
  if (run.thread == nullptr) {
    run.thread = lua_newthread(lua);
    run.thread_ref = luaL_ref(lua, LUA_REGISTRYINDEX);
  }
  run.in_use = true;
  run.live = live;
  run.started = run.in_block = run.in_transaction = run.sleeps_last = false;
  run.answered = true;
  run.tokens = 0;
  run.after = {};
  run.turn = {};
  return number;
}

}  // namespace

Host::Run Host::begin(std::string_view operation, std::span<const Value> arguments,
                      std::uint32_t self) {
  lua_State* lua = state_->interpreter.lua;
  const Run number = take_run(lua, state_->runs, state_->idle, state_->live);
  Running& run = state_->of(number);
  run.self = self;
  run.name = operation;
  lua_rawgeti(run.thread, LUA_REGISTRYINDEX, state_->interpreter.user_globals);
  lua_pushlstring(run.thread, operation.data(), operation.size());
  if (lua_rawget(run.thread, -2) != LUA_TFUNCTION) {
    lua_settop(run.thread, 0);
    end(number);
    throw ScriptError(state_->interpreter.file_name(0), 0,
                      fmt::format("the script has no function {}", operation));
  }
  lua_remove(run.thread, -2);
  for (const Value argument : arguments) push_value(run.thread, argument);
  run.given = static_cast<int>(arguments.size());
  return number;
}

Host::Run Host::begin_spawned(Spawnable function, std::uint32_t self) {
  lua_State* lua = state_->interpreter.lua;
  const Run number = take_run(lua, state_->runs, state_->idle, state_->live);
  Running& run = state_->of(number);
  run.self = self;
  run.name = "a spawned function";
  lua_rawgeti(run.thread, LUA_REGISTRYINDEX, static_cast<int>(function));
  run.given = 0;
  return number;
}

namespace {

// What it has returned is returned after a sleep that no other request carries.
void ask_to_sleep(Running& run) {
  run.sleeps_last = true;
  Request& request = next_request(run);
  request.call = Call::sleep;
  request.shown = "sleep";
  request.after = std::exchange(run.after, Duration{});
}

}  // namespace

const Turn& Host::resume(Run number, std::optional<std::span<const Value>> answers) {
  auto& interpreter = state_->interpreter;
  Running& run = state_->of(number);
  Turn& turn = run.turn;
  SIM_ASSERT(!turn.over);
  turn.spawned.clear();
  turn.notes.clear();
  turn.broken.clear();
  turn.block_result.clear();
  if (run.sleeps_last) {
    turn.over = true;
    turn.request = {};
    return turn;
  }
  if (run.started) {
    run.answered = answers.has_value();
    run.given = answers ? static_cast<int>(answers->size()) : 0;
    lua_checkstack(run.thread, run.given + 8);
    if (answers)
      for (const Value answer : *answers) push_value(run.thread, answer);
  }
  limit(run.thread);
  interpreter.run = &run;
  run.started = true;
  int results = 0;
  interpreter.inside = 0;
  interpreter.made = 0;
  const int status = lua_resume(run.thread, interpreter.lua, run.given, &results);
  interpreter.inside = 1;
  interpreter.run = nullptr;
  if (status == LUA_YIELD || status == LUA_OK) check_captured(interpreter, run);
  if (status == LUA_YIELD) return turn;
  turn.over = true;
  if (status == LUA_OK) {
    Wrong wrong;
    if (results > 0)
      turn.returned = to_value(run.thread, lua_gettop(run.thread) - results + 1, wrong);
    if (wrong)
      throw ScriptError(
          interpreter.file_name(0), 0,
          fmt::format("{} returns what no reader can judge: {}", run.name, wrong.text));
    if (run.after > Duration{0}) ask_to_sleep(run);
    turn.over = !run.sleeps_last;
    return turn;
  }
  if (!is_no_answer(run.thread, lua_gettop(run.thread)))
    throw_error(interpreter, run.thread, run.name);
  turn.failed = true;
  return turn;
}

const Turn& Host::turn(Run run) const { return state_->of(run).turn; }

void Host::end(Run number) {
  Running& run = state_->of(number);
  if (!std::exchange(run.in_use, false)) return;
  auto& interpreter = state_->interpreter;
  forget_captured(interpreter, run);
  // A thread that ended by itself can be used again; one that stands within calls is let go. Where
  // stacks are compared, each run has a new one: on an old one there is what was there before.
  if (run.live && lua_status(run.thread) == LUA_OK && (!run.started || run.turn.over)) {
    lua_settop(run.thread, 0);
  } else {
    luaL_unref(interpreter.lua, LUA_REGISTRYINDEX, run.thread_ref);
    run.thread = nullptr;
  }
  state_->idle.push_back(number);
  if (!run.live && state_->idle.size() == state_->runs.size()) collect();
}

// A collection clears what is beyond the end of a stack, and so would decide what is seen there
// later: it takes place between runs.
void Host::collect() {
  auto& interpreter = state_->interpreter;
  constexpr std::size_t often_enough = 4U << 20U;
  if (interpreter.used < 2 * state_->used_at_last + often_enough) return;
  lua_gc(interpreter.lua, LUA_GCCOLLECT);
  state_->used_at_last = interpreter.used;
}

void Host::forget(Spawnable function) {
  luaL_unref(state_->interpreter.lua, LUA_REGISTRYINDEX, static_cast<int>(function));
}

std::optional<std::string> Host::take_key(Run number) {
  const Running& run = state_->of(number);
  const Turn& turn = run.turn;
  std::string own;
  const auto add = [&](std::uint64_t word) {
    own.append(reinterpret_cast<const char*>(&word), sizeof word);
  };
  add(run.self);
  add(run.tokens);
  add(static_cast<std::uint64_t>(run.in_block) |
      static_cast<std::uint64_t>(run.in_transaction) << 1 |
      static_cast<std::uint64_t>(turn.over) << 2 | static_cast<std::uint64_t>(turn.failed) << 3);
  add(turn.over || run.sleeps_last ? turn.returned.word() : 0);
  add(run.sleeps_last ? 1 : 0);
  add(static_cast<std::uint64_t>(turn.request.after.count()));
  if (turn.over || run.sleeps_last) return own;
  const auto stack = key_of_thread(state_->interpreter, run);
  if (!stack) return std::nullopt;
  return own + *stack;
}

std::optional<std::string> Host::key_of(Spawnable function) {
  lua_State* lua = state_->interpreter.lua;
  lua_rawgeti(lua, LUA_REGISTRYINDEX, static_cast<int>(function));
  const auto key = key_of_function(state_->interpreter);
  lua_settop(lua, 0);
  return key;
}

namespace {

// The file and the line where the word stands first.
std::pair<std::string, std::uint32_t> first_mention(const Program& program, std::string_view word) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (const Source& source : program.sources) {
    const std::string_view text = source.text;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
      const bool begins = at == 0 || !is_part(text[at - 1]);
      const auto end = at + word.size();
      if (!begins || (end < text.size() && is_part(text[end]))) continue;
      const auto lines =
          std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
      return {source.file, static_cast<std::uint32_t>(lines) + 1};
    }
  }
  return {program.sources.front().file, 0};
}

}  // namespace

void Host::check_shared() {
  const auto now = shared_parts(state_->interpreter);
  for (std::size_t i = 0; i < now.size() || i < state_->shared.size(); ++i) {
    if (i < now.size() && i < state_->shared.size() && now[i] == state_->shared[i]) continue;
    const std::string name = i < now.size() ? now[i].name : state_->shared[i].name;
    const auto [file, line] = first_mention(*state_->interpreter.program, name);
    throw ScriptError(
        file, line,
        fmt::format("an operation changes \"{}\", which all clients of the script would share; "
                    "what the threads of a process share is \"memory\", and what is an "
                    "operation's own is \"local\" to its function",
                    name));
  }
}

std::vector<Operation> Host::operations() const {
  lua_State* lua = state_->interpreter.lua;
  std::vector<Operation> all;
  lua_rawgeti(lua, LUA_REGISTRYINDEX, state_->interpreter.user_globals);
  lua_pushnil(lua);
  while (lua_next(lua, 1) != 0) {
    if (lua_isfunction(lua, -1) && lua_type(lua, -2) == LUA_TSTRING) {
      lua_Debug about;
      lua_getinfo(lua, ">u", &about);
      all.push_back({.name = lua_tostring(lua, -1), .parameters = about.nparams});
    } else {
      lua_pop(lua, 1);
    }
  }
  lua_settop(lua, 0);
  std::ranges::sort(all, {}, &Operation::name);
  return all;
}

Values& Host::values() { return *state_->interpreter.values; }

std::string Host::shown(Value value) const {
  return shown_value(*state_->interpreter.values, value);
}

}  // namespace cacherace::script
