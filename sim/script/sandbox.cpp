// What a script finds: the language without a clock, files, chance and addresses.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "sim/script/checked_lengths.hpp"
#include "sim/script/interpreter.hpp"
#include "sim/script/library.hpp"
#include "sim/script/prelude.hpp"
#include "sim/script/running.hpp"

namespace cacherace::script {
namespace {

const char required_mark = 0;

void* const required = const_cast<char*>(&required_mark);

// ---- tables of functions -----------------------------------------------------------------------

void copy_member(lua_State* lua, int from, const char* name) {
  lua_getfield(lua, from, name);
  lua_setfield(lua, -2, name);
}

// A new table with these members of the library that is at `from`.
void choose_members(lua_State* lua, int from, std::initializer_list<const char*> names) {
  lua_createtable(lua, 0, static_cast<int>(names.size()));
  for (const char* name : names) copy_member(lua, from, name);
}

bool is_built_in(lua_State* lua, int index) {
  return std::ranges::binary_search(Interpreter::of(lua).built_in_objects,
                                    lua_topointer(lua, index));
}

int set_metatable(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  if (is_built_in(lua, 1))
    return luaL_error(lua, "a table of the host has no metatable that can be changed");
  if (lua_istable(lua, 2)) {
    for (const char* member : {"__gc", "__mode", "__close"}) {
      if (lua_getfield(lua, 2, member) != LUA_TNIL)
        return luaL_error(lua, "a metatable with %s is not possible here", member);
      lua_pop(lua, 1);
    }
  }
  lua_settop(lua, 2);
  lua_setmetatable(lua, 1);
  return 1;
}

int get_metatable(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  if (is_built_in(lua, 1) || lua_getmetatable(lua, 1) == 0) lua_pushnil(lua);
  return 1;
}

// Virtual time, in milliseconds; in traffic alone.
int now(lua_State* lua, Wrong& wrong) {
  const auto& interpreter = Interpreter::of(lua);
  if (!interpreter.outside.now)
    return wrong("there is no clock in a race: use \"soft\", TTLs and sleep");
  if (interpreter.run == nullptr) return wrong("there is no clock while a file is loaded");
  using std::chrono::milliseconds;
  const auto slept = static_cast<const Running*>(interpreter.run)->after;
  const auto since = *interpreter.outside.now - start_of_time + slept;
  lua_pushinteger(lua, std::chrono::floor<milliseconds>(since).count());
  return 1;
}

int missing(lua_State* lua) {
  const char* name = luaL_checkstring(lua, 2);
  for (const char* known :
       {"os", "io", "debug", "package", "coroutine", "load", "loadstring", "dofile", "loadfile",
        "collectgarbage", "print", "rawset", "_G", "utf8"})
    if (std::strcmp(name, known) == 0)
      return luaL_error(
          lua,
          "\"%s\" does not exist here: a script has no files, no clock, no chance and "
          "no threads of its own%s",
          name, std::strcmp(name, "print") == 0 ? "; use note(text)" : "");
  lua_pushnil(lua);
  return 1;
}

int set_global(lua_State* lua, Wrong& wrong) {
  auto& interpreter = Interpreter::of(lua);
  if (interpreter.loaded)
    return wrong(fmt::format(
        "the global \"{}\" is written while operations run; what clients share is \"memory\", "
        "and what is an operation's own is \"local\"",
        to_shown(lua, 2)));
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.builtins);
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, -2) != LUA_TNIL)
    return wrong(fmt::format("\"{}\" is a function or table of the host; use another name",
                             to_shown(lua, 2)));
  lua_pop(lua, 2);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.user_globals);
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, 3);
  lua_rawset(lua, -3);
  return 0;
}

