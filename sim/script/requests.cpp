// What a script calls while it runs: each request, and what asks for nothing.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "sim/script/interpreter.hpp"
#include "sim/script/running.hpp"

namespace cacherace::script {

Running* running(lua_State* lua, Wrong& wrong) {
  auto* run = static_cast<Running*>(Interpreter::of(lua).run);
  if (run == nullptr) wrong("a file has no effects while it is loaded: only its functions have");
  return run;
}

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

Request& next_request(Running& run) {
  Request& request = run.turn.request;
  std::string shown = std::move(request.shown);
  shown.clear();
  request = Request{};
  request.shown = std::move(shown);
  return request;
}

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

namespace {

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
  const auto whole = [&](const char* name, lua_Integer min, lua_Integer max, const char* wanted,
                         auto out) {
    if (push_member(lua, options, name) != LUA_TNIL) {
      int is_integer = 0;
      const lua_Integer value = lua_tointegerx(lua, -1, &is_integer);
      if (is_integer == 0 || value < min || value > max)
        wrong(fmt::format("{}: {} is {}", request.shown, name, wanted));
      else
        out(value);
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
      whole("if_version", 0, 1'000'000'000, "a whole number up to 10^9",
            [&](lua_Integer version) { request.if_version = static_cast<Version>(version); });
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
      whole("cursor", 0, (lua_Integer{1} << 58) - 1, "0, or what the page before it said",
            [&](lua_Integer cursor) { request.cursor = static_cast<std::uint64_t>(cursor); });
      whole("count", 1, 1'000'000'000, "a whole number from 1 to 10^9",
            [&](lua_Integer count) { request.count = static_cast<std::uint32_t>(count); });
      break;
    default:
      break;
  }
}

bool takes_name(Call call) {
  switch (call) {
    case Call::cache_block:
    case Call::cache_exec:
    case Call::block_end:
    case Call::cache_flush:
    case Call::cache_unwatch:
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
  return call == Call::cache_block || call == Call::cache_exec || call == Call::db_block ||
         call == Call::memory_block || call == Call::memory_await;
}

// The answers are on the stack, above what `ask` was given.
int answered(lua_State* lua, int, lua_KContext) {
  const auto& run = *static_cast<const Running*>(Interpreter::of(lua).run);
  if (run.answered) return run.given;
  lua_pushfstring(lua, "%s: no answer", run.turn.request.shown.c_str());
  push_no_answer(lua);
  return lua_error(lua);
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
      request.shown += Interpreter::of(lua).values->text_of(request.name);
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

int push_token(lua_State* lua, Running& run, std::uint32_t number) {
  lua_pushlightuserdata(lua, reinterpret_cast<void*>(Value::token(run.self, number).word()));
  return 1;
}

int token_of_run(lua_State* lua, Wrong& wrong) {
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

// An error where the user's own code stands, and not the prelude.
int raise_in_script(lua_State* lua, const char* error) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.source[0] != '=' || frame.source[1] != '#') continue;
    lua_pushfstring(lua, "%s:%d: %s", frame.source + 1, frame.currentline, error);
    return lua_error(lua);
  }
  return luaL_error(lua, "%s", error);
}

int choose(lua_State* lua) {
  int results = 0;
  if (const char* error = run_body(lua, prepare_choice, results))
    return raise_in_script(lua, error);
  return lua_yieldk(lua, 0, 0, answered);
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

int ask(lua_State* lua) {
  int results = 0;
  if (const char* error = run_body(lua, prepare, results)) return raise_in_script(lua, error);
  auto& run = *static_cast<Running*>(Interpreter::of(lua).run);
  if (!run.live) locate(lua, run.turn.request.file, run.turn.request.line);
  return lua_yieldk(lua, 0, 0, answered);
}

int own_token(lua_State* lua) { return guarded<token_of_run>(lua); }

void add_calls(lua_State* lua) {
  const auto add = [&](const char* name, lua_CFunction function) {
    lua_pushcfunction(lua, function);
    lua_setfield(lua, -2, name);
  };
  add("unique", guarded<unique>);
  add("sleep", guarded<sleep>);
  add("choose", choose);
  add("spawn", spawn);
  add("note", guarded<note>);
  add("assert", guarded<assert_that>);
}

}  // namespace cacherace::script
