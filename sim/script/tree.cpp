#include "sim/script/tree.hpp"

#include <algorithm>
#include <utility>

#include "sim/script/script_error.hpp"

namespace cacherace::script {
namespace {

std::optional<std::span<const Value>> view(const std::optional<std::vector<Value>>& answers) {
  if (!answers) return std::nullopt;
  return std::span<const Value>(*answers);
}

}  // namespace

Tree::Tree(const Program& program, Environment outside, bool merges)
    : program_(program), outside_(std::move(outside)), host_(new_host()), merges_(merges) {}

std::unique_ptr<Host> Tree::new_host() const {
  return std::make_unique<Host>(program_, outside_, false, values_);
}

Tree::Arrival Tree::begin(std::string_view operation, std::span<const Value> arguments,
                          std::uint32_t self) {
  return start({.operation = std::string(operation),
                .arguments = {arguments.begin(), arguments.end()},
                .self = program_.names_clients ? self : 0});
}

Tree::Arrival Tree::begin(Spawnable function, std::uint32_t self) {
  return start({.operation = {},
                .arguments = {},
                .function = function,
                .self = program_.names_clients ? self : 0});
}

Tree::Arrival Tree::start(Root root) {
  auto known = starts_.find(root);
  if (known == starts_.end()) {
    roots_.push_back(root);
    known = starts_.emplace(std::move(root), learn(roots_.size() - 1, 0, std::nullopt)).first;
  }
  return {.node = known->second.to, .turn = &known->second.turn};
}

Tree::Arrival Tree::go_on(Node from, std::optional<std::span<const Value>> answers) {
  std::pair<Node, Answers> way{from, std::nullopt};
  if (answers) way.second.emplace(answers->begin(), answers->end());
  auto known = edges_.find(way);
  if (known == edges_.end()) {
    Edge edge = learn(nodes_[from].root, from, way.second);
    known = edges_.emplace(std::move(way), std::move(edge)).first;
  }
  return {.node = known->second.to, .turn = &known->second.turn};
}

// A new run that stands at `parent`, or before its first turn where that is 0.
Host::Run Tree::run_to(std::size_t root, Node parent) {
  std::vector<const Answers*> answers;
  for (Node node = parent; node != 0; node = nodes_[node].parent)
    answers.push_back(&nodes_[node].answers);
  const Root& from = roots_[root];
  Host::Run run = Host::no_run;
  if (from.function == 0) {
    run = host_->begin(from.operation, from.arguments, from.self);
  } else {
    // Its function is what a run had spawned that is made to stand there again.
    const Origin origin = origins_[from.function];
    const Host::Run other = run_to(origin.root, origin.parent);
    const Turn& turn = host_->resume(other, view(origin.answers));
    run = host_->begin_spawned(turn.spawned[origin.index].what, from.self);
    host_->end(other);
  }
  for (auto each = answers.rbegin(); each != answers.rend(); ++each)
    host_->resume(run, view(**each));
  return run;
}

// What has gone wrong may have left anything behind, in what clients share above all: nothing that
// the host was at goes on.
Tree::Edge Tree::learn(std::size_t root, Node parent, const Answers& answers) {
  try {
    return run_on(root, parent, answers);
  } catch (...) {
    host_ = new_host();
    by_key_.clear();  // keys mean something to one host only
    for (Origin& origin : origins_) origin.key.clear();
    throw;
  }
}

Tree::Edge Tree::run_on(std::size_t root, Node parent, const Answers& answers) {
  const Host::Run run = run_to(root, parent);
  Edge edge{.to = 0, .turn = host_->resume(run, view(answers))};
  for (std::size_t i = 0; i < edge.turn.spawned.size(); ++i) {
    auto& spawned = edge.turn.spawned[i];
    const auto key = host_->key_of(spawned.what);
    host_->forget(spawned.what);
    spawned.what = known_as(
        {.root = root, .parent = parent, .answers = answers, .index = i, .key = key.value_or("")});
  }
  std::optional<std::string> key;
  if (merges_) key = host_->take_key(run);
  host_->end(run);
  host_->check_shared();
  if (key) {
    const auto known = by_key_.find(*key);
    if (known != by_key_.end()) {
      edge.to = known->second;
      return edge;
    }
  }
  edge.to = static_cast<Node>(nodes_.size());
  nodes_.push_back({.turn = edge.turn, .root = root, .parent = parent, .answers = answers});
  if (key) by_key_.emplace(*std::move(key), edge.to);
  return edge;
}

// Functions that are the same, with the same in what they have captured, are one.
Spawnable Tree::known_as(Origin origin) {
  if (!origin.key.empty())
    for (std::size_t known = 1; known < origins_.size(); ++known)
      if (origins_[known].key == origin.key) return static_cast<Spawnable>(known);
  origins_.push_back(std::move(origin));
  return static_cast<Spawnable>(origins_.size() - 1);
}

}  // namespace cacherace::script
