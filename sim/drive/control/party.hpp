#pragma once
// A request that takes part in an execution.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/drive/app/http.hpp"
#include "sim/drive/app/quiet.hpp"
#include "sim/drive/drive_file.hpp"
#include "sim/drive/unit.hpp"
#include "sim/live/keeper.hpp"

namespace cacherace::drive {

/// Of steps at which a request goes on without a command: to its end, or to the next answer.
inline constexpr const char* answered_label = "is answered";
inline constexpr const char* goes_on_label = "goes on";
/// And at which it sends several, or behind another one's: none takes effect yet.
inline constexpr const char* sends_label = "sends ";
/// Whether a step of this label is none of a command.
bool is_without_command(const std::string& label);

struct Party {
  enum class State { idle, running, over };

  const RequestSection* section = nullptr;
  std::string name;  // "reader 1"; "reader" where there is one
  State state = State::idle;
  bool responded = false;
  bool after_writes = false;  // it began when all writes had been acknowledged
  Clock::time_point responded_at;
  HttpResponse response;
  std::optional<HttpCall> call;
  std::unique_ptr<live::Kept> process;       // of a command
  std::unique_ptr<Threads> threads;          // and its threads
  std::vector<std::shared_ptr<Unit>> units;  // that it has sent, in order

  /// What it has done and been told: equal pasts go on alike, unless requests share memory.
  std::string past() const;
  bool has_undelivered() const;
};

}  // namespace cacherace::drive
