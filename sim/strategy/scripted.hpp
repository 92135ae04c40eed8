#pragma once
// A strategy that is a user's script: its requests become effects, and replies its answers.

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/script/host.hpp"
#include "sim/script/program.hpp"
#include "sim/script/request.hpp"
#include "sim/script/value_table.hpp"
#include "sim/world/client.hpp"

namespace cacherace::script {
class ScriptError;
}

namespace cacherace::strategy {

using world::Client;

/// The functions of a script as they run, one after the other or many at once. A client stands at a
/// node, which has a turn: a question, or the end.
class Conversations {
 public:
  using Node = std::uint32_t;
  /// Where a function stands, and what happened on the way there; valid until the next call.
  struct Arrival {
    Node node = 0;
    const script::Turn* turn = nullptr;
  };

  Conversations() = default;
  Conversations(const Conversations&) = delete;
  Conversations& operator=(const Conversations&) = delete;
  virtual ~Conversations() = default;

  virtual Arrival begin(std::string_view operation, std::span<const Value> arguments,
                        std::uint32_t self) = 0;
  virtual Arrival begin(script::Spawnable function, std::uint32_t self) = 0;
  /// Requires a node that is not over. Without `answers` the effect got no reply.
  virtual Arrival go_on(Node from, std::optional<std::span<const Value>> answers) = 0;
  /// What is asked there; valid until the client goes on.
  virtual const script::Request& request(Node node) const = 0;
  /// Nobody stands there any more.
  virtual void leave(Node /*node*/) {}

  virtual script::Values& values() = 0;
  /// In plain words.
  virtual std::string shown(Value value) const = 0;
};

/// What a script may name: the rows that there are.
struct RowNames {
  std::vector<std::string> rows;  // of a race; of traffic there are too many
  std::function<std::optional<Key>(std::string_view)> key_of;
  std::function<std::string(Key)> name_of;
};

/// `live`: for traffic. `merges`: see script::Tree.
std::unique_ptr<Conversations> conversations(const script::Program& program,
                                             script::Environment outside, bool live, bool merges);

/// What a step told, beside its effect.
struct Told {
  std::vector<std::string> notes;
  std::vector<script::BrokenAssertion> broken;
  std::string result;  // of a block, for people

  bool operator==(const Told&) const = default;
};

/// The clients of one engine that run a script. Not a value: names and nodes are numbered as they
/// are first met, so that numbers mean nothing outside. Several threads may use it.
class Scripted {
 public:
  struct Options {
    bool live = false;   // for traffic: nothing is kept of what functions did
    bool merges = true;  // see script::Tree
    bool sleeps = true;  // time counts: sleeping takes some
    std::uint32_t replicas = 0;
    Key rows = 0;                        // keys from here on are of rows that never exist
    Version versions_max = ~Version{0};  // of a row
    bool operator==(const Options&) const = default;
  };
  Scripted(std::unique_ptr<Conversations> conversations,
           std::shared_ptr<const script::Program> program, RowNames rows, Options options,
           std::shared_ptr<SimTime> now = nullptr);

  /// Where the clock stands. In traffic.
  void set_now(SimTime now) { *now_ = now; }
  /// Starts an operation: afterwards the client's first effect is pending, or it is finished.
  void begin(Client& client, std::string_view operation, std::span<const std::string> arguments);
  /// The operation `read` or `write` of the client's key.
  void begin(Client& client, OperationKind kind);
  void begin_spawned(Client& task, const world::Start& start);
  /// A script's on_message.
  void begin_message(Client& task, const world::Start& start);
  void resume(Client& client, const Reply& reply);
  /// The client is gone.
  void leave(Client& client);

  /// It has such an operation.
  bool has(std::string_view operation) const;
  /// The question that a client asked, at its node.
  const script::Request& request(std::uint32_t node);
  /// What is wrong there.
  script::ScriptError error_at(std::uint32_t node, const std::string& fact);
  struct Line {
    std::string file, text;
  };
  /// A line of the script's files, without the blanks around it.
  Line line(std::uint32_t file, std::uint32_t number) const;
  /// What a step told that ended so, 0 for nothing.
  const Told& told(std::uint32_t number);
  /// Of an entry or in memory, by the number in an effect.
  std::string name_of(std::uint32_t named);
  std::string name_of_row(Key key) const { return rows_.name_of(key); }
  std::string shown(Value value);
  /// The rows in a value, wherever they are in it.
  std::vector<Value> rows_in(Value value);

 private:
  void set_out(Client& client, Conversations::Arrival arrival);
  void take(Client& client, Conversations::Arrival arrival);
  bool pass(Client& client, const script::Request& request);
  Effect effect_of(Client& client, const script::Request& request);
  void name_entry(Effect& effect, Value name);
  void give(Effect& effect, Value value, const Client& client);
  void name_row(Effect& effect, const script::Request& request);
  std::uint32_t number_of(Value name);
  std::uint32_t number_of(Value channel, Value value);
  void note(Client& client, const script::Turn& turn);
  void finish(Client& client, Conversations::Node node, const script::Turn& turn);
  void answer(Client& client, const Reply& reply, const script::Request& request);
  void answer_names(Client& client, const script::Request& request);
  [[noreturn]] void refuse(const script::Request& request, const std::string& why) const;

  std::mutex mutex_;
  std::unique_ptr<Conversations> conversations_;
  std::shared_ptr<const script::Program> program_;
  RowNames rows_;
  Options options_;
  std::shared_ptr<SimTime> now_;
  std::vector<Value> names_;                                         // by number, from 1
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_name_;  // never iterated
  std::deque<Told> told_{1};
  std::vector<std::pair<Value, Value>> messages_;  // channel and value, by number
  std::vector<Value> answers_;
};

}  // namespace cacherace::strategy
