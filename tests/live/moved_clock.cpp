// Preloaded into a server: its wall clock reads what a file of eight bytes says, in microseconds
// since 1970. Without such a file it is the machine's.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <string_view>

namespace {

const volatile std::int64_t* told() {
  static const volatile std::int64_t* const clock = [] {
    const volatile std::int64_t* none = nullptr;
    constexpr std::string_view variable = "CACHERACE_TEST_CLOCK=";
    int file = -1;
    for (char** entry = environ; *entry != nullptr; ++entry)
      if (std::string_view(*entry).starts_with(variable))
        file = open(*entry + variable.size(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return none;
    void* const mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return mapped == MAP_FAILED ? none : static_cast<const volatile std::int64_t*>(mapped);
  }();
  return clock;
}

constexpr std::int64_t million = 1'000'000;

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (!wall || told() == nullptr) return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  const std::int64_t now = *told();
  time->tv_sec = now / million;
  time->tv_nsec = now % million * 1000;
  return 0;
}

extern "C" int gettimeofday(timeval* time, void* /*zone*/) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

extern "C" time_t time(time_t* seconds) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (seconds != nullptr) *seconds = now.tv_sec;
  return now.tv_sec;
}
