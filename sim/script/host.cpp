#include "sim/script/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <utility>

#include "sim/core/assert.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/script/interpreter.hpp"
#include "sim/script/merge_key.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::script {

// A function under way.
struct Running {
  lua_State* thread = nullptr;
  int thread_ref = LUA_NOREF;  // keeps the thread
  bool in_use = false;
  bool started = false;
  bool answered = false;  // or its effect got no reply
  bool in_block = false;
  bool in_transaction = false;
  int given = 0;      // arguments or answers on its stack
  bool live = false;  // nobody asks at which line it stands
  std::uint32_t self = 0;
  std::uint32_t tokens = 0;  // that it has asked for
  Duration after{};          // that it has slept since its last request
  Turn turn;
};

namespace {

Running* running(lua_State* lua, Wrong& wrong) {
  auto* run = static_cast<Running*>(Interpreter::of(lua).run);
  if (run == nullptr) wrong("a file has no effects while it is loaded: only its functions have");
  return run;
}

// ---- what a script calls -----------------------------------------------------------------------

Duration duration(lua_State* lua, int index, const char* what, Wrong& wrong) {
  if (lua_type(lua, index) != LUA_TSTRING) {
    wrong(fmt::format("{} is a text with a unit, such as \"60s\", not {}", what,
                      to_shown(lua, index)));
    return {};
  }
  const auto parsed = Interpreter::of(lua).outside.duration_of(lua_tostring(lua, index));
  if (!parsed)
    wrong(fmt::format("{} is no duration: \"{}\"; write it as \"60s\"", what,
                      lua_tostring(lua, index)));
  return parsed.value_or(Duration{});
}

// A member of a table, past its metatable.
int push_member(lua_State* lua, int table, const char* name) {
  lua_pushstring(lua, name);
  return lua_rawget(lua, table);
}

bool flag(lua_State* lua, int options, const char* name) {
  push_member(lua, options, name);
  const bool set = lua_toboolean(lua, -1) != 0;
  lua_pop(lua, 1);
  return set;
}

// The options that a call has.
std::initializer_list<const char*> options_of(Call call) {
  static constexpr std::initializer_list<const char*> of_set{"ttl", "soft",    "nx",
                                                             "xx",  "keepttl", "get"};
  static constexpr std::initializer_list<const char*> of_ttl{"ttl"}, of_read{"replica"},
      of_write{"if_version"}, of_begin{"isolation"}, of_names{"cursor", "count"}, of_others{};
  switch (call) {
    case Call::cache_set:
      return of_set;
    case Call::cache_set_ttl:
    case Call::memory_set:
      return of_ttl;
    case Call::db_read:
      return of_read;
    case Call::db_write:
      return of_write;
    case Call::db_begin:
      return of_begin;
    case Call::cache_names:
      return of_names;
    default:
      return of_others;
  }
}

void check_options(lua_State* lua, int options, const Request& request, Wrong& wrong) {
  const auto known = options_of(request.call);
  lua_pushnil(lua);
  while (lua_next(lua, options) != 0) {
    lua_pop(lua, 1);
    const std::string name = to_shown(lua, -1);
    if (std::ranges::find(known, name) != known.end()) continue;
    std::string all;
    for (const char* each : known) all += all.empty() ? each : std::string(", ") + each;
    wrong(fmt::format("{} has no option \"{}\"; it has {}", request.shown, name,
                      all.empty() ? "none" : all));
  }
}

void read_options(lua_State* lua, int options, Request& request, Wrong& wrong) {
  if (lua_isnoneornil(lua, options)) return;
  if (!lua_istable(lua, options)) {
    wrong(fmt::format("{}: options are a table, such as {{ ttl = \"60s\" }}", request.shown));
    return;
  }
  check_options(lua, options, request, wrong);
  const auto time = [&](const char* name, std::optional<Duration>& out) {
    if (push_member(lua, options, name) != LUA_TNIL)
      out = duration(lua, lua_gettop(lua), name, wrong);
    lua_pop(lua, 1);
  };
  const auto number = [&](const char* name, auto out) {
    if (push_member(lua, options, name) != LUA_TNIL) {
      int is_integer = 0;
      const lua_Integer value = lua_tointegerx(lua, -1, &is_integer);
      if (is_integer == 0 || value < 0 || value > 1'000'000'000)
        wrong(fmt::format("{}: {} is a whole number up to 10^9", request.shown, name));
      else
        out(static_cast<std::uint32_t>(value));
    }
    lua_pop(lua, 1);
  };
  switch (request.call) {
    case Call::cache_set:
    case Call::cache_set_ttl:
    case Call::memory_set:
      time("ttl", request.ttl);
      time("soft", request.soft);
      if (flag(lua, options, "nx")) request.only = Only::absent;
      if (flag(lua, options, "xx")) request.only = Only::present;
      request.keeps_ttl = flag(lua, options, "keepttl");
      break;
    case Call::db_read:
      request.from_replica = flag(lua, options, "replica");
      break;
    case Call::db_write:
      number("if_version", [&](std::uint32_t version) { request.if_version = version; });
      break;
    case Call::db_begin: {
      if (push_member(lua, options, "isolation") != LUA_TNIL) {
        const std::string isolation = to_shown(lua, -1);
        if (isolation != "read committed" && isolation != "repeatable read")
          wrong("isolation is \"read committed\" or \"repeatable read\"");
        request.repeatable_read = isolation == "repeatable read";
      }
      lua_pop(lua, 1);
      break;
    }
    case Call::cache_names:
      number("cursor", [&](std::uint32_t cursor) { request.cursor = cursor; });
      number("count", [&](std::uint32_t count) { request.count = count; });
      break;
    default:
      break;
  }
}

bool takes_name(Call call) {
  switch (call) {
    case Call::cache_block:
    case Call::block_end:
    case Call::cache_flush:
    case Call::db_block:
    case Call::db_begin:
    case Call::db_commit:
    case Call::db_roll_back:
    case Call::memory_block:
    case Call::choose:
    case Call::sleep:
      return false;
    default:
      return true;
  }
}

bool is_block(Call call) {
  return call == Call::cache_block || call == Call::db_block || call == Call::memory_block ||
         call == Call::memory_await;
}

// Where the user's own code stands.
void locate(lua_State* lua, std::uint32_t& file, std::uint32_t& line) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.source[0] != '=' || frame.source[1] != '#') continue;
    file = static_cast<std::uint32_t>(std::atoi(frame.source + 2));
    line = Interpreter::of(lua).places.line_of(frame.currentline);
    return;
  }
}

