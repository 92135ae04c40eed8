#pragma once
// Drives one application from its start to a result.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/drive/control/driven.hpp"
#include "sim/drive/session/drive.hpp"
#include "sim/drive/session/model_order.hpp"

namespace cacherace::drive {

/// A problem of what is driven, as an error with a fix.
Problems trouble_with(const std::string& fact, const std::string& fix = "");

class Session {
 public:
  Session(const DriveFile& file, const DriveOptions& options);

  Result<DriveResult> drive();
  Result<DriveResult> record();
  Result<Replayed> replay(const search::Order& order, const std::set<std::string>& without);
  Result<Replayed> confirm(const ModelOrder& model);

 private:
  Result<void> set_up();
  bool going() const { return !options_.go_on || options_.go_on(); }
  void tell(const std::string& text) const {
    if (options_.tell) options_.tell(text);
  }
  void stopped();

  // Before it searches: alone.cpp.
  /// One request alone, from where things are: what it did.
  std::vector<ShownStep> alone(std::size_t party);
  std::vector<ShownStep> go_through(std::chrono::milliseconds listen = {});
  Result<void> look_alone();
  void differs(const RequestSection& section, const std::vector<ShownStep>& first,
               const std::vector<ShownStep>& second);
  Result<void> check_itself();
  /// A stale entry is put into the cache on purpose: the check has to see it.
  void check_the_check();

  // The search: drive.cpp.
  void run(search::RerunOptions options);
  void search();
  void conclude();

  // What was found, or is given, again: repeating.cpp.
  void repeat_found();
  void shrink();
  void repeat_order();
  void repeat_all(const search::Order& order, Replayed& out);
  Result<std::map<std::string, std::string>> clients_of(const ModelOrder& model);
  Result<void> follow(const ModelOrder& model, Replayed& out);

  const DriveFile& file_;
  const DriveOptions& options_;
  Loop loop_;
  Driven driven_;
  DriveResult result_;
  bool nothing_kept_ = false, check_can_fail_ = true;
  bool was_cut_ = false;  // the last request alone could not be stepped to its end
};

}  // namespace cacherace::drive
