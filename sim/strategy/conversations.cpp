// The two ways in which a script's functions run: looked up in a tree, for searches; and live, for
// traffic.

#include "sim/core/assert.hpp"
#include "sim/script/host.hpp"
#include "sim/script/tree.hpp"
#include "sim/strategy/scripted.hpp"

namespace cacherace::strategy {
namespace {

class InTree final : public Conversations {
 public:
  InTree(const script::Program& program, script::Environment outside, bool merges)
      : tree_(program, std::move(outside), merges) {}

  Arrival begin(std::string_view operation, std::span<const Value> arguments,
                std::uint32_t self) override {
    return of(tree_.begin(operation, arguments, self));
  }
  Arrival begin(script::Spawnable function, std::uint32_t self) override {
    return of(tree_.begin(function, self));
  }
  Arrival go_on(Node from, std::optional<std::span<const Value>> answers) override {
    return of(tree_.go_on(from, answers));
  }
  const script::Request& request(Node node) const override { return tree_.request(node); }
  script::Values& values() override { return tree_.values(); }
  std::string shown(Value value) const override { return tree_.shown(value); }

 private:
  static Arrival of(script::Tree::Arrival arrival) { return {arrival.node, arrival.turn}; }
  script::Tree tree_;
};

// A node is the number of a run, plus one.
class Live final : public Conversations {
 public:
  Live(const script::Program& program, script::Environment outside)
      : program_(program), host_(program_, std::move(outside), true) {}

  Arrival begin(std::string_view operation, std::span<const Value> arguments,
                std::uint32_t self) override {
    return resume(host_.begin(operation, arguments, self), {});
  }
  Arrival begin(script::Spawnable function, std::uint32_t self) override {
    const auto run = host_.begin_spawned(function, self);
    host_.forget(function);
    return resume(run, {});
  }
  Arrival go_on(Node from, std::optional<std::span<const Value>> answers) override {
    return resume(from - 1, answers);
  }
  const script::Request& request(Node node) const override { return host_.turn(node - 1).request; }
  void leave(Node node) override { host_.end(node - 1); }
  script::Values& values() override { return host_.values(); }
  std::string shown(Value value) const override { return host_.shown(value); }

 private:
  Arrival resume(script::Host::Run run, std::optional<std::span<const Value>> answers) {
    const script::Turn& turn = host_.resume(run, answers);
    constexpr std::uint32_t check_every = 4096;
    if (++resumed_ % check_every == 0) host_.check_shared();
    return {.node = run + 1, .turn = &turn};
  }

  script::Program program_;
  script::Host host_;
  std::uint32_t resumed_ = 0;
};

}  // namespace

std::unique_ptr<Conversations> conversations(const script::Program& program,
                                             script::Environment outside, bool live, bool merges) {
  if (live) return std::make_unique<Live>(program, std::move(outside));
  return std::make_unique<InTree>(program, std::move(outside), merges);
}

}  // namespace cacherace::strategy
