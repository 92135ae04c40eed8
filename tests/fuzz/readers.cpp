#include "tests/fuzz/readers.hpp"

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/harness/counterexample/replay.hpp"
#include "sim/harness/input/limits.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/input/with_value.hpp"
#include "sim/harness/traffic/axis.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/print/formats.hpp"
#include "sim/report/read/read_result.hpp"
#include "tests/fuzz/script_text.hpp"
#include "tests/fuzz/trace_bytes.hpp"
#include "tests/fuzz/wire.hpp"

namespace cacherace::fuzz {
namespace {

constexpr const char* name = "x.json";

// A promise that was broken, with what shows it.
std::string broken(std::string_view promise, const std::string& shows) {
  return std::string(promise) + ": " + printable(shows);
}

std::string read_scenario(std::string_view bytes) {
  const auto scenario = harness::load_scenario(bytes, name);
  if (!scenario) return broken_promise_of(scenario.error());
  const auto again = harness::load_scenario(scenario->json, name);
  if (!again) return broken("its own JSON is refused", to_text(again.error().front()));
  if (again->digest != scenario->digest || again->json != scenario->json)
    return broken("its own JSON is another scenario", again->json);
  return "";
}

constexpr std::size_t clients_max = 6, operations_max = 4, steps_max = 60;

// What takes long to perform is read, and not performed.
bool is_small(const scenario::SavedCounterexample& saved) {
  return saved.clients.size() <= clients_max && saved.steps.size() <= steps_max &&
         std::all_of(saved.clients.begin(), saved.clients.end(),
                     [](const auto& c) { return c.operations.size() <= operations_max; });
}

std::string read_counterexample(std::string_view bytes) {
  const auto saved = scenario::load_counterexample(bytes, name);
  if (!saved) return broken_promise_of(saved.error());
  if (!is_small(*saved)) return "";
  const auto replay = harness::replay(bytes, name, nullptr, 1);
  if (!replay) return broken_promise_of(replay.error());
  for (const bool states : {false, true})
    if (report::to_text(*replay, {}, states).empty()) return "an empty text";
  return report::to_json(*replay).empty() ? "an empty JSON" : "";
}

std::string read_result(std::string_view bytes) {
  const auto result = report::read_result(bytes, name);
  if (!result) return broken_promise_of(result.error());
  for (const auto format :
       {report::Format::text, report::Format::csv, report::Format::markdown, report::Format::junit})
    if (report::render(*result, format).empty()) return "an empty report";
  const auto json = report::render(*result, report::Format::json);
  const auto again = report::read_result(json, name);
  if (!again) return broken("its own JSON is refused", to_text(again.error().front()));
  if (report::render(*again, report::Format::json) != json) return "its own JSON is another result";
  return "";
}

const scenario::Scenario& swept() {
  static const auto scenario = harness::load_scenario(R"({
    "keys": { "count": 10 }, "cache": { "latency": "1ms" },
    "strategies": { "cache-aside": {}, "ttl": { "expiry": { "ttl": "10s" } } },
    "race": { "clients": [{ "name": "reader", "do": ["read user:7"] }] },
    "traffic": { "flows": [{ "name": "web", "rate": "10/s", "reads": 0.9 }] },
    "expect": { "ttl": { "hit_ratio": ">= 0.1" } } })",
                                                      "swept.json");
  return *scenario;
}

std::string read_axis(const std::string& text) {
  const auto axis = harness::parse_axis(text);
  if (!axis) return broken_promise_of(axis.error());
  harness::strategy_in(axis->pointer);
  for (const auto& value : {axis->values.front(), axis->values.back()}) {
    const auto changed = harness::with_value(swept(), axis->pointer, value);
    if (!changed)
      if (auto says = broken_promise_of(changed.error()); !says.empty()) return says;
  }
  return axis->values.size() == axis->numbers.size() ? "" : "values without numbers";
}

// A line is what a user may write behind any option.
std::string read_argument(const std::string& text) {
  if (auto says = read_axis(text); !says.empty()) return says;
  const auto limited = harness::with_limits(swept(), {text});
  if (!limited)
    if (auto says = broken_promise_of(limited.error()); !says.empty()) return says;
  harness::value_at(swept(), text);
  harness::duration_of(text);
  harness::size_of(text);
  harness::nearest_name(text, {"cache-aside", "ttl"});
  const auto shown = printable(text);
  if (printable(shown) != shown) return broken("not printable", text);
  const auto word = report::quoted_for_shell(text);
  return printable(word) == word ? "" : broken("a word of a shell that is not printable", text);
}

std::string read_arguments(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    if (auto says = read_argument(std::string(bytes.substr(0, end))); !says.empty()) return says;
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return "";
}

}  // namespace

std::string broken_promise_of(const Problems& problems) {
  if (problems.empty()) return "refused without a problem";
  for (const auto& problem : problems) {
    const auto text = to_text(problem);
    if (problem.fact.empty()) return broken("a problem without a fact", text);
    if (problem.file.empty()) return broken("a problem without a place", text);
    if (printable(text) != text) return broken("a problem that is not printable", text);
  }
  return "";
}

const std::vector<Reader>& readers() {
  static const std::vector<Reader> all = [] {
    std::vector<Reader> files{
        {"scenario", read_scenario},
        {"counterexample", read_counterexample},
        {"result", read_result},
        {"trace_twitter", read_trace<scenario::Trace::Format::twitter>},
        {"trace_oracle", read_trace<scenario::Trace::Format::oracle_general>},
        {"trace_monitor", read_trace<scenario::Trace::Format::redis_monitor>},
        {"trace_plain", read_trace<scenario::Trace::Format::plain>},
        {"arguments", read_arguments},
        {"script", read_script},
    };
    files.insert(files.end(), wire_readers().begin(), wire_readers().end());
    return files;
  }();
  return all;
}

const Reader* find_reader(std::string_view wanted) {
  for (const auto& reader : readers())
    if (reader.name == wanted) return &reader;
  return nullptr;
}

}  // namespace cacherace::fuzz
