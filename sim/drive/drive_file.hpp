#pragma once
// What the user writes: APP.json.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/core/verdict.hpp"

namespace cacherace::drive {

struct AppSection {
  std::string command;     // for a shell; $port, $redis, $postgres, $redis_port, $postgres_port
  std::uint16_t port = 0;  // 0: a free one
  std::string ready = "/";
  std::chrono::milliseconds ready_within{30'000};
  std::vector<std::pair<std::string, std::string>> env;
  bool in_process_cache = false;
};

struct RequestSection {
  std::string name;
  std::string method;  // "GET"; "" for a command
  std::string path;    // of the application
  std::string exec;    // a command, for a shell
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::uint32_t count = 1;
  std::chrono::milliseconds background_within{0};
  std::string after;  // the name of another request, which has ended before this one starts

  bool is_read() const { return method == "GET"; }
  std::string shown() const { return method.empty() ? exec : method + " " + path; }
};

struct FaultsSection {
  std::uint32_t drop = 0, evict = 0, flush = 0, kill = 0, lose = 0;
};

struct Expectation {
  std::string property;
  std::vector<std::string> verdicts;  // any of them
};

struct DriveFile {
  std::string title;
  std::filesystem::path folder;  // of the file: where commands run
  AppSection app;
  bool has_redis = true, has_postgres = true;
  std::string redis = "embedded";     // or redis://…
  std::string postgres = "embedded";  // or a DSN
  std::string schema;                 // a file of SQL
  std::string reset_sql;
  std::vector<std::string> reset_keys;  // patterns that are deleted; "*" for all
  std::vector<RequestSection> requests;
  FaultsSection faults;
  std::string check_request;    // the read that is asked again; the first GET if ""
  bool judges_answers = false;  // those of reads that begin when all writes are acknowledged
  std::string check_command;    // decides by its exit code, beside or instead of it
  std::chrono::milliseconds patience{5'000};
  std::chrono::milliseconds start_within{60'000};  // of an embedded server
  std::vector<Expectation> expect;
  std::string text;  // the file itself

  const RequestSection* request(const std::string& name) const;
  /// The read that is asked again at the end of an execution; null where there is none.
  const RequestSection* asked_again() const;
  /// What is judged: `residue` or `own_writes` where a read is asked again, else `command_check`.
  const char* property() const;
};

inline constexpr const char* residue = "no-stale-residue";
inline constexpr const char* own_writes = "read-your-writes";
inline constexpr const char* command_check = "check";

/// `text` of a file called `file`, in `folder`. Everything that is wrong with it.
Result<DriveFile> read_drive_file(const std::string& text, const std::string& file,
                                  const std::filesystem::path& folder);

}  // namespace cacherace::drive
