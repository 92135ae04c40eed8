// The memory that scripts take, counted and limited.

#include <cstdlib>

#include "sim/script/interpreter.hpp"

namespace cacherace::script {

void* allocate(void* context, void* block, std::size_t old_size, std::size_t size) {
  auto& interpreter = *static_cast<Interpreter*>(context);
  if (block == nullptr) old_size = 0;
  if (size == 0) {
    interpreter.used -= old_size;
    std::free(block);
    return nullptr;
  }
  if (size > old_size && interpreter.inside == 0) {
    const bool holds_too_much = interpreter.used + (size - old_size) > memory_max;
    interpreter.made_too_much = !holds_too_much && interpreter.made + size > made_max;
    if (holds_too_much || interpreter.made_too_much) return nullptr;
    interpreter.made += size;
  }
  void* moved = std::realloc(block, size);
  if (moved != nullptr) interpreter.used += size - old_size;
  return moved;
}

}  // namespace cacherace::script
