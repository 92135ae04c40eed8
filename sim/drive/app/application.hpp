#pragma once
// The application that is driven: started, asked whether it is ready, and ended.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/drive/app/http.hpp"
#include "sim/drive/app/quiet.hpp"
#include "sim/drive/drive_file.hpp"
#include "sim/live/keeper.hpp"

namespace cacherace::drive {

/// Where the application finds its servers.
struct Servers {
  int redis_port = 0, postgres_port = 0;
  std::string redis_url, postgres_url;
};

/// `text` with $redis, $postgres, $redis_port, $postgres_port and $port replaced.
std::string with_servers(std::string text, const Servers& servers, int port);

class Application {
 public:
  /// Starts it, and waits until it is ready.
  static Result<Application> start(Loop& loop, const DriveFile& file, const Servers& servers);

  int port() const { return port_; }
  bool runs() { return process_->runs(); }
  /// Its processes end at once, wherever they are.
  void kill();
  Threads& threads() { return *threads_; }
  /// The last lines of what it printed.
  std::string said() const;

 private:
  live::TemporaryFolder folder_;
  int port_ = 0;
  std::unique_ptr<live::Kept> process_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace cacherace::drive
