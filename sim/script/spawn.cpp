// What goes on in the background runs a copy, so that it shares no variable with what started it.

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "sim/script/interpreter.hpp"
#include "sim/script/running.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::script {
namespace {

// Copies functions and tables, and what they refer to; what refers to one object twice does so in
// the copy. What stays as it is since the script was loaded is not copied.
class Copier {
 public:
  explicit Copier(lua_State* lua) : lua_(lua), known_(Interpreter::of(lua).static_objects) {
    lua_checkstack(lua, 12);
    lua_createtable(lua, 0, 4);
    copies_ = lua_gettop(lua);
  }

  // Replaces the value on top.
  void copy() {
    start();
    for (; !pending_.empty(); pending_.pop_front()) {
      const auto [original, made] = pending_.front();
      lua_rawgeti(lua_, LUA_REGISTRYINDEX, original);
      lua_rawgeti(lua_, LUA_REGISTRYINDEX, made);
      lua_istable(lua_, -1) ? fill_table() : fill_function();
      lua_pop(lua_, 2);
      luaL_unref(lua_, LUA_REGISTRYINDEX, original);
      luaL_unref(lua_, LUA_REGISTRYINDEX, made);
    }
  }

 private:
  // Replaces the value on top by a copy whose contents may be missing yet.
  void start() {
    const bool is_function = lua_isfunction(lua_, -1) && lua_iscfunction(lua_, -1) == 0;
    if (!is_function && !lua_istable(lua_, -1)) return;
    if (std::ranges::binary_search(known_, lua_topointer(lua_, -1))) return;
    lua_pushvalue(lua_, -1);
    if (lua_rawget(lua_, copies_) != LUA_TNIL) {
      lua_replace(lua_, -2);
      return;
    }
    lua_pop(lua_, 1);
    is_function ? push_function() : lua_createtable(lua_, 0, 0);
    lua_pushvalue(lua_, -2);
    lua_pushvalue(lua_, -2);
    lua_rawset(lua_, copies_);
    lua_pushvalue(lua_, -2);
    const int original = luaL_ref(lua_, LUA_REGISTRYINDEX);
    lua_pushvalue(lua_, -1);
    pending_.push_back({original, luaL_ref(lua_, LUA_REGISTRYINDEX)});
    lua_replace(lua_, -2);
  }

  // A function of the same code as the one on top.
  void push_function() {
    std::string code;
    const auto append = [](lua_State*, const void* data, std::size_t size, void* to) {
      static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
      return 0;
    };
    lua_dump(lua_, append, &code, 0);
    luaL_loadbufferx(lua_, code.data(), code.size(), "=copy", "b");
  }

  void fill_table() {
    const int made = lua_gettop(lua_), original = made - 1;
    if (lua_getmetatable(lua_, original) != 0) {
      start();
      lua_setmetatable(lua_, made);
    }
    lua_pushnil(lua_);
    while (lua_next(lua_, original) != 0) {
      lua_pushvalue(lua_, -2);
      start();
      lua_insert(lua_, -2);
      start();
      lua_rawset(lua_, made);
    }
  }

  void fill_function() {
    const int made = lua_gettop(lua_), original = made - 1;
    for (int i = 1; lua_getupvalue(lua_, original, i) != nullptr; ++i) {
      const auto [known, is_new] =
          variables_.emplace(lua_upvalueid(lua_, original, i), Place{0, i});
      if (!is_new) {
        lua_pop(lua_, 1);
        lua_rawgeti(lua_, copies_, known->second.function);
        lua_upvaluejoin(lua_, made, i, -1, known->second.number);
        lua_pop(lua_, 1);
        continue;
      }
      start();
      lua_setupvalue(lua_, made, i);
      lua_pushvalue(lua_, made);
      known->second.function = luaL_ref(lua_, copies_);
    }
  }

