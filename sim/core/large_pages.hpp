#pragma once
// Memory for tables that grow large and are read at random.

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cacherace {

/// An allocator that asks for large pages for what takes at least one, where the system has them:
/// fewer of them have to be made and found.
template <typename T>
struct LargePages {
  using value_type = T;
  static constexpr std::size_t page = std::size_t{2} << 20;

  LargePages() = default;
  template <typename U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    if (count * sizeof(T) < page)
      return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{alignof(T)}));
    const std::size_t bytes = (count * sizeof(T) + page - 1) / page * page;
    void* memory = std::aligned_alloc(page, bytes);
    if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    madvise(memory, bytes, MADV_HUGEPAGE);  // where it fails, pages are small
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < page)
      ::operator delete(memory, std::align_val_t{alignof(T)});
    else
      std::free(memory);
  }
  bool operator==(const LargePages&) const = default;
};

/// A vector in such memory.
template <typename T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace cacherace
