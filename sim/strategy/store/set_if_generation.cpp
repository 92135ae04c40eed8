#include "sim/strategy/protocols.hpp"

#include <boost/asio/yield.hpp>

namespace cacherace::strategy {

// Stores only if the key's generation is still the one that the miss saw: every delete begins a new
// one.
static void set_if_generation(Client& client, const Strategy& strategy) {
  reenter(client.routine()) {
    yield client.issue(strategy.stored(client, When::same_generation));
    client.back();
  }
}

void compose(const scenario::GenerationCheck&, Strategy& out) {
  out.store = set_if_generation;
  out.leaves = Leaves::generation;
  out.layout.generations = true;
}

}  // namespace cacherace::strategy

#include <boost/asio/unyield.hpp>