  struct Place {
    int function;  // in the table of copies
    int number;
  };
  struct Pair {
    int original, made;
  };
  lua_State* lua_;
  const StaticObjects& known_;
  int copies_ = 0;  // a table: from originals
  std::map<const void*, Place> variables_;
  std::deque<Pair> pending_;
};

// What the function at 1 has captured must not change from here on.
void note_captured(lua_State* lua, Running& run) {
  constexpr std::size_t captured_max = 64;
  auto& interpreter = Interpreter::of(lua);
  std::uint32_t file = 0, line = 0;
  locate(lua, file, line);
  lua_pushvalue(lua, 1);
  for (int i = 1; lua_getupvalue(lua, -1, i) != nullptr; ++i) {
    const bool is_object = lua_istable(lua, -1) || lua_isfunction(lua, -1);
    const bool stays =
        is_object && std::ranges::binary_search(interpreter.static_objects, lua_topointer(lua, -1));
    lua_pop(lua, 1);
    if (stays || run.captured.size() >= captured_max) continue;
    Captured captured{.variable = i,
                      .part = captured_part(interpreter, lua, i),
                      .is_object = is_object,
                      .file = file,
                      .line = line};
    const void* id = lua_upvalueid(lua, -1, i);
    const bool known = std::ranges::any_of(run.captured, [&](const Captured& other) {
      lua_rawgeti(lua, LUA_REGISTRYINDEX, other.function);
      const bool same = lua_upvalueid(lua, -1, other.variable) == id;
      lua_pop(lua, 1);
      return same;
    });
    if (known) continue;
    lua_pushvalue(lua, -1);
    captured.function = luaL_ref(lua, LUA_REGISTRYINDEX);
    run.captured.push_back(std::move(captured));
  }
  lua_pop(lua, 1);
}

int start_copy(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  if (run == nullptr) return 0;
  if (!lua_isfunction(lua, 1) || lua_iscfunction(lua, 1) != 0)
    return wrong("spawn takes a function of the script");
  const bool durable = lua_istable(lua, 2) && flag(lua, 2, "durable");
  note_captured(lua, *run);
  Copier copier(lua);
  lua_pushvalue(lua, 1);
  copier.copy();
  const int ref = luaL_ref(lua, LUA_REGISTRYINDEX);
  run->turn.spawned.push_back({.what = static_cast<Spawnable>(ref), .durable = durable});
  return 0;
}

int after_sleep(lua_State* lua, int, lua_KContext) { return guarded<start_copy>(lua); }

int prepare_sleep(lua_State* lua, Wrong& wrong) {
  Running* run = running(lua, wrong);
  if (run == nullptr || run->after == Duration{0}) return 0;
  Request& request = next_request(*run);
  request.call = Call::sleep;
  request.shown = "sleep";
  request.after = std::exchange(run->after, Duration{});
  locate(lua, request.file, request.line);
  return 1;
}

}  // namespace

int spawn(lua_State* lua) {
  int sleeps = 0;
  if (const char* error = run_body(lua, prepare_sleep, sleeps)) return luaL_error(lua, "%s", error);
  return sleeps != 0 ? lua_yieldk(lua, 0, 0, after_sleep) : guarded<start_copy>(lua);
}

void check_captured(Interpreter& interpreter, const Running& run) {
  for (const Captured& captured : run.captured) {
    lua_rawgeti(interpreter.lua, LUA_REGISTRYINDEX, captured.function);
    const SharedPart now = captured_part(interpreter, interpreter.lua, captured.variable);
    lua_pop(interpreter.lua, 1);
    if (now == captured.part) continue;
    throw ScriptError(
        interpreter.file_name(captured.file), captured.line,
        fmt::format("\"{}\" is changed after spawn has copied it; give the function a "
                    "local of its own, or share through memory",
                    now.name));
  }
}

void forget_captured(Interpreter& interpreter, Running& run) {
  for (const Captured& captured : run.captured)
    luaL_unref(interpreter.lua, LUA_REGISTRYINDEX, captured.function);
  run.captured.clear();
}

}  // namespace cacherace::script
