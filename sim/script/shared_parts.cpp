// What clients of a script would share: its globals, variables of its files, and what the host
// gives.

#include <algorithm>

#include "sim/script/interpreter.hpp"
#include "sim/script/key_writer.hpp"

namespace cacherace::script {
namespace {

class Collector {
 public:
  explicit Collector(lua_State* lua) : lua_(lua) {}

  // What the value on top refers to; takes it off.
  void collect() {
    const int type = lua_type(lua_, -1);
    const void* address = lua_topointer(lua_, -1);
    if ((type != LUA_TTABLE && type != LUA_TFUNCTION) ||
        std::ranges::find(found_, address) != found_.end()) {
      lua_pop(lua_, 1);
      return;
    }
    lua_checkstack(lua_, 8);
    found_.push_back(address);
    if (type == LUA_TTABLE) {
      if (lua_getmetatable(lua_, -1) != 0) collect();
      lua_pushnil(lua_);
      while (lua_next(lua_, -2) != 0) {
        lua_pushvalue(lua_, -2);
        lua_insert(lua_, -2);
        collect();
        collect();
      }
    } else {
      for (int i = 1; lua_getupvalue(lua_, -1, i) != nullptr; ++i) collect();
    }
    lua_pop(lua_, 1);
  }
  StaticObjects take() {
    std::ranges::sort(found_);
    return std::move(found_);
  }

 private:
  lua_State* lua_;
  StaticObjects found_;
};

}  // namespace

StaticObjects static_objects(Interpreter& interpreter) {
  lua_State* lua = interpreter.lua;
  Collector collector(lua);
  for (const int ref : {interpreter.builtins, interpreter.user_globals, interpreter.environment,
                        interpreter.commands_in_block, interpreter.statements}) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, ref);
    collector.collect();
  }
  return collector.take();
}

std::vector<SharedPart> shared_parts(Interpreter& interpreter) {
  lua_State* lua = interpreter.lua;
  std::vector<SharedPart> parts;
  const int base = lua_gettop(lua);
  const auto names_in = [&](int table) {
    std::vector<std::string> names;
    lua_pushnil(lua);
    while (lua_next(lua, table) != 0) {
      lua_pop(lua, 1);
      if (lua_type(lua, -1) == LUA_TSTRING) names.emplace_back(lua_tostring(lua, -1));
    }
    std::ranges::sort(names);
    return names;
  };
  const auto add = [&](std::string name) {  // the value on top
    KeyWriter writer(lua, interpreter.built_in_objects);
    writer.value(lua);
    writer.finish();
    parts.push_back({.name = std::move(name), .content = writer.take()});
  };
  const auto add_members = [&](std::string name, const StaticObjects& known) {
    KeyWriter writer(lua, known);
    writer.table();
    writer.finish();
    parts.push_back({.name = std::move(name), .content = writer.take()});
  };
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.user_globals);
  for (const auto& name : names_in(base + 1)) {
    lua_getfield(lua, base + 1, name.c_str());
    if (lua_isfunction(lua, -1) && lua_iscfunction(lua, -1) == 0)
      for (int i = 1;; ++i) {
        const char* captured = lua_getupvalue(lua, -1, i);
        if (captured == nullptr) break;
        add(captured);
      }
    add(name);
  }
  // What the host gives: its tables, and all of `settings`.
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.builtins);
  const int builtins = lua_gettop(lua);
  for (const auto& name : names_in(builtins)) {
    lua_getfield(lua, builtins, name.c_str());
    if (lua_istable(lua, -1)) {
      static const StaticObjects nothing;
      const StaticObjects* known = name == "settings" ? &nothing : &interpreter.built_in_objects;
      add_members(name, *known);
    }
    lua_pop(lua, 1);
  }
  for (const int given : {interpreter.commands_in_block, interpreter.statements}) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, given);
    add_members(given == interpreter.statements ? "tx" : "c", interpreter.built_in_objects);
    lua_pop(lua, 1);
  }
  lua_settop(lua, base);
  return parts;
}

}  // namespace cacherace::script
