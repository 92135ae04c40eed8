#pragma once
// Functions of the host's that scripts and the prelude find.

#include <lua.hpp>

namespace cacherace::script {

struct HostFunctions {
  lua_CFunction shown;          // tostring
  lua_CFunction fail;           // ends the operation without an answer
  lua_CFunction keys_of;        // of a table, in one order
  lua_CFunction is_empty;       // a table
  lua_CFunction content;        // of a value, for people
  lua_CFunction concat;         // what is in a list, as text
  lua_CFunction check_pattern;  // raises an error where one may take long
  lua_CFunction member_of_row;  // __index of rows and tokens
  lua_CFunction joined;         // __concat of them
  lua_CFunction length;         // #, refused where a table has holes
};
const HostFunctions& host_functions();

}  // namespace cacherace::script