// Leaves the function of a file that is required, or what it returned before.
int find_required(lua_State* lua, Wrong& wrong) {
  auto& interpreter = Interpreter::of(lua);
  if (interpreter.loaded) return wrong("require stands at the top of a file, outside of functions");
  std::string file = to_shown(lua, 1);
  std::ranges::replace(file, '.', '/');
  file += ".lua";
  lua_settop(lua, 1);
  lua_pushlstring(lua, file.data(), file.size());
  if (lua_rawgetp(lua, LUA_REGISTRYINDEX, required) == LUA_TNIL) {
    lua_pop(lua, 1);
    lua_createtable(lua, 0, 4);
    lua_pushvalue(lua, -1);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, required);
  }
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, 3) != LUA_TNIL) return 1;
  for (const Source& source : interpreter.program->sources) {
    if (source.file != file && !source.file.ends_with("/" + file)) continue;
    if (compile(lua, source)) return 2;
    return wrong(to_shown(lua, -1));
  }
  interpreter.missing = file;
  return wrong(fmt::format("there is no file \"{}\" beside the script", file));
}

int require(lua_State* lua) {
  int results = 0;
  if (const char* error = run_body(lua, find_required, results))
    return luaL_error(lua, "%s", error);
  if (results == 1) return 1;
  lua_call(lua, 0, 1);
  if (lua_isnil(lua, -1)) {
    lua_pop(lua, 1);
    lua_pushboolean(lua, 1);
  }
  lua_pushvalue(lua, 2);  // its name
  lua_pushvalue(lua, -2);
  lua_rawset(lua, 3);
  return 1;
}

void push_setting(lua_State* lua, const Setting& setting) {
  lua_checkstack(lua, 4);
  switch (setting.kind) {
    case Setting::Kind::boolean:
      return lua_pushboolean(lua, setting.boolean ? 1 : 0);
    case Setting::Kind::integer:
      return lua_pushinteger(lua, setting.integer);
    case Setting::Kind::text:
      lua_pushlstring(lua, setting.text.data(), setting.text.size());
      return;
    case Setting::Kind::list:
    case Setting::Kind::object:
      lua_createtable(lua, 0, 0);
      for (std::size_t i = 0; i < setting.items.size(); ++i) {
        push_setting(lua, setting.items[i]);
        if (setting.kind == Setting::Kind::list)
          lua_rawseti(lua, -2, static_cast<lua_Integer>(i) + 1);
        else
          lua_setfield(lua, -2, setting.items[i].name.c_str());
      }
  }
}

// Calls the prelude; its table is left on the stack.
void run_prelude(lua_State* lua, lua_CFunction ask, lua_CFunction self, int string_table,
                 int table_table, int math_table) {
  if (!compile(lua, "=(host)", prelude)) return;
  lua_pushcfunction(lua, ask);
  lua_createtable(lua, 0, 32);  // the numbers of calls
  const auto number = [&](const char* name, Call call) {
    lua_pushinteger(lua, static_cast<lua_Integer>(call));
    lua_setfield(lua, -2, name);
  };
  number("cache_get", Call::cache_get);
  number("cache_set", Call::cache_set);
  number("cache_del", Call::cache_del);
  number("cache_set_ttl", Call::cache_set_ttl);
  number("cache_ttl", Call::cache_ttl);
  number("cache_names", Call::cache_names);
  number("cache_watch", Call::cache_watch);
  number("cache_unwatch", Call::cache_unwatch);
  number("cache_flush", Call::cache_flush);
  number("cache_block", Call::cache_block);
  number("cache_exec", Call::cache_exec);
  number("block_end", Call::block_end);
  number("publish", Call::publish);
  number("db_read", Call::db_read);
  number("db_write", Call::db_write);
  number("db_delete", Call::db_delete);
  number("db_block", Call::db_block);
  number("db_begin", Call::db_begin);
  number("db_commit", Call::db_commit);
  number("db_roll_back", Call::db_roll_back);
  number("memory_get", Call::memory_get);
  number("memory_set", Call::memory_set);
  number("memory_del", Call::memory_del);
  number("memory_block", Call::memory_block);
  number("memory_await", Call::memory_await);
  number("memory_lock", Call::memory_lock);
  number("memory_unlock", Call::memory_unlock);
  lua_createtable(lua, 0, 16);
  const auto function = [&](const char* name, lua_CFunction f) {
    lua_pushcfunction(lua, f);
    lua_setfield(lua, -2, name);
  };
  function("is_fatal", is_fatal);
  function("caught", caught_error);
  function("length", host_functions().length);
  function("fail", host_functions().fail);
  function("tostring", host_functions().shown);
  function("keys_of", host_functions().keys_of);
  function("is_empty", host_functions().is_empty);
  function("concat", host_functions().concat);
  function("content", host_functions().content);
  function("check_pattern", host_functions().check_pattern);
  function("self", self);
  for (const char* name : {"find", "match", "gmatch", "gsub", "format"})
    copy_member(lua, string_table, name);
  for (const char* name : {"insert", "remove"}) copy_member(lua, table_table, name);
  lua_getfield(lua, table_table, "concat");
  lua_setfield(lua, -2, "join");
  lua_getfield(lua, math_table, "type");
  lua_setfield(lua, -2, "math_type");
  lua_call(lua, 3, 1);
}

}  // namespace

