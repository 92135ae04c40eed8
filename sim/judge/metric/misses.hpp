#pragma once
// Why reads miss: what became of the entry that they did not find.

#include <array>
#include <string_view>
#include <vector>

#include "sim/core/observer.hpp"

namespace cacherace::judge {

enum class MissCause : std::uint8_t {
  cold,         // the key was never cached
  expired,      // its time was over, or was taken to be
  evicted,      // for lack of memory
  invalidated,  // by a delete on purpose
  emptied,      // with the whole cache, or one of its servers
  renamed,      // it is cached under a name that nobody asks for any more
  unanswered,   // the cache was asked, and did not answer
  bypassed,     // the cache was not asked
};
inline constexpr std::size_t miss_causes = static_cast<std::size_t>(MissCause::bypassed) + 1;

/// Follows what becomes of each key's entry, and tells it to the reads that miss. One byte a key;
/// each call is O(1), but for `emptied`: O(keys).
class MissCauses {
 public:
  explicit MissCauses(Key keys) : keys_(keys) {}

  void stored(Key key);
  void gone(Key key, MissCause cause);
  void emptied();

  /// A read looked the key up and found nothing.
  void missed(ClientId client, Key key);
  /// A read found an entry that it may take for expired.
  void may_miss(ClientId client);
  /// A look-up of a read got no answer.
  void unanswered(ClientId client);
  /// A read is over. Returns why it missed, if it did, and forgets the client.
  MissCause take(ClientId client);

 private:
  enum class State : std::uint8_t { cold, expired, evicted, invalidated, emptied, cached };

  MissCause& of(ClientId client);

  std::vector<State> keys_;
  std::vector<MissCause> of_client_;  // `bypassed` until it looks a key up
};

}  // namespace cacherace::judge
