#pragma once
// Asking for memory ahead of its use.

namespace cacherace {

/// Begins to bring what stands there into the processor's cache. Changes nothing else; what is
/// asked for too early or in vain only costs time.
inline void fetch_ahead(const void* address) { __builtin_prefetch(address); }

}  // namespace cacherace