lua_State* open_interpreter(Interpreter& interpreter) {
  lua_State* lua = lua_newstate(allocate, &interpreter);
  if (lua == nullptr) throw std::bad_alloc();
  interpreter.lua = lua;
  *static_cast<Interpreter**>(lua_getextraspace(lua)) = &interpreter;
  lua_atpanic(lua, nullptr);
  return lua;
}

bool fill_sandbox(Interpreter& interpreter, lua_CFunction ask, lua_CFunction self) {
  lua_State* lua = interpreter.lua;
  luaL_requiref(lua, "_G", luaopen_base, 0);
  luaL_requiref(lua, "string", luaopen_string, 0);
  luaL_requiref(lua, "table", luaopen_table, 1);
  luaL_requiref(lua, "math", luaopen_math, 0);
  const int base = 1, strings = 2, tables = 3, numbers = 4;
  run_prelude(lua, ask, self, strings, tables, numbers);
  const int ours = 5;
  if (!lua_istable(lua, ours)) return false;
  lua_getfield(lua, ours, "within");
  interpreter.commands_in_block = luaL_ref(lua, LUA_REGISTRYINDEX);
  lua_getfield(lua, ours, "tx");
  interpreter.statements = luaL_ref(lua, LUA_REGISTRYINDEX);

  choose_members(lua, base,
                 {"error", "ipairs", "select", "tonumber", "type", "rawequal", "rawget", "rawlen"});
  const int builtins = 6;
  for (const char* name :
       {"pcall", "xpcall", "pairs", "next", "cache", "db", "memory", "once", "forget"})
    copy_member(lua, ours, name);
  const auto function = [&](const char* name, lua_CFunction f) {
    lua_pushcfunction(lua, f);
    lua_setfield(lua, builtins, name);
  };
  function("tostring", host_functions().shown);
  function("fail", host_functions().fail);
  function("now", guarded<now>);
  function("setmetatable", set_metatable);
  function("getmetatable", get_metatable);
  function("require", require);

  choose_members(lua, strings, {"byte", "char", "len", "lower", "rep", "reverse", "sub", "upper"});
  for (const char* name : {"format", "find", "match", "gmatch", "gsub"}) {
    lua_getfield(lua, ours, name);
    lua_setfield(lua, -2, name);
  }
  lua_pushliteral(lua, "");  // so that ("x"):upper() finds the same
  lua_getmetatable(lua, -1);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pop(lua, 2);
  lua_setfield(lua, builtins, "string");

  choose_members(lua, tables, {"pack"});
  for (const char* name : {"concat", "insert", "remove", "unpack", "sort"}) {
    lua_getfield(lua, ours, name);
    lua_setfield(lua, -2, name);
  }
  lua_setfield(lua, builtins, "table");
  choose_members(
      lua, numbers,
      {"abs", "floor", "ceil", "max", "min", "tointeger", "type", "maxinteger", "mininteger"});
  lua_setfield(lua, builtins, "math");
  push_setting(lua, interpreter.program->settings);
  lua_setfield(lua, builtins, "settings");

  lua_createtable(lua, 0, 0);  // what # becomes
  lua_createtable(lua, 0, 1);
  lua_pushcfunction(lua, host_functions().length);
  lua_setfield(lua, -2, "__pow");
  lua_setmetatable(lua, -2);
  lua_setfield(lua, builtins, length_name);

  // What neither has is missing.
  lua_createtable(lua, 0, 1);
  lua_pushcfunction(lua, missing);
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, builtins);
  lua_pushvalue(lua, builtins);
  interpreter.builtins = luaL_ref(lua, LUA_REGISTRYINDEX);

  lua_createtable(lua, 0, 8);  // the user's globals, and behind them ours
  lua_createtable(lua, 0, 1);
  lua_pushvalue(lua, builtins);
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, -2);
  lua_pushvalue(lua, -1);
  interpreter.user_globals = luaL_ref(lua, LUA_REGISTRYINDEX);

  lua_createtable(lua, 0, 0);  // the environment itself stays empty
  lua_createtable(lua, 0, 2);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, guarded<set_global>);
  lua_setfield(lua, -2, "__newindex");
  lua_setmetatable(lua, -2);
  interpreter.environment = luaL_ref(lua, LUA_REGISTRYINDEX);

  lua_pushlightuserdata(lua, nullptr);  // all light userdata share a metatable
  lua_createtable(lua, 0, 3);
  lua_pushcfunction(lua, host_functions().member_of_row);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, host_functions().shown);
  lua_setfield(lua, -2, "__tostring");
  lua_pushcfunction(lua, host_functions().joined);
  lua_setfield(lua, -2, "__concat");
  lua_setmetatable(lua, -2);
  lua_settop(lua, 0);
  return true;
}

