#pragma once
// Lua's C interface, for this folder alone: values in and out, and the sandbox.

#include <lua.hpp>

#include "sim/script/host.hpp"
#include "sim/script/merge_key.hpp"
#include "sim/script/places.hpp"

namespace cacherace::script {

/// What a Lua function of the host's finds: the host's own state.
struct Interpreter {
  lua_State* lua = nullptr;
  Values values;
  Environment outside;
  const Program* program = nullptr;
  std::string missing;     // a file that is required
  std::string fatal;       // why a limit ended a function; "" while none has
  int user_globals = 0;    // reference to the table of what the script defines
  int builtins = 0;        // and to that of what it finds
  int environment = 0;     // through which it sees both
  StaticObjects built_in_objects, static_objects;  // without, and with those of the script
  Places places;                                   // of instructions
  bool loaded = false;     // globals stay as they are from here on
  std::size_t used = 0;    // memory
  void* run = nullptr;     // that is under way

  std::string file_name(std::uint32_t file) const {
    return file < program->sources.size() ? program->sources[file].file : "";
  }
  static Interpreter& of(lua_State* lua) { return **static_cast<Interpreter**>(lua_getextraspace(lua)); }
};

inline constexpr std::size_t memory_max = 256U << 20U;  // of one interpreter
inline constexpr int instructions_max = 2'000'000;      // between two requests

/// A new interpreter whose memory is counted.
lua_State* open_interpreter(Interpreter& interpreter);
/// Everything that a script finds but what asks. `ask` is that.
void fill_sandbox(Interpreter& interpreter, lua_CFunction ask, lua_CFunction self);
/// Leaves a function on the stack, every instruction of which has a line of its own; or throws a
/// ScriptError.
void compile(Interpreter& interpreter, const Source& source);
void compile(Interpreter& interpreter, const std::string& chunk, std::string_view text);

/// The value at `index`; raises an error in the script where a value cannot be kept.
Value to_value(lua_State* lua, int index);
void push_value(lua_State* lua, Value value);
/// In plain words, the same in every run.
std::string to_shown(lua_State* lua, int index);

/// A failed effect, as scripts see it. Raises it.
[[noreturn]] void raise_no_answer(lua_State* lua, const std::string& text);
/// The value at `index` is one.
bool is_no_answer(lua_State* lua, int index);

/// The error on top of `thread`, as an exception.
[[noreturn]] void throw_error(Interpreter& interpreter, lua_State* thread);

/// Stops functions that run on without asking.
void limit(lua_State* thread);

}  // namespace cacherace::script
