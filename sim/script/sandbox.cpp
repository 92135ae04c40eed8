// What a script finds: the language without a clock, files, chance and addresses.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sim/script/interpreter.hpp"
#include "sim/script/prelude.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::script {
namespace {

const char fatal_mark = 0;
const char no_answer_mark = 0;
const char required_mark = 0;

void* mark(const char& of) { return const_cast<char*>(&of); }

void* allocate(void* context, void* block, std::size_t old_size, std::size_t size) {
  auto& used = static_cast<Interpreter*>(context)->used;
  if (block == nullptr) old_size = 0;
  if (size == 0) {
    used -= old_size;
    std::free(block);
    return nullptr;
  }
  const bool limited = static_cast<Interpreter*>(context)->inside == 0;
  if (limited && size > old_size && used + (size - old_size) > memory_max) return nullptr;
  void* moved = std::realloc(block, size);
  if (moved != nullptr) used += size - old_size;
  return moved;
}

// ---- what the prelude is given -----------------------------------------------------------------

int is_fatal(lua_State* lua) {
  const bool limit = lua_touserdata(lua, 1) == mark(fatal_mark);
  const char* text = lua_type(lua, 1) == LUA_TSTRING ? lua_tostring(lua, 1) : "";
  lua_pushboolean(lua, limit || std::strcmp(text, "not enough memory") == 0 ? 1 : 0);
  return 1;
}

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

// The keys of a table, in one order: integers, texts, truth values.
int keys_of(lua_State* lua, Wrong& wrong) {
  if (!lua_istable(lua, 1))
    return wrong(fmt::format("a table is expected, not {}", to_shown(lua, 1)));
  std::vector<lua_Integer> integers;
  std::vector<std::string> texts;
  bool truths[2] = {false, false};
  lua_pushnil(lua);
  while (lua_next(lua, 1) != 0) {
    lua_pop(lua, 1);
    if (lua_isinteger(lua, -1) != 0)
      integers.push_back(lua_tointeger(lua, -1));
    else if (lua_type(lua, -1) == LUA_TSTRING)
      texts.emplace_back(lua_tostring(lua, -1), lua_rawlen(lua, -1));
    else if (lua_type(lua, -1) == LUA_TBOOLEAN)
      truths[lua_toboolean(lua, -1)] = true;
    else
      return wrong(
          fmt::format("a table with a {} as a key has no order that is the same in every run; "
                      "use texts or integers",
                      luaL_typename(lua, -1)));
  }
  std::ranges::sort(integers);
  std::ranges::sort(texts);
  lua_createtable(lua, static_cast<int>(integers.size() + texts.size()), 0);
  lua_Integer at = 0;
  const auto put = [&] { lua_rawseti(lua, -2, ++at); };
  for (const auto key : integers) lua_pushinteger(lua, key), put();
  for (const auto& key : texts) lua_pushlstring(lua, key.data(), key.size()), put();
  for (int truth = 0; truth < 2; ++truth)
    if (truths[truth]) lua_pushboolean(lua, truth), put();
  return 1;
}

int is_empty(lua_State* lua) {
  lua_pushnil(lua);
  lua_pushboolean(lua, lua_next(lua, 1) == 0 ? 1 : 0);
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

// ---- tables of functions -----------------------------------------------------------------------

void copy_member(lua_State* lua, int from, const char* name) {
  lua_getfield(lua, from, name);
  lua_setfield(lua, -2, name);
}

// A new table with these members of the library that is at `from`.
void choose(lua_State* lua, int from, std::initializer_list<const char*> names) {
  lua_createtable(lua, 0, static_cast<int>(names.size()));
  for (const char* name : names) copy_member(lua, from, name);
}

int set_metatable(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
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
  if (lua_getmetatable(lua, 1) == 0) lua_pushnil(lua);
  return 1;
}

int no_clock(lua_State* lua) {
  return luaL_error(lua, "there is no clock in a script: use \"soft\", TTLs and sleep");
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
  if (lua_rawgetp(lua, LUA_REGISTRYINDEX, mark(required_mark)) == LUA_TNIL) {
    lua_pop(lua, 1);
    lua_createtable(lua, 0, 4);
    lua_pushvalue(lua, -1);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, mark(required_mark));
  }
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, 3) != LUA_TNIL) return 1;
  for (const Source& source : interpreter.program->sources) {
    if (source.file != file && !source.file.ends_with("/" + file)) continue;
    if (compile(interpreter, source)) return 2;
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
                 int math_table) {
  if (!compile(Interpreter::of(lua), "=(host)", prelude)) return;
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
  number("cache_flush", Call::cache_flush);
  number("cache_block", Call::cache_block);
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
  function("fail", fail);
  function("tostring", shown);
  function("keys_of", guarded<keys_of>);
  function("is_empty", is_empty);
  function("concat", guarded<concat>);
  function("check_pattern", check_pattern);
  function("self", self);
  for (const char* name : {"find", "match", "gmatch", "gsub", "format"})
    copy_member(lua, string_table, name);
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
  run_prelude(lua, ask, self, strings, numbers);
  const int ours = 5;
  if (!lua_istable(lua, ours)) return false;

  choose(lua, base,
         {"error", "ipairs", "select", "tonumber", "type", "rawequal", "rawget", "rawlen"});
  const int builtins = 6;
  for (const char* name :
       {"pcall", "xpcall", "pairs", "next", "cache", "db", "memory", "once", "forget"})
    copy_member(lua, ours, name);
  const auto function = [&](const char* name, lua_CFunction f) {
    lua_pushcfunction(lua, f);
    lua_setfield(lua, builtins, name);
  };
  function("tostring", shown);
  function("fail", fail);
  function("now", no_clock);
  function("setmetatable", set_metatable);
  function("getmetatable", get_metatable);
  function("require", require);

  choose(lua, strings, {"byte", "char", "len", "lower", "rep", "reverse", "sub", "upper"});
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

  choose(lua, tables, {"concat", "insert", "remove", "unpack", "pack"});
  lua_getfield(lua, ours, "sort");
  lua_setfield(lua, -2, "sort");
  lua_setfield(lua, builtins, "table");
  choose(lua, numbers,
         {"abs", "floor", "ceil", "max", "min", "tointeger", "type", "maxinteger", "mininteger"});
  lua_setfield(lua, builtins, "math");
  push_setting(lua, interpreter.program->settings);
  lua_setfield(lua, builtins, "settings");

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
  lua_pushcfunction(lua, guarded<member_of_row>);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, shown);
  lua_setfield(lua, -2, "__tostring");
  lua_pushcfunction(lua, guarded<joined>);
  lua_setfield(lua, -2, "__concat");
  lua_setmetatable(lua, -2);
  lua_settop(lua, 0);
  return true;
}