// The answers are on the stack, above what `ask` was given.
int answered(lua_State* lua, int, lua_KContext) {
  const auto& run = *static_cast<const Running*>(Interpreter::of(lua).run);
  if (run.answered) return run.given;
  lua_pushfstring(lua, "%s: no answer", run.turn.request.shown.c_str());
  push_no_answer(lua);
  return lua_error(lua);
}

// The request that a run makes now; its memory is used again.
Request& next_request(Running& run) {
  Request& request = run.turn.request;
  std::string shown = std::move(request.shown);
  shown.clear();
  request = Request{};
  request.shown = std::move(shown);
  return request;
}

// ask(call, inner, shown, name, value, options)
int prepare(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  if (run == nullptr) return 0;
  Request& request = next_request(*run);
  request.call = static_cast<Call>(lua_tointeger(lua, 1));
  request.inner = lua_toboolean(lua, 2) != 0;
  if (const char* shown = lua_tostring(lua, 3)) request.shown = shown;
  const Call call = request.call;
  if (request.inner != run->in_block)
    return wrong(
        run->in_block
            ? "within a block only what it was given can be called: \"" + request.shown +
                  "\" would let others come in between"
            : "\"" + request.shown +
                  "\" of a block that is over: what a block was given is of no use after it");
  if (is_block(call)) run->in_block = true;
  if (call == Call::block_end) {
    run->in_block = false;
    run->turn.block_result = std::exchange(request.shown, "");
  }
  if (call == Call::db_begin && std::exchange(run->in_transaction, true))
    return wrong("a transaction within a transaction");
  if (call == Call::db_commit || call == Call::db_roll_back) run->in_transaction = false;
  if (takes_name(call)) {
    if (lua_type(lua, 4) != LUA_TSTRING)
      return wrong(fmt::format("{}: a name is a text, not {}", request.shown, to_shown(lua, 4)));
    request.name = to_value(lua, 4, wrong);
    if (!is_block(call)) {
      request.shown += ' ';
      request.shown += Interpreter::of(lua).values.text_of(request.name);
    }
  }
  if (!lua_isnoneornil(lua, 5)) request.value = to_value(lua, 5, wrong);
  if (call == Call::cache_set && request.value.is_nil() && !wrong)
    return wrong(
        fmt::format("{}: nil cannot be stored; delete the entry, or store false", request.shown));
  read_options(lua, 6, request, wrong);
  request.after = std::exchange(run->after, Duration{});
  return 0;
}

int ask(lua_State* lua) {
  int results = 0;
  if (const char* error = run_body(lua, prepare, results)) return luaL_error(lua, "%s", error);
  auto& run = *static_cast<Running*>(Interpreter::of(lua).run);
  if (!run.live) locate(lua, run.turn.request.file, run.turn.request.line);
  return lua_yieldk(lua, 0, 0, answered);
}

