#pragma once
// A function under way, for the files of the host.

#include <lua.hpp>

#include <vector>

#include "sim/script/interpreter.hpp"
#include "sim/script/request.hpp"

namespace cacherace::script {

/// A variable that a spawned function has captured, as it was then.
struct Captured {
  int function = LUA_NOREF;  // the one that the parent has
  int variable = 0;          // of it, from 1
  SharedPart part;
  bool is_object = false;            // a table or a function
  std::uint32_t file = 0, line = 0;  // of the spawn
};

/// A function under way.
struct Running {
  lua_State* thread = nullptr;
  int thread_ref = LUA_NOREF;  // keeps the thread
  bool in_use = false;
  bool started = false;
  bool answered = false;  // or its effect got no reply
  bool in_block = false;
  bool in_transaction = false;
  int given = 0;             // arguments or answers on its stack
  bool live = false;         // nobody asks at which line it stands
  bool sleeps_last = false;  // it has returned, after a sleep that is asked for now
  std::uint32_t self = 0;
  std::string name;          // of its operation
  std::uint32_t tokens = 0;  // that it has asked for
  Duration after{};          // that it has slept since its last request
  std::vector<Captured> captured;
  Turn turn;
};

/// The one under way; wrong while a file is loaded.
Running* running(lua_State* lua, Wrong& wrong);
/// Where the user's own code stands.
void locate(lua_State* lua, std::uint32_t& file, std::uint32_t& line);
/// The request that a run makes now; its memory is used again.
Request& next_request(Running& run);
/// A member of a table, past its metatable.
int push_member(lua_State* lua, int table, const char* name);
bool flag(lua_State* lua, int options, const char* name);

/// What a script calls: `ask` is for the prelude, `add_calls` puts the others into the table on top
/// of the stack.
int ask(lua_State* lua);
int own_token(lua_State* lua);
void add_calls(lua_State* lua);

/// Starts a copy of a function; after the sleep before it, if there is one.
int spawn(lua_State* lua);
/// Throws where what a spawned function has captured is not what it was.
void check_captured(Interpreter& interpreter, const Running& run);
void forget_captured(Interpreter& interpreter, Running& run);

}  // namespace cacherace::script
