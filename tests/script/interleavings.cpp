#include "tests/script/interleavings.hpp"

#include <vector>

#include "sim/script/script_error.hpp"
#include "sim/script/tree.hpp"
#include "tests/script/fake_server.hpp"
#include "tests/script/loaded.hpp"

namespace cacherace::test {

namespace {

using script::Call;
using script::Tree;

struct Client {
  Tree::Node node = 0;
  std::uint32_t self = 0;
  int requests = 0;
  bool over = false;
  std::string told;  // everything that is seen of it
};

struct State {
  FakeServer server;
  std::vector<Client> clients;
  int lost = 0;
};

class Exploration {
 public:
  Exploration(const script::Program& program, const Clients& limits, bool merges)
      : limits_(limits), tree_(program, outside(), merges) {}

  Outcomes take() {
    State state{.server = FakeServer(tree_.values()), .clients = {}};
    std::string wrong;
    const auto begin = [&](const char* operation, int key) {
      const Value arguments[] = {tree_.values().text("k" + std::to_string(key))};
      const auto self = static_cast<std::uint32_t>(state.clients.size()) + 1;
      state.clients.push_back({.self = self});
      arrive(state, state.clients.size() - 1, tree_.begin(operation, arguments, self));
    };
    try {
      for (int i = 0; i < limits_.readers; ++i) begin("read", 0);
      if (limits_.writer) begin("write", 0);
    } catch (const script::ScriptError& error) {
      out_.all.insert(std::to_string(error.line) + ": " + error.what());
      return std::move(out_);
    }
    explore(state);
    out_.nodes = tree_.size();
    return std::move(out_);
  }

 private:
  void arrive(State& state, std::size_t who, const Tree::Arrival& arrival) {
    const script::Turn& turn = *arrival.turn;
    Client* client = &state.clients[who];
    client->node = arrival.node;
    for (const auto& note : turn.notes) client->told += note + ",";
    for (const auto& broken : turn.broken) client->told += "!" + broken.text + ",";
    if (turn.over) {
      client->over = true;
      client->told += turn.failed ? "failed" : shown(tree_.values(), turn.returned);
    } else {
      client->told += turn.request.shown + "@" + std::to_string(turn.request.line) + ";";
    }
    const std::vector<script::Spawned> spawned = turn.spawned;
    for (const auto& each : spawned) {
      if (state.clients.size() > 4) break;
      const auto self = static_cast<std::uint32_t>(10 * state.clients.size()) + 1;
      state.clients.push_back({.self = self});
      arrive(state, state.clients.size() - 1, tree_.begin(each.what, self));
    }
  }

  std::string shown_state(const State& state) const {
    std::string text = state.server.shown() + std::to_string(state.lost);
    for (const Client& client : state.clients)
      text += "/" + std::to_string(client.over ? 0 : client.node) + " " +
              std::to_string(client.over ? 0 : client.requests) + " " + client.told;
    return text;
  }

  void explore(const State& state) {
    if (out_.cut || !seen_.insert(shown_state(state)).second) return;
    if (++out_.states >= limits_.states_max) {
      out_.cut = true;
      return;
    }
    bool stuck = true;
    for (std::size_t who = 0; who < state.clients.size(); ++who) {
      const Client& client = state.clients[who];
      if (client.over || client.requests >= limits_.requests_max) continue;
      const auto& request = tree_.request(client.node);
      if (!state.server.ready(request, client.self)) continue;
      stuck = false;
      const std::uint32_t ways = request.call == Call::choose ? request.outcomes : 1;
      for (std::uint32_t way = 1; way <= ways; ++way) step(state, who, way, false);
      if (state.lost < limits_.lost_max) step(state, who, 1, true);
    }
    if (stuck) note_end(state);
  }

  // One effect, with everything that is inner to it.
  void step(State state, std::size_t who, std::uint32_t way, bool loses) {
    state.lost += loses ? 1 : 0;
    ++state.clients[who].requests;
    try {
      for (int inner = 0; inner < 50; ++inner) {
        const auto request = tree_.request(state.clients[who].node);
        auto answers = state.server.answer(request, state.clients[who].self);
        if (request.call == Call::choose) answers = {Value::integer(way)};
        const auto arrival =
            loses && inner == 0
                ? tree_.go_on(state.clients[who].node, std::nullopt)
                : tree_.go_on(state.clients[who].node, std::span<const Value>(answers));
        arrive(state, who, arrival);
        if (state.clients[who].over || !tree_.request(state.clients[who].node).inner) break;
      }
    } catch (const script::ScriptError& error) {
      state.clients[who].told += std::to_string(error.line) + ": " + error.what();
      return note_end(state);
    }
    explore(state);
  }

  void note_end(const State& state) {
    std::string text = state.server.shown();
    for (const Client& client : state.clients) text += "/ " + client.told;
    out_.all.insert(text);
  }

  Clients limits_;
  Tree tree_;
  std::set<std::string> seen_;
  Outcomes out_;
};

}  // namespace

Outcomes outcomes(const script::Program& program, const Clients& clients, bool merges) {
  return Exploration(program, clients, merges).take();
}

}  // namespace cacherace::test
