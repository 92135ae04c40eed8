#pragma once
// A function under way, for the files of the host.

#include <lua.hpp>

#include "sim/script/request.hpp"

namespace cacherace::script {

// A function under way.
struct Running {
  lua_State* thread = nullptr;
  int thread_ref = LUA_NOREF;  // keeps the thread
  bool in_use = false;
  bool started = false;
  bool answered = false;  // or its effect got no reply
  bool in_block = false;
  bool in_transaction = false;
  int given = 0;      // arguments or answers on its stack
  bool live = false;  // nobody asks at which line it stands
  std::uint32_t self = 0;
  std::uint32_t tokens = 0;  // that it has asked for
  Duration after{};          // that it has slept since its last request
  Turn turn;
};

/// What a script calls: `ask` is for the prelude, `add_calls` puts the others into the table on top
/// of the stack.
int ask(lua_State* lua);
int own_token(lua_State* lua);
void add_calls(lua_State* lua);

}  // namespace cacherace::script
