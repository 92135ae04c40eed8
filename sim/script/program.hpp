#pragma once
// A user's script, checked: its files, its settings and what it can do.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/script/setting.hpp"

namespace cacherace::script {

struct Source {
  std::string file;
  std::string text;
  bool operator==(const Source&) const = default;
};

/// A global function that clients can call.
struct Operation {
  std::string name;
  std::uint32_t parameters = 0;
};

struct Program {
  std::vector<Source> sources;  // the script itself first, then what it requires
  Setting settings;
  std::vector<Operation> operations;  // by name
  bool has_on_message = false;
  // What it mentions, so that a world has it.
  bool names_clients = false;  // unique, once, memory.lock
  bool waits = false;          // once, memory.lock
  bool transactions = false;
  bool remembers = false;      // memory, once
  bool reads_several = false;  // db.read_all

  const Operation* operation(std::string_view name) const;
};

struct Environment;

/// Reads a file that a script requires; nothing where there is none.
using ReadFile = std::function<std::optional<std::string>(const std::string& file)>;

/// Compiles and runs the file once. Problems name file and line.
Result<Program> load_program(const std::string& file, const Setting& settings, const ReadFile& read,
                             const Environment& outside);

}  // namespace cacherace::script
