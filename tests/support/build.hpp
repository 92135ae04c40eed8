#pragma once
// How the tests are built, for those that take less effort in slow builds.

namespace cacherace::test {

/// Debug builds, and with them all that have sanitizers, take tens of times as long: there fewer
/// cases have to do. What a test counts to know that it saw something, it counts there, too.
#if defined(NDEBUG)
inline constexpr bool fast = true;
#else
inline constexpr bool fast = false;
#endif

/// Under AddressSanitizer or ThreadSanitizer, which reserve far more memory than they use.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace cacherace::test
