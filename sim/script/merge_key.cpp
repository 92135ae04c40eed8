#include "sim/script/merge_key.hpp"

#include <functional>

#include "sim/script/interpreter.hpp"
#include "sim/script/key_writer.hpp"
#include "sim/script/running.hpp"

namespace cacherace::script {
namespace {

const char marker_base[1U << 16U] = {};  // an address for each slot of a stack

bool is_marker(const void* address) {
  return !std::less<>{}(address, static_cast<const void*>(marker_base)) &&
         std::less<>{}(address, static_cast<const void*>(marker_base + sizeof marker_base));
}

}  // namespace

std::optional<std::string> key_of_thread(Interpreter& interpreter, const Running& run) {
  lua_State* thread = run.thread;
  KeyWriter writer(interpreter.lua, interpreter.static_objects);
  constexpr int levels_max = 100;
  lua_Debug frame;
  std::size_t slots = 0;
  if (lua_getstack(thread, levels_max, &frame) != 0) return std::nullopt;
  // Places and slots first; then a marker goes into each slot, so that a captured variable that is
  // a slot can be told from one that holds an equal value.
  for (int level = 0; lua_getstack(thread, level, &frame) != 0; ++level) {
    lua_checkstack(thread, 4);
    lua_getinfo(thread, "Slf", &frame);
    writer.tag('F');
    writer.value(thread);
    writer.number(static_cast<std::uint64_t>(frame.currentline));
    for (int i = 1; lua_getlocal(thread, &frame, i) != nullptr; ++i) writer.value(thread);
    writer.tag('V');
    for (int i = -1; lua_getlocal(thread, &frame, i) != nullptr; --i) writer.value(thread);
  }
  for (int level = 0; lua_getstack(thread, level, &frame) != 0; ++level)
    for (int i = 1; lua_getlocal(thread, &frame, i) != nullptr; ++i) {
      lua_pop(thread, 1);
      if (slots == sizeof marker_base) return std::nullopt;
      lua_pushlightuserdata(thread, const_cast<char*>(&marker_base[slots++]));
      lua_setlocal(thread, &frame, i);
    }
  writer.finish();
  // What it must not change any more: variables that it still reaches, and tables in any of them.
  for (const Captured& captured : run.captured) {
    lua_rawgeti(interpreter.lua, LUA_REGISTRYINDEX, captured.function);
    lua_getupvalue(interpreter.lua, -1, captured.variable);
    const bool is_slot = is_marker(lua_touserdata(interpreter.lua, -1));
    const void* id = lua_upvalueid(interpreter.lua, -2, captured.variable);
    if (captured.is_object || is_slot || writer.knows(id)) {
      writer.tag('S');
      writer.text(captured.part.content.data(), captured.part.content.size());
      writer.variable(interpreter.lua, id);
    } else {
      lua_pop(interpreter.lua, 1);
    }
    lua_pop(interpreter.lua, 1);
  }
  writer.finish();
  if (!writer.possible()) return std::nullopt;
  return writer.take();
}

SharedPart captured_part(Interpreter& interpreter, lua_State* thread, int number) {
  KeyWriter writer(interpreter.lua, interpreter.static_objects);
  const char* name = lua_getupvalue(thread, -1, number);
  writer.value(thread);
  writer.finish();
  return {.name = name, .content = writer.take()};
}

std::optional<std::string> key_of_function(Interpreter& interpreter) {
  KeyWriter writer(interpreter.lua, interpreter.static_objects);
  writer.value(interpreter.lua);
  writer.finish();
  if (!writer.possible()) return std::nullopt;
  return writer.take();
}

}  // namespace cacherace::script
