#pragma once
// The memory that searches have together.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>

namespace cacherace::harness {

/// A budget of memory for searches that run at the same time. Each of them alone may take all of
/// it; one that would need what others have is put off: it gives back what it has, and is done
/// again later, alone. So what a search finds within the budget depends on no other search, and not
/// on how many threads there are.
class SharedMemory {
 public:
  explicit SharedMemory(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  /// What one search has of it, for as long as this lives.
  class Share {
   public:
    explicit Share(SharedMemory& whole) : whole_(whole) {}
    ~Share() { give_back(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// The search has so many bytes now, no longer what it had before. False when that is too much
    /// beside the others: the search is put off, and has to end.
    bool take(std::uint64_t bytes);
    void give_back() { take(0); }
    bool put_off() const { return put_off_; }

   private:
    SharedMemory& whole_;
    std::uint64_t bytes_ = 0;
    bool put_off_ = false;
  };

 private:
  std::uint64_t bytes_max_;
  std::mutex mutex_;
  std::uint64_t taken_ = 0;
};

/// Runs task(0) … task(count - 1) on `jobs` threads, each with a share of the memory; then those
/// that were put off once more, one after another. Rethrows the first exception of a task.
void share_memory(SharedMemory& memory, std::size_t count, unsigned jobs,
                  const std::function<void(std::size_t, SharedMemory::Share&)>& task);

}  // namespace cacherace::harness
