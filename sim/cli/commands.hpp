#pragma once
// The commands, with their arguments as plain values. Each prints its result to stdout, everything
// else to stderr, and returns the exit code.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/terminal.hpp"
#include "sim/core/units.hpp"
#include "sim/core/verdict.hpp"
#include "sim/harness/search.hpp"

namespace cacherace::cli {

enum class Format { text, json };

/// What several commands share.
struct Output {
  Format format = Format::text;
  std::string path;  // "" for stdout
  bool force = false;
  bool quiet = false;
  ColorChoice color = ColorChoice::automatic;
};

struct SearchArguments {
  std::string file;
  Output output;
  harness::SearchOptions options;
  std::optional<Duration> time_limit;  // of the wall clock
  std::optional<std::uint64_t> seed;
  std::optional<Verdict> expect;
  bool require_proof = false;
  std::string threshold;  // JSON pointer to a duration of the scenario; "" for none
  std::string save;
};

struct RunArguments {
  std::string file;
  Output output;
  std::vector<std::string> strategies;
  std::uint32_t replicates = 5;
  std::optional<std::uint64_t> seed;
  unsigned jobs = 1;
};

struct ReplayArguments {
  std::string file;
  Output output;
  std::string scenario;  // a file whose strategies replace the saved ones; "" for none
  bool step = false;
};

struct ListArguments {
  std::string what;  // one of harness::listings()
  bool markdown = false;
  ColorChoice color = ColorChoice::automatic;
};

struct DescribeArguments {
  std::vector<std::string> names;
  ColorChoice color = ColorChoice::automatic;
};

int search_command(const SearchArguments& arguments);
int run_command(const RunArguments& arguments);
int replay_command(const ReplayArguments& arguments);
int validate_command(const std::vector<std::string>& files);
int schema_command(const std::string& name);
int list_command(const ListArguments& arguments);
int describe_command(const DescribeArguments& arguments);

}  // namespace cacherace::cli
