#pragma once
// A script's functions as they run: each asks, waits for its answer, and goes on.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/script/program.hpp"
#include "sim/script/request.hpp"
#include "sim/script/value_table.hpp"

namespace cacherace::script {

/// What a host has to be told.
struct Environment {
  std::function<std::string(Key)> name_of_row;
  std::function<std::optional<Duration>(std::string_view)> duration_of;  // "60s"
  std::shared_ptr<const SimTime> now;  // in traffic: where its clock stands
};

/// One interpreter with one script loaded, in a sandbox: no clock, no files, no chance, nothing
/// that depends on addresses. For one thread. A function that runs for too long without asking,
/// takes too much memory or is wrong ends in a ScriptError with its file and line.
class Host {
 public:
  /// A function under way. Ends with its host.
  using Run = std::uint32_t;
  static constexpr Run no_run = ~Run{0};

  /// `live`: nobody will ask at which line a request stands. `values`: to go on with those of
  /// another host.
  Host(const Program& program, Environment outside, bool live = false,
       std::shared_ptr<Values> values = nullptr);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  Run begin(std::string_view operation, std::span<const Value> arguments, std::uint32_t self);
  /// What another run has spawned, which may go on or be over by now.
  Run begin_spawned(Spawnable function, std::uint32_t self);
  /// Runs on with the answers to the last request; without, its effect got no reply. The first time
  /// there are none to give. Valid until the next call.
  const Turn& resume(Run run, std::optional<std::span<const Value>> answers);
  const Turn& turn(Run run) const;
  void end(Run run);
  /// Nobody begins it any more.
  void forget(Spawnable function);

  /// Equal keys: the run stands at the same place with the same memory, so that the same answers
  /// lead to the same questions. Nothing where that cannot be told. Ruins the run.
  std::optional<std::string> take_key(Run run);
  /// Of what a run has spawned; before the run goes on.
  std::optional<std::string> key_of(Spawnable function);

  /// What clients share beside the memory of their process must not change: throws where it did.
  void check_shared();

  /// Of the functions that clients can call, by name.
  std::vector<Operation> operations() const;

  Values& values();
  /// In plain words.
  std::string shown(Value value) const;

 private:
  void collect();

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cacherace::script
