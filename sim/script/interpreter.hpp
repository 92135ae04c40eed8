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
  std::shared_ptr<Values> values;
  Environment outside;
  const Program* program = nullptr;
  std::string missing;                        // a file that is required
  int user_globals = 0;                       // reference to the table of what the script defines
  int builtins = 0;                           // and to that of what it finds
  int environment = 0;                        // through which it sees both
  int commands_in_block = 0, statements = 0;  // what functions of blocks and transactions get
  StaticObjects built_in_objects, static_objects;  // without, and with those of the script
  Places places;                                   // of instructions
  bool loaded = false;                             // globals stay as they are from here on
  std::size_t used = 0;                            // memory
  std::size_t made = 0;        // and all that was asked for since the last request
  bool made_too_much = false;  // why memory was refused last
  void* run = nullptr;         // that is under way
  int inside = 1;              // our own code is running: it gets what memory it needs
  char error[400] = {};        // of a body, which has ended since

  std::string file_name(std::uint32_t file) const {
    return file < program->sources.size() ? program->sources[file].file : "";
  }
  static Interpreter& of(lua_State* lua) {
    return **static_cast<Interpreter**>(lua_getextraspace(lua));
  }
};

inline constexpr std::size_t memory_max = 256U << 20U;          // of one interpreter
inline constexpr std::size_t made_max = std::size_t{1} << 30U;  // between two requests
inline constexpr int instructions_max = 2'000'000;              // likewise

/// Lua is compiled as C, and an error in it jumps over destructors. So a function that owns memory
/// is a body, which calls nothing that raises an error, and says instead what is wrong; the error
/// is raised when the body is over.
struct Wrong {
  std::string text;  // "" while nothing is
  int operator()(std::string what) {
    if (text.empty()) text = std::move(what);
    return 0;
  }
  explicit operator bool() const { return !text.empty(); }
};
using Body = int (*)(lua_State*, Wrong&);

/// What is wrong, in the interpreter's `error`; nullptr for nothing. `results`: of the body.
const char* run_body(lua_State* lua, Body body, int& results);

template <Body body>
int guarded(lua_State* lua) {
  int results = 0;
  const char* error = run_body(lua, body, results);
  return error == nullptr ? results : luaL_error(lua, "%s", error);
}

/// A new interpreter whose memory is counted.
lua_State* open_interpreter(Interpreter& interpreter);
/// Everything that a script finds but what asks. `ask` is that.
bool fill_sandbox(Interpreter& interpreter, lua_CFunction ask, lua_CFunction self);
/// Leaves a function on the stack, every instruction of which has a line of its own; or false, and
/// an error.
bool compile(lua_State* lua, const Source& source);
bool compile(lua_State* lua, const std::string& chunk, std::string_view text);

/// The value at `index`, if it can be kept.
Value to_value(lua_State* lua, int index, Wrong& wrong);
void push_value(lua_State* lua, Value value);
/// In plain words, the same in every run.
std::string to_shown(lua_State* lua, int index);

/// Leaves a failed effect, as scripts see it, on the stack: an error with the text on top of it.
void push_no_answer(lua_State* lua);
/// For the prelude: an error that no script may catch.
int is_fatal(lua_State* lua);
/// And what a script sees that catches an error: a text with the user's own place.
int caught_error(lua_State* lua);
/// The value at `index` is one.
bool is_no_answer(lua_State* lua, int index);

/// The error on top of `thread`, which runs that operation, as an exception.
[[noreturn]] void throw_error(Interpreter& interpreter, lua_State* thread,
                              std::string_view operation = "the file");

/// Stops functions that run on without asking.
void limit(lua_State* thread);

/// The allocator that Lua uses: counts, and refuses what a script takes beyond the limits.
void* allocate(void* interpreter, void* block, std::size_t old_size, std::size_t size);

}  // namespace cacherace::script
