#pragma once
// What is found of one generated value.

namespace cacherace::harness {

enum class Answer { holds, violated, invalid };

}  // namespace cacherace::harness
