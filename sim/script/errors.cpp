// Errors: of effects without an answer, of limits, and how they become exceptions; and our own code
// under Lua's feet.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sim/script/interpreter.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::script {
namespace {

const char fatal_mark = 0;
const char no_answer_mark = 0;

void* mark(const char& of) { return const_cast<char*>(&of); }

}  // namespace

int is_fatal(lua_State* lua) {
  const bool limit = lua_touserdata(lua, 1) == mark(fatal_mark);
  const char* text = lua_type(lua, 1) == LUA_TSTRING ? lua_tostring(lua, 1) : "";
  lua_pushboolean(lua, limit || std::strcmp(text, "not enough memory") == 0 ? 1 : 0);
  return 1;
}

namespace {

// "#file:place: what" is where Lua tells that it stands in a file of the script.
bool parse_place(const std::string& text, std::uint32_t& file, int& place, std::string& what) {
  int length = 0;
  if (std::sscanf(text.c_str(), "#%u:%d: %n", &file, &place, &length) != 2 || length == 0)
    return false;
  what = text.substr(static_cast<std::size_t>(length));
  return true;
}

// "(host):place: what" is of the prelude; the user's own place is below it on the stack.
void leave_out_host(std::string& text) {
  if (text.starts_with("(host):")) text.erase(0, text.find(": ", 7) + 2);
}

int caught(lua_State* lua, Wrong&) {
  if (lua_type(lua, 1) != LUA_TSTRING) return 1;
  const auto& interpreter = Interpreter::of(lua);
  std::string text(lua_tostring(lua, 1), lua_rawlen(lua, 1)), what;
  leave_out_host(text);
  std::uint32_t file = 0;
  int place = 0;
  if (parse_place(text, file, place, what))
    text = fmt::format("{}:{}: {}", interpreter.file_name(file), interpreter.places.line_of(place),
                       what);
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

}  // namespace

int caught_error(lua_State* lua) { return guarded<caught>(lua); }

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

namespace {

// The sentence, and where Lua says that it stands.
std::string sentence(const Interpreter& interpreter, lua_State* thread) {
  std::string text;
  if (lua_touserdata(thread, -1) == mark(fatal_mark))
    text =
        fmt::format("the script runs for {} instructions without an effect: does a loop not end?",
                    instructions_max);
  else
    text = to_shown(thread, -1);
  if (text == "not enough memory" && interpreter.made_too_much)
    text = fmt::format("the script makes more than {} MiB of texts and tables between two effects",
                       made_max >> 20U);
  if (text == "not enough memory")
    text = fmt::format("the script takes more than {} MiB of memory", memory_max >> 20U);
  if (text.find("attempt to yield across a C-call boundary") != std::string::npos)
    text =
        "an effect within a function that string.gsub, a metatable or the like calls: collect "
        "first, then ask";
  leave_out_host(text);
  return text;
}

// An error that was caught and raised again has its place already.
bool place_in_text(const Interpreter& interpreter, const std::string& text, ScriptError& error) {
  for (std::uint32_t file = 0; file < interpreter.program->sources.size(); ++file) {
    const std::string name = interpreter.file_name(file), prefix = name + ":";
    unsigned line = 0;
    int length = 0;
    if (!text.starts_with(prefix) ||
        std::sscanf(text.c_str() + prefix.size(), "%u: %n", &line, &length) != 1 || length == 0)
      continue;
    error = ScriptError(name, line, text.substr(prefix.size() + static_cast<std::size_t>(length)));
    return true;
  }
  return false;
}

void add_stack(const Interpreter& interpreter, lua_State* thread, std::string_view operation,
               ScriptError& error) {
  constexpr int levels_max = 20;  // finding one takes as long as it is deep
  lua_Debug frame;
  for (int level = 0; level < levels_max && lua_getstack(thread, level, &frame) != 0; ++level) {
    lua_getinfo(thread, "Sln", &frame);
    std::uint32_t file = 0;
    if (std::sscanf(frame.source, "=#%u", &file) != 1) continue;
    const std::uint32_t line = interpreter.places.line_of(frame.currentline);
    if (line == 0) continue;
    if (error.line == 0) {
      error.line = line;
      error.path = interpreter.file_name(file);
    }
    lua_Debug above;
    std::string name = "a function";
    if (lua_getstack(thread, level + 1, &above) == 0)
      name = operation;
    else if (frame.name != nullptr && *frame.name != '?')
      name = frame.name;
    error.stack.push_back(fmt::format("in {}, {}:{}", name, interpreter.file_name(file), line));
  }
}

}  // namespace

void throw_error(Interpreter& interpreter, lua_State* thread, std::string_view operation) {
  const std::string text = sentence(interpreter, thread);
  ScriptError error(text);
  std::uint32_t file = 0;
  int place = 0;
  std::string what;
  if (parse_place(text, file, place, what))
    error = ScriptError(interpreter.file_name(file), interpreter.places.line_of(place), what);
  else
    place_in_text(interpreter, text, error);
  add_stack(interpreter, thread, operation, error);
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