const char* run_body(lua_State* lua, Body body, int& results) {
  auto& interpreter = Interpreter::of(lua);
  Wrong wrong;
  ++interpreter.inside;
  results = body(lua, wrong);
  --interpreter.inside;
  if (!wrong) return nullptr;
  const std::size_t size = wrong.text.copy(interpreter.error, sizeof interpreter.error - 1);
  interpreter.error[size] = '\0';
  return interpreter.error;
}

bool compile(Interpreter& interpreter, const std::string& chunk, std::string_view text) {
  lua_State* lua = interpreter.lua;
  if (luaL_loadbufferx(lua, text.data(), text.size(), chunk.c_str(), "t") != LUA_OK) return false;
  std::string code;
  const auto append = [](lua_State*, const void* data, std::size_t size, void* to) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), size);
    return 0;
  };
  lua_dump(lua, append, &code, 0);
  lua_pop(lua, 1);
  interpreter.places.number_instructions(code);
  return luaL_loadbufferx(lua, code.data(), code.size(), chunk.c_str(), "b") == LUA_OK;
}

bool compile(Interpreter& interpreter, const Source& source) {
  lua_State* lua = interpreter.lua;
  const auto& sources = interpreter.program->sources;
  const auto file = std::ranges::find(sources, source.file, &Source::file) - sources.begin();
  // A short name: Lua cuts long ones off.
  if (!compile(interpreter, fmt::format("=#{}", file), source.text)) return false;
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.environment);
  lua_setupvalue(lua, -2, 1);
  return true;
}

