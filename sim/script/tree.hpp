#pragma once
// A script as a table: where its functions can stand, and where each answer leads.

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/script/host.hpp"

namespace cacherace::script {

/// A function is determined by the answers that it got. So where it stands is a node of a tree,
/// which is learnt as it is walked: a new node is found by running the function again, with all its
/// answers; from then on the way there is looked up. Where two runs stand at one place with the
/// same memory, they are one node; so a loop that polls comes to an end. O(answers so far) for a
/// new node, O(1) for one that is known. Where a function goes wrong there is no node but a
/// ScriptError, the same one whenever anybody comes there; all others stay as they are.
class Tree {
 public:
  using Node = std::uint32_t;  // from 1

  /// `merges`: off, nodes are the same only after the same answers.
  Tree(const Program& program, Environment outside, bool merges);

  /// Where an answer leads, and what happened on the way there.
  struct Arrival {
    Node node = 0;
    const Turn* turn = nullptr;
  };
  Arrival begin(std::string_view operation, std::span<const Value> arguments, std::uint32_t self);
  Arrival begin(Spawnable function, std::uint32_t self);
  Arrival go_on(Node from, std::optional<std::span<const Value>> answers);
  const Request& request(Node node) const { return nodes_[node].turn.request; }

  Values& values() { return *values_; }
  std::string shown(Value value) const { return host_->shown(value); }
  std::size_t size() const { return nodes_.size() - 1; }

 private:
  using Answers = std::optional<std::vector<Value>>;  // nothing: no reply
  struct Root {
    std::string operation;
    std::vector<Value> arguments;
    Spawnable function = 0;  // in place of those
    std::uint32_t self = 0;
    auto operator<=>(const Root&) const = default;
  };
  // How to get there: from the root, the first way that was found.
  struct Position {
    Turn turn;
    std::size_t root = 0;
    Node parent = 0;  // 0: the root
    Answers answers;
  };
  struct Edge {
    Node to = 0;
    Turn turn;
  };
  // A function that was spawned: where, and as which of those spawned there.
  struct Origin {
    std::size_t root = 0;
    Node parent = 0;
    Answers answers;
    std::size_t index = 0;
    std::string key;  // of its content, if that can be told
  };

  Arrival start(Root root);
  Host::Run run_to(std::size_t root, Node parent);
  Edge learn(std::size_t root, Node parent, const Answers& answers);
  Edge run_on(std::size_t root, Node parent, const Answers& answers);
  std::unique_ptr<Host> new_host() const;
  Spawnable known_as(Origin origin);

  Program program_;
  Environment outside_;
  std::shared_ptr<Values> values_ = std::make_shared<Values>();
  std::unique_ptr<Host> host_;
  bool merges_;
  std::deque<Position> nodes_ = std::deque<Position>(1);
  std::vector<Root> roots_;
  std::map<Root, Edge> starts_;
  std::map<std::pair<Node, Answers>, Edge> edges_;
  std::map<std::string, Node> by_key_;
  std::vector<Origin> origins_ = std::vector<Origin>(1);  // by Spawnable
};

}  // namespace cacherace::script