bool compile(lua_State* lua, const std::string& chunk, std::string_view text) {
  if (luaL_loadbufferx(lua, text.data(), text.size(), chunk.c_str(), "t") != LUA_OK) return false;
  std::string code;
  const auto append = [](lua_State*, const void* data, std::size_t size, void* to) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
    return 0;
  };
  lua_dump(lua, append, &code, 0);
  lua_pop(lua, 1);
  Interpreter::of(lua).places.number_instructions(code);
  return luaL_loadbufferx(lua, code.data(), code.size(), chunk.c_str(), "b") == LUA_OK;
}

namespace {

// An error with its place, for the user.
bool refuse_source(lua_State* lua, const Source& source, std::size_t line, const std::string& why) {
  const std::string text = fmt::format("{}:{}: {}", source.file, line, why);
  lua_pushlstring(lua, text.data(), text.size());
  return false;
}

}  // namespace

bool compile(lua_State* lua, const Source& source) {
  const auto& interpreter = Interpreter::of(lua);
  const auto& sources = interpreter.program->sources;
  const auto file = std::ranges::find(sources, source.file, &Source::file) - sources.begin();
  // A short name: Lua cuts long ones off.
  const auto checked = with_checked_lengths(source.text);
  if (checked.line_of_power != 0)
    return refuse_source(lua, source, checked.line_of_power,
                         "^ is not the same on every machine; multiply instead");
  if (!compile(lua, fmt::format("=#{}", file), checked.text)) {
    const std::string error = to_shown(lua, -1);
    unsigned line = 0;
    int length = 0;
    if (std::sscanf(error.c_str(), "#%*u:%u: %n", &line, &length) != 1 || length == 0) return false;
    lua_pop(lua, 1);
    return refuse_source(lua, source, line, error.substr(static_cast<std::size_t>(length)));
  }
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.environment);
  lua_setupvalue(lua, -2, 1);
  return true;
}

}  // namespace cacherace::script
