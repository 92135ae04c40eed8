#include "sim/harness/work/shared_memory.hpp"

#include <vector>

#include "sim/harness/work/in_parallel.hpp"

namespace cacherace::harness {

bool SharedMemory::Share::take(std::uint64_t bytes) {
  const std::scoped_lock lock(whole_.mutex_);
  const std::uint64_t others = whole_.taken_ - bytes_;
  // One that is alone has a budget of its own, which is as large.
  const bool fits =
      others == 0 || (bytes <= whole_.bytes_max_ && others <= whole_.bytes_max_ - bytes);
  put_off_ |= !fits;
  bytes_ = put_off_ ? 0 : bytes;
  whole_.taken_ = others + bytes_;
  return !put_off_;
}

void share_memory(SharedMemory& memory, std::size_t count, unsigned jobs,
                  const std::function<void(std::size_t, SharedMemory::Share&)>& task) {
  std::vector<std::uint8_t> put_off(count);
  in_parallel(count, jobs, [&](std::size_t i) {
    SharedMemory::Share share(memory);
    task(i, share);
    put_off[i] = share.put_off() ? 1 : 0;
  });
  for (std::size_t i = 0; i < count; ++i) {
    if (put_off[i] == 0) continue;
    SharedMemory::Share share(memory);
    task(i, share);
  }
}

}  // namespace cacherace::harness