int push_token(lua_State* lua, Running& run, std::uint32_t number) {
  lua_pushlightuserdata(lua, reinterpret_cast<void*>(Value::token(run.self, number).word()));
  return 1;
}

int own_token(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  return run == nullptr ? 0 : push_token(lua, *run, 0);
}

int unique(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  return run == nullptr ? 0 : push_token(lua, *run, ++run->tokens);
}

int sleep(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  if (run == nullptr) return 0;
  if (run->in_block) return wrong("sleep within a block: it takes place at one moment");
  run->after += duration(lua, 1, "a time to sleep", wrong);
  return 0;
}

int prepare_choice(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  if (run == nullptr) return 0;
  int is_integer = 0;
  const lua_Integer outcomes = lua_tointegerx(lua, 1, &is_integer);
  if (is_integer == 0 || outcomes < 1 || outcomes > 100)
    return wrong("choose(n): n is from 1 to 100");
  if (run->in_block) return wrong("choose within a block: choose before it");
  Request& request = next_request(*run);
  request.call = Call::choose;
  request.outcomes = static_cast<std::uint32_t>(outcomes);
  request.shown = fmt::format("choose of {}", outcomes);
  request.after = std::exchange(run->after, Duration{});
  locate(lua, request.file, request.line);
  return 0;
}

int choose(lua_State* lua) {
  int results = 0;
  if (const char* error = run_body(lua, prepare_choice, results))
    return luaL_error(lua, "%s", error);
  return lua_yieldk(lua, 0, 0, answered);
}

int spawn(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  if (run == nullptr) return 0;
  if (!lua_isfunction(lua, 1) || lua_iscfunction(lua, 1) != 0)
    return wrong("spawn takes a function of the script");
  const bool durable = lua_istable(lua, 2) && flag(lua, 2, "durable");
  lua_pushvalue(lua, 1);
  const int ref = luaL_ref(lua, LUA_REGISTRYINDEX);
  run->turn.spawned.push_back({.what = static_cast<Spawnable>(ref), .durable = durable});
  return 0;
}

int note(lua_State* lua, Wrong& wrong) {
  if (Running* run = running(lua, wrong)) run->turn.notes.push_back(to_shown(lua, 1));
  return 0;
}

int assert_that(lua_State* lua, Wrong& wrong) {
  if (lua_toboolean(lua, 1) != 0) return lua_gettop(lua);
  Running* run = running(lua, wrong);
  if (run == nullptr) return 0;
  BrokenAssertion broken{.text = lua_isnoneornil(lua, 2) ? "assertion" : to_shown(lua, 2)};
  locate(lua, broken.file, broken.line);
  run->turn.broken.push_back(std::move(broken));
  return lua_gettop(lua);
}

}  // namespace

// ---- the host ----------------------------------------------------------------------------------

struct Host::State {
  Interpreter interpreter;
  std::deque<Running> runs;
  std::vector<Run> idle;
  std::vector<SharedPart> shared;  // as it was loaded
  bool live = false;

  Running& of(Run run) { return runs[run]; }
};

Host::Host(const Program& program, Environment outside, bool live)
    : state_(std::make_unique<State>()) {
  state_->live = live;
  auto& interpreter = state_->interpreter;
  interpreter.program = &program;
  interpreter.outside = std::move(outside);
  lua_State* lua = open_interpreter(interpreter);
  lua_pushcfunction(lua, [](lua_State* l) {
    auto& of = Interpreter::of(l);
    if (!fill_sandbox(of, ask, guarded<own_token>))
      return luaL_error(l, "the prelude does not load");
    lua_rawgeti(l, LUA_REGISTRYINDEX, of.builtins);
    const auto add = [&](const char* name, lua_CFunction function) {
      lua_pushcfunction(l, function);
      lua_setfield(l, -2, name);
    };
    add("unique", guarded<unique>);
    add("sleep", guarded<sleep>);
    add("choose", choose);
    add("spawn", guarded<spawn>);
    add("note", guarded<note>);
    add("assert", guarded<assert_that>);
    return 0;
  });
  if (lua_pcall(lua, 0, 0, 0) != LUA_OK) throw_error(interpreter, lua);
  interpreter.built_in_objects = static_objects(interpreter);
  lua_State* thread = lua_newthread(lua);  // so that an error has the stack of its own
  limit(thread);
  if (!compile(interpreter, program.sources.front())) throw_error(interpreter, lua);
  lua_xmove(lua, thread, 1);
  int results = 0;
  interpreter.inside = 0;
  const int status = lua_resume(thread, lua, 0, &results);
  interpreter.inside = 1;
  if (status == LUA_YIELD)
    throw ScriptError("the file asks while it is loaded: only its functions can");
  if (status != LUA_OK) throw_error(interpreter, thread);
  lua_settop(lua, 0);
  interpreter.loaded = true;
  interpreter.static_objects = static_objects(interpreter);
  state_->shared = shared_parts(interpreter);
}

