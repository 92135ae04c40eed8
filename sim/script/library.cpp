// Functions that scripts and the prelude find in place of Lua's own, or beside them.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/script/interpreter.hpp"
#include "sim/script/library.hpp"

namespace cacherace::script {
namespace {

int shown_by_us(lua_State* lua, Wrong&) {
  const std::string text = to_shown(lua, 1);
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

int shown(lua_State* lua) {
  if (!lua_istable(lua, 1) || luaL_getmetafield(lua, 1, "__tostring") == LUA_TNIL)
    return guarded<shown_by_us>(lua);
  lua_pushvalue(lua, 1);
  lua_call(lua, 1, 1);
  return 1;
}

int fail(lua_State* lua) {
  guarded<shown_by_us>(lua);
  push_no_answer(lua);
  return lua_error(lua);
}

bool is_row(lua_State* lua, int index) {
  return lua_islightuserdata(lua, index) &&
         Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, index))).kind() ==
             Value::Kind::row;
}

// The keys of a table, in one order: integers, fractions, texts, truth values, rows.
int keys_of(lua_State* lua, Wrong& wrong) {
  if (!lua_istable(lua, 1))
    return wrong(fmt::format("a table is expected, not {}", to_shown(lua, 1)));
  std::vector<lua_Integer> integers;
  std::vector<lua_Number> fractions;
  std::vector<std::string> texts;
  std::vector<std::uint64_t> rows;
  bool truths[2] = {false, false};
  lua_pushnil(lua);
  while (lua_next(lua, 1) != 0) {
    lua_pop(lua, 1);
    if (lua_isinteger(lua, -1) != 0)
      integers.push_back(lua_tointeger(lua, -1));
    else if (lua_type(lua, -1) == LUA_TNUMBER)
      fractions.push_back(lua_tonumber(lua, -1));
    else if (is_row(lua, -1))
      rows.push_back(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, -1)));
    else if (lua_type(lua, -1) == LUA_TSTRING)
      texts.emplace_back(lua_tostring(lua, -1), lua_rawlen(lua, -1));
    else if (lua_type(lua, -1) == LUA_TBOOLEAN)
      truths[lua_toboolean(lua, -1)] = true;
    else
      return wrong(
          fmt::format("a table with a {} as a key has no order that is the same in every run; "
                      "use texts or integers",
                      lua_islightuserdata(lua, -1) ? "token" : luaL_typename(lua, -1)));
  }
  std::ranges::sort(integers);
  std::ranges::sort(fractions);
  std::ranges::sort(texts);
  std::ranges::sort(rows);
  lua_createtable(lua, static_cast<int>(integers.size() + texts.size()), 0);
  lua_Integer at = 0;
  const auto put = [&] { lua_rawseti(lua, -2, ++at); };
  for (const auto key : integers) lua_pushinteger(lua, key), put();
  for (const auto key : fractions) lua_pushnumber(lua, key), put();
  for (const auto& key : texts) lua_pushlstring(lua, key.data(), key.size()), put();
  for (int truth = 0; truth < 2; ++truth)
    if (truths[truth]) lua_pushboolean(lua, truth), put();
  for (const auto key : rows) lua_pushlightuserdata(lua, reinterpret_cast<void*>(key)), put();
  return 1;
}

int is_empty(lua_State* lua) {
  lua_pushnil(lua);
  lua_pushboolean(lua, lua_next(lua, 1) == 0 ? 1 : 0);
  return 1;
}

