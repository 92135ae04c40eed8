#pragma once
// Results and counterexamples as JSON. Keys are a contract: docs and schemas name them.

#include <string>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// The whole result, indented, with a newline at the end. Numbers carry at most nine significant
/// digits.
std::string to_json(const Result& result);

/// The counterexample alone, on one line.
std::string to_json(const Counterexample& counterexample);

/// A counterexample with what a replay needs beside its steps.
struct CounterexampleFile {
  std::string scenario_json;  // the whole scenario, as it was searched
  std::string strategy;
  std::string property;
  struct Client {
    std::string name;
    std::vector<std::string> operations;  // "read user:7"
  };
  std::vector<Client> clients;                                // of the smallest race
  std::vector<std::pair<std::string, std::string>> starts;    // key -> "cold", "warm" or "absent"
  std::vector<std::pair<std::string, std::uint32_t>> faults;  // that the steps contain, by name
  Counterexample counterexample;
};

std::string to_json(const CounterexampleFile& file);

}  // namespace cacherace::report
