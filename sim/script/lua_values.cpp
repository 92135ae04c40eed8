// Values from Lua and back.

#include <fmt/format.h>

#include "sim/script/interpreter.hpp"

namespace cacherace::script {
namespace {

constexpr int depth_max = 32;

Value read(lua_State* lua, int index, int depth, Wrong& wrong);

Value read_table(lua_State* lua, int index, int depth, Wrong& wrong) {
  if (depth == depth_max || lua_checkstack(lua, 8) == 0) {
    wrong("a table within itself, or nested too deeply, cannot be kept");
    return {};
  }
  std::vector<Member> members;
  lua_pushnil(lua);
  while (lua_next(lua, index) != 0) {
    const int type = lua_type(lua, -2);
    if (type != LUA_TSTRING && type != LUA_TBOOLEAN && lua_isinteger(lua, -2) == 0)
      wrong("a table with keys other than texts, integers and truth values cannot be kept");
    const Value value = read(lua, lua_gettop(lua), depth + 1, wrong);
    lua_pushvalue(lua, -2);
    const Value key = read(lua, lua_gettop(lua), depth + 1, wrong);
    lua_pop(lua, 2);
    if (wrong) {
      lua_pop(lua, 1);
      return {};
    }
    members.push_back({.key = key, .value = value});
  }
  return Interpreter::of(lua).values->table(std::move(members));
}

Value read(lua_State* lua, int index, int depth, Wrong& wrong) {
  switch (lua_type(lua, index)) {
    case LUA_TNIL:
    case LUA_TNONE:
      return {};
    case LUA_TBOOLEAN:
      return Value::boolean(lua_toboolean(lua, index) != 0);
    case LUA_TNUMBER: {
      int is_integer = 0;
      const lua_Integer number = lua_tointegerx(lua, index, &is_integer);
      if (is_integer != 0 && Value::fits(number)) return Value::integer(number);
      wrong(is_integer == 0 ? "numbers with fractions cannot be kept"
                            : "integers beyond 2^59 cannot be kept");
      return {};
    }
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(lua, index, &size);
      return Interpreter::of(lua).values->text({text, size});
    }
    case LUA_TLIGHTUSERDATA:
      return Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, index)));
    case LUA_TTABLE:
      return read_table(lua, index, depth, wrong);
    default:
      wrong(fmt::format("a {} cannot be kept in a cache or in memory", luaL_typename(lua, index)));
      return {};
  }
}

}  // namespace

Value to_value(lua_State* lua, int index, Wrong& wrong) {
  return read(lua, lua_absindex(lua, index), 0, wrong);
}

void push_value(lua_State* lua, Value value) {
  const Values& values = *Interpreter::of(lua).values;
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
      lua_checkstack(lua, 4);
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
      const auto value =
          Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, index)));
      if (value.kind() != Value::Kind::row) return "token";
      return fmt::format("{} v{}", Interpreter::of(lua).outside.name_of_row(value.key()),
                         value.version());
    }
    default:
      return luaL_typename(lua, index);
  }
}

}  // namespace cacherace::script
