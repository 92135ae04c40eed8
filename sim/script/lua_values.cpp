// Values from Lua and back.

#include <fmt/format.h>

#include "sim/script/interpreter.hpp"

namespace cacherace::script {
namespace {

constexpr int depth_max = 32;

Value read(lua_State* lua, int index, int depth);

Value read_table(lua_State* lua, int index, int depth) {
  if (depth == depth_max) luaL_error(lua, "a table within itself, or nested too deeply, cannot be kept");
  std::vector<Member> members;
  lua_pushnil(lua);
  while (lua_next(lua, index) != 0) {
    const int type = lua_type(lua, -2);
    if (type != LUA_TSTRING && type != LUA_TBOOLEAN && lua_isinteger(lua, -2) == 0)
      luaL_error(lua, "a table with keys other than texts, integers and truth values cannot be kept");
    const Value value = read(lua, lua_gettop(lua), depth + 1);
    lua_pushvalue(lua, -2);
    const Value key = read(lua, lua_gettop(lua), depth + 1);
    lua_pop(lua, 2);
    members.push_back({.key = key, .value = value});
  }
  return Interpreter::of(lua).values.table(std::move(members));
}

Value read(lua_State* lua, int index, int depth) {
  switch (lua_type(lua, index)) {
    case LUA_TNIL:
    case LUA_TNONE:
      return {};
    case LUA_TBOOLEAN:
      return Value::boolean(lua_toboolean(lua, index) != 0);
    case LUA_TNUMBER: {
      int is_integer = 0;
      const lua_Integer number = lua_tointegerx(lua, index, &is_integer);
      if (is_integer == 0) luaL_error(lua, "numbers with fractions cannot be kept");
      if (!Value::fits(number)) luaL_error(lua, "integers beyond 2^59 cannot be kept");
      return Value::integer(number);
    }
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(lua, index, &size);
      return Interpreter::of(lua).values.text({text, size});
    }
    case LUA_TLIGHTUSERDATA:
      return Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, index)));
    case LUA_TTABLE:
      luaL_checkstack(lua, 8, "a value is nested too deeply");
      return read_table(lua, index, depth);
    default:
      luaL_error(lua, "a %s cannot be kept in a cache or in memory", luaL_typename(lua, index));
      return {};
  }
}

}  // namespace

Value to_value(lua_State* lua, int index) { return read(lua, lua_absindex(lua, index), 0); }

void push_value(lua_State* lua, Value value) {
  const Values& values = Interpreter::of(lua).values;
  switch (value.kind()) {
    case Value::Kind::nil:
      return lua_pushnil(lua);
    case Value::Kind::boolean:
      return lua_pushboolean(lua, value.as_boolean() ? 1 : 0);
    case Value::Kind::integer:
      return lua_pushinteger(lua, value.as_integer());
    case Value::Kind::row:
    case Value::Kind::token:
      return lua_pushlightuserdata(lua, reinterpret_cast<void*>(value.word()));
    case Value::Kind::text: {
      const auto text = values.text_of(value);
      lua_pushlstring(lua, text.data(), text.size());
      return;
    }
    case Value::Kind::table: {
      luaL_checkstack(lua, 4, "a value is nested too deeply");
      const auto members = values.members(value);
      lua_createtable(lua, 0, static_cast<int>(members.size()));
      for (const Member& member : members) {
        push_value(lua, member.key);
        push_value(lua, member.value);
        lua_rawset(lua, -3);
      }
    }
  }
}

std::string to_shown(lua_State* lua, int index) {
  switch (lua_type(lua, index)) {
    case LUA_TNIL:
      return "nil";
    case LUA_TBOOLEAN:
      return lua_toboolean(lua, index) != 0 ? "true" : "false";
    case LUA_TNUMBER:
    case LUA_TSTRING: {
      lua_pushvalue(lua, index);  // which a conversion would change in its place
      std::size_t size = 0;
      const char* text = lua_tolstring(lua, -1, &size);
      std::string shown(text, size);
      lua_pop(lua, 1);
      return shown;
    }
    case LUA_TLIGHTUSERDATA: {
      const auto value = Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, index)));
      if (value.kind() != Value::Kind::row) return "token";
      return fmt::format("{} v{}", Interpreter::of(lua).outside.name_of_row(value.key()), value.version());
    }
    default:
      return luaL_typename(lua, index);
  }
}

}  // namespace cacherace::script