// Of a table with what is in it, as far as that can be kept.
int content(lua_State* lua, Wrong&) {
  Wrong no_value;
  const Value value = lua_istable(lua, 1) ? to_value(lua, 1, no_value) : Value{};
  const bool whole = lua_istable(lua, 1) && !no_value;
  const std::string text =
      whole ? shown_value(*Interpreter::of(lua).values, value) : to_shown(lua, 1);
  lua_settop(lua, 0);
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

// Names, with a blank or another text between them.
int concat(lua_State* lua, Wrong& wrong) {
  if (!lua_istable(lua, 1)) return wrong("a list of names is expected");
  std::string text;
  const auto size = static_cast<lua_Integer>(lua_rawlen(lua, 1));
  for (lua_Integer i = 1; i <= size; ++i) {
    lua_rawgeti(lua, 1, i);
    if (i > 1) text += lua_tostring(lua, 2);
    text += to_shown(lua, -1);
    lua_pop(lua, 1);
  }
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

// Each open repetition may try every place of the text again.
int check_pattern(lua_State* lua) {
  constexpr double steps_max = 1e7;
  std::size_t size = 0, length = 0;
  luaL_checklstring(lua, 1, &size);
  const char* pattern = luaL_checklstring(lua, 2, &length);
  double steps = static_cast<double>(size) + 1;
  for (std::size_t i = 0; i < length; ++i) {
    if (pattern[i] == '%') {
      ++i;
      continue;
    }
    if (pattern[i] == '*' || pattern[i] == '+' || pattern[i] == '-')
      steps *= static_cast<double>(size) + 1;
  }
  if (steps > steps_max)
    return luaL_error(
        lua, "this pattern might take too long on a text of %d characters; use a simpler one",
        static_cast<int>(size));
  return 0;
}

// ---- rows and tokens ---------------------------------------------------------------------------

int member_of_row(lua_State* lua, Wrong& wrong) {
  const auto value = Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, 1)));
  const std::string member = to_shown(lua, 2);
  if (value.kind() == Value::Kind::row && member == "version") {
    lua_pushinteger(lua, value.version());
    return 1;
  }
  if (value.kind() == Value::Kind::row && member == "key") {
    const std::string name = Interpreter::of(lua).outside.name_of_row(value.key());
    lua_pushlstring(lua, name.data(), name.size());
    return 1;
  }
  return wrong(fmt::format("a {} has no member \"{}\"; a row has key and version",
                           value.kind() == Value::Kind::row ? "row" : "token", member));
}

// What `#` says of a table with holes depends on how it came about. The last argument counts.
int checked_length(lua_State* lua, Wrong& wrong) {
  constexpr lua_Unsigned checked_max = 1024;  // a larger one takes too long for each `#`
  const int at = lua_gettop(lua);
  if (lua_type(lua, at) == LUA_TSTRING || lua_istable(lua, at)) {
    const lua_Unsigned size = lua_rawlen(lua, at);
    lua_Unsigned inside = 0, keys = 0;
    if (lua_istable(lua, at) && size <= checked_max) {
      lua_pushnil(lua);
      while (lua_next(lua, at) != 0) {
        lua_pop(lua, 1);
        if (lua_isinteger(lua, -1) == 0 || lua_tointeger(lua, -1) < 1) continue;
        ++keys;
        if (static_cast<lua_Unsigned>(lua_tointeger(lua, -1)) <= size) ++inside;
      }
      if (keys != size || inside != size)
        return wrong("the table has holes, so its length is not defined: leave no nil in a list");
    }
    lua_pushinteger(lua, static_cast<lua_Integer>(size));
    return 1;
  }
  return wrong(fmt::format("attempt to get the length of a {} value", luaL_typename(lua, at)));
}

int length(lua_State* lua) {
  const int at = lua_gettop(lua);
  if (!lua_istable(lua, at) || luaL_getmetafield(lua, at, "__len") == LUA_TNIL)
    return guarded<checked_length>(lua);
  lua_pushvalue(lua, at);
  lua_call(lua, 1, 1);
  return 1;
}

// A token can be part of a name.
int joined(lua_State* lua, Wrong& wrong) {
  std::string text;
  for (const int side : {1, 2}) {
    const auto value = Value::from_word(reinterpret_cast<std::uint64_t>(lua_touserdata(lua, side)));
    if (lua_islightuserdata(lua, side) && value.kind() == Value::Kind::token)
      text += fmt::format("token-{}-{}", value.owner(), value.number());
    else if (lua_islightuserdata(lua, side))
      return wrong("a row is no text; use row.key or row.version");
    else
      text += to_shown(lua, side);
  }
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

}  // namespace

const HostFunctions& host_functions() {
  static const HostFunctions all{.shown = shown,
                                 .fail = fail,
                                 .keys_of = guarded<keys_of>,
                                 .is_empty = is_empty,
                                 .content = guarded<content>,
                                 .concat = guarded<concat>,
                                 .check_pattern = check_pattern,
                                 .member_of_row = guarded<member_of_row>,
                                 .joined = guarded<joined>,
                                 .length = length};
  return all;
}

}  // namespace cacherace::script
