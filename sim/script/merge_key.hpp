#pragma once
// When two stacks are the same: places, locals, what closures have captured, and what all of them
// refer to, with the same object being the same on both sides.

#include <lua.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cacherace::script {

struct Interpreter;

/// Objects that are there when a script is loaded; they stay as they are.
using StaticObjects = std::vector<const void*>;  // sorted

/// Everything that builtins and the script's globals refer to.
StaticObjects static_objects(Interpreter& interpreter);

struct Running;

/// Of a run that has yielded; nothing where it holds what cannot be compared. Ruins its thread.
std::optional<std::string> key_of_thread(Interpreter& interpreter, const Running& run);
/// Of the function on top of the interpreter's stack.
std::optional<std::string> key_of_function(Interpreter& interpreter);

/// What a script's operations share: each global, and each variable of a file that functions use.
struct SharedPart {
  std::string name;
  std::string content;
  bool operator==(const SharedPart&) const = default;
};
std::vector<SharedPart> shared_parts(Interpreter& interpreter);
/// The variable that the function on top of the stack has captured as its `number`-th.
SharedPart captured_part(Interpreter& interpreter, lua_State* thread, int number);

}  // namespace cacherace::script