Host::~Host() {
  if (state_->interpreter.lua != nullptr) lua_close(state_->interpreter.lua);
}

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
  run.started = run.in_block = run.in_transaction = false;
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
  lua_rawgeti(run.thread, LUA_REGISTRYINDEX, state_->interpreter.user_globals);
  lua_pushlstring(run.thread, operation.data(), operation.size());
  if (lua_rawget(run.thread, -2) != LUA_TFUNCTION) {
    lua_settop(run.thread, 0);
    end(number);
    throw ScriptError(fmt::format("the script has no function {}", operation));
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
  lua_rawgeti(run.thread, LUA_REGISTRYINDEX, static_cast<int>(function));
  run.given = 0;
  return number;
}

const Turn& Host::resume(Run number, std::optional<std::span<const Value>> answers) {
  auto& interpreter = state_->interpreter;
  Running& run = state_->of(number);
  Turn& turn = run.turn;
  SIM_ASSERT(!turn.over);
  if (run.started) {
    run.answered = answers.has_value();
    run.given = answers ? static_cast<int>(answers->size()) : 0;
    lua_checkstack(run.thread, run.given + 8);
    if (answers)
      for (const Value answer : *answers) push_value(run.thread, answer);
  }
  turn.spawned.clear();
  turn.notes.clear();
  turn.broken.clear();
  turn.block_result.clear();
  limit(run.thread);
  interpreter.run = &run;
  run.started = true;
  int results = 0;
  interpreter.inside = 0;
  const int status = lua_resume(run.thread, interpreter.lua, run.given, &results);
  interpreter.inside = 1;
  interpreter.run = nullptr;
  if (status == LUA_YIELD) return turn;
  turn.over = true;
  if (status == LUA_OK) {
    Wrong wrong;
    if (results > 0)
      turn.returned = to_value(run.thread, lua_gettop(run.thread) - results + 1, wrong);
    if (wrong) throw ScriptError("an operation returns what no reader can judge: " + wrong.text);
    if (run.after > Duration{0}) turn.request.after = run.after;
    return turn;
  }
  if (!is_no_answer(run.thread, lua_gettop(run.thread))) throw_error(interpreter, run.thread);
  turn.failed = true;
  return turn;
}

const Turn& Host::turn(Run run) const { return state_->of(run).turn; }

void Host::end(Run number) {
  Running& run = state_->of(number);
  if (!std::exchange(run.in_use, false)) return;
  // A thread that ended by itself can be used again; one that stands within calls is let go.
  if (lua_status(run.thread) == LUA_OK && (!run.started || run.turn.over)) {
    lua_settop(run.thread, 0);
  } else {
    luaL_unref(state_->interpreter.lua, LUA_REGISTRYINDEX, run.thread_ref);
    run.thread = nullptr;
  }
  state_->idle.push_back(number);
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
  add(turn.returned.word());
  add(static_cast<std::uint64_t>(turn.request.after.count()));
  if (turn.over) return own;
  const auto stack = key_of_thread(state_->interpreter, run.thread);
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

void Host::check_shared() {
  const auto now = shared_parts(state_->interpreter);
  for (std::size_t i = 0; i < now.size() || i < state_->shared.size(); ++i) {
    if (i < now.size() && i < state_->shared.size() && now[i] == state_->shared[i]) continue;
    const std::string name = i < now.size() ? now[i].name : state_->shared[i].name;
    throw ScriptError(fmt::format(
        "an operation changes \"{}\", which all clients of the script would share; what the "
        "threads of a "
        "process share is \"memory\", and what is an operation's own is \"local\" to its function",
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

Values& Host::values() { return state_->interpreter.values; }

std::string Host::shown(Value value) const {
  const auto& values = state_->interpreter.values;
  switch (value.kind()) {
    case Value::Kind::nil:
      return "nil";
    case Value::Kind::boolean:
      return value.as_boolean() ? "true" : "false";
    case Value::Kind::integer:
      return std::to_string(value.as_integer());
    case Value::Kind::row:
      return fmt::format("v{}", value.version());
    case Value::Kind::token:
      return "token";
    case Value::Kind::text:
      return fmt::format("\"{}\"", values.text_of(value));
    case Value::Kind::table:
      break;
  }
  std::string text = "{";
  for (const Member& member : values.members(value)) {
    text += text.size() == 1 ? " " : ", ";
    if (member.key.kind() == Value::Kind::text)
      text += std::string(values.text_of(member.key)) + " = ";
    text += shown(member.value);
  }
  return text + " }";
}

}  // namespace cacherace::script