// ---- errors ------------------------------------------------------------------------------------

void push_no_answer(lua_State* lua) {
  lua_createtable(lua, 1, 0);
  lua_pushvalue(lua, -2);
  lua_rawseti(lua, -2, 1);
  if (lua_rawgetp(lua, LUA_REGISTRYINDEX, mark(no_answer_mark)) == LUA_TNIL) {
    lua_pop(lua, 1);
    lua_createtable(lua, 0, 1);
    lua_pushcfunction(lua, [](lua_State* l) {
      lua_rawgeti(l, 1, 1);
      return 1;
    });
    lua_setfield(lua, -2, "__tostring");
    lua_pushvalue(lua, -1);
    lua_rawsetp(lua, LUA_REGISTRYINDEX, mark(no_answer_mark));
  }
  lua_setmetatable(lua, -2);
}

bool is_no_answer(lua_State* lua, int index) {
  if (!lua_istable(lua, index) || lua_getmetatable(lua, index) == 0) return false;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, mark(no_answer_mark));
  const bool same = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return same;
}

void throw_error(Interpreter& interpreter, lua_State* thread) {
  std::string text;
  if (lua_touserdata(thread, -1) == mark(fatal_mark))
    text =
        fmt::format("the script runs for {} instructions without an effect: does a loop not end?",
                    instructions_max);
  else
    text = to_shown(thread, -1);
  if (text == "not enough memory")
    text = fmt::format("the script takes more than {} MiB of memory", memory_max >> 20U);
  if (text.find("attempt to yield across a C-call boundary") != std::string::npos)
    text =
        "an effect within a function that string.gsub, a metatable or the like calls: collect "
        "first, then "
        "ask";
  ScriptError error(text);
  // "(host):place: what" is of the prelude; the user's own place is below it on the stack.
  if (text.starts_with("(host):")) text.erase(0, text.find(": ", 7) + 2);
  // "#file:place: what", where Lua tells it.
  std::uint32_t file = 0;
  int place = 0, length = 0;
  if (std::sscanf(text.c_str(), "#%u:%d: %n", &file, &place, &length) == 2 && length > 0) {
    error = ScriptError(file, interpreter.places.line_of(place),
                        text.substr(static_cast<std::size_t>(length)));
    error.path = interpreter.file_name(file);
  }
  lua_Debug frame;
  for (int level = 0; lua_getstack(thread, level, &frame) != 0; ++level) {
    lua_getinfo(thread, "Sln", &frame);
    if (std::sscanf(frame.source, "=#%u", &file) != 1) continue;
    const std::uint32_t line = interpreter.places.line_of(frame.currentline);
    if (error.line == 0 && line > 0) {
      error.line = line;
      error.path = interpreter.file_name(file);
    }
    error.stack +=
        fmt::format("  in {}, {}:{}\n", frame.name == nullptr ? "a function" : frame.name,
                    interpreter.file_name(file), line);
  }
  error.missing = interpreter.missing;
  throw error;
}

void limit(lua_State* thread) {
  lua_sethook(
      thread,
      [](lua_State* lua, lua_Debug*) {
        lua_pushlightuserdata(lua, mark(fatal_mark));
        lua_error(lua);
      },
      LUA_MASKCOUNT, instructions_max);
}

}  // namespace cacherace::script
