#include "sim/judge/metric/misses.hpp"

#include <algorithm>
#include <utility>

namespace cacherace::judge {

// A key that is cached and not found is cached under another name.
static_assert(static_cast<int>(MissCause::renamed) == static_cast<int>(MissCause::emptied) + 1);

void MissCauses::stored(Key key) {
  if (key < keys_.size()) keys_[key] = State::cached;
}

void MissCauses::gone(Key key, MissCause cause) {
  if (key < keys_.size() && keys_[key] == State::cached) keys_[key] = static_cast<State>(cause);
}

void MissCauses::emptied() {
  std::replace(keys_.begin(), keys_.end(), State::cached, State::emptied);
}

MissCause& MissCauses::of(ClientId client) {
  if (client >= of_client_.size()) of_client_.resize(client + 1, MissCause::bypassed);
  return of_client_[client];
}

void MissCauses::missed(ClientId client, Key key) {
  MissCause& cause = of(client);
  if (cause != MissCause::bypassed && cause != MissCause::unanswered)
    return;  // it looks again while it waits
  cause = key < keys_.size() ? static_cast<MissCause>(keys_[key]) : MissCause::cold;
}

void MissCauses::may_miss(ClientId client) {
  MissCause& cause = of(client);
  if (cause == MissCause::bypassed || cause == MissCause::unanswered) cause = MissCause::expired;
}

void MissCauses::unanswered(ClientId client) {
  MissCause& cause = of(client);
  if (cause == MissCause::bypassed) cause = MissCause::unanswered;
}

MissCause MissCauses::take(ClientId client) {
  return client < of_client_.size() ? std::exchange(of_client_[client], MissCause::bypassed)
                                    : MissCause::bypassed;
}

}  // namespace cacherace::judge
