#include "sim/harness/trace/traces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <filesystem>

#include "sim/core/checked_time.hpp"
#include "sim/core/digest.hpp"
#include "sim/core/duration_text.hpp"
#include "sim/core/fixed.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/trace/trace_reader.hpp"

namespace cacherace::harness {
namespace {

constexpr int records_checked = 1000;

// A relative path starts at the folder of the scenario file, or here when that came from stdin.
std::string path_of(const scenario::Scenario& scenario, const scenario::Trace& trace) {
  return (std::filesystem::path(scenario.file).parent_path() / trace.path).string();
}

}  // namespace

std::vector<std::string> trace_paths(const scenario::Scenario& scenario) {
  std::vector<std::string> paths;
  for (const auto& flow : scenario.traffic.flows)
    if (const auto* trace = std::get_if<scenario::Trace>(&flow.load))
      paths.push_back(path_of(scenario, *trace));
  return paths;
}

Problems check_traces(const scenario::Scenario& scenario) {
  Problems problems;
  for (const auto& flow : scenario.traffic.flows) {
    const auto* trace = std::get_if<scenario::Trace>(&flow.load);
    if (trace == nullptr) continue;
    try {
      TraceReader reader(path_of(scenario, *trace), trace->format);
      for (int i = 0; i < records_checked && reader.next(); ++i) {
      }
    } catch (const BrokenTrace& broken) {
      problems.push_back(broken.problem);
    }
  }
  return problems;
}

// From distinct keys to rows.
class Traces::Rows {
 public:
  explicit Rows(std::uint64_t rows_max) : rows_max_(rows_max) {}

  /// Nothing when there are more keys than rows.
  std::optional<Key> row_of(std::uint64_t key) {
    const auto found = rows_.find(key);
    if (found != rows_.end()) return found->second;
    if (rows_.size() == rows_max_) return std::nullopt;
    const auto row = static_cast<Key>(rows_.size());
    rows_.emplace(key, row);
    return row;
  }

 private:
  std::uint64_t rows_max_;
  boost::unordered_flat_map<std::uint64_t, Key> rows_;  // looked up, never iterated
};

class Traces::Source final : public engine::RequestSource {
 public:
  Source(const scenario::Flow& flow, Duration window, const std::string& path, Key rows,
         Rows* distinct, StopPoint stop_point)
      : stop_point_(std::move(stop_point)),
        name_(flow.name),
        window_(window),
        trace_(std::get<scenario::Trace>(flow.load)),
        reader_(path, trace_.format, trace_.fold),
        distinct_(distinct),
        count_of_rows_(rows) {
    if (distinct_ == nullptr) met_.resize(rows);
    if (trace_.format == scenario::Trace::Format::plain) return;
    ahead_.emplace(path, trace_.format, trace_.fold);
    ahead_of_second_ = ahead_->next();
    if (!ahead_of_second_)
      reader_.refuse("the trace has no command that reads or changes a value", "record for longer");
    first_second_ = next_second();
  }

  std::optional<engine::Request> next() override {
    const auto record = reader_.next();
    if (!record) {
      ended_ = true;
      return std::nullopt;
    }
    ++requests_;
    engine::Request request{.row = row_of(record->key), .kind = record->kind};
    if (!ahead_) return request;
    if (++index_ == count_) begin_second();
    last_second_ = record->second;
    request.second = record->second - first_second_;
    request.index = index_;
    request.count = count_;
    return request;
  }

  void add_notes(std::vector<std::string>& notes) const {
    if (ended_ && length() < window_)
      notes.push_back(fmt::format("{}: the trace ends after {} request{}{}, before its flow does",
                                  name_, requests_, requests_ == 1 ? "" : "s",
                                  ahead_ ? " and " + duration_text(length()) : ""));
    if (distinct_ == nullptr) notes.push_back(hashed_note());
    if (!reader_.ignored().empty()) notes.push_back(ignored_note());
  }

 private:
  // Of the whole seconds that were replayed, at most what can be counted; nothing where none are
  // recorded.
  Duration length() const {
    if (!ahead_) return {};
    const Duration recorded = times(last_second_ - first_second_ + 1, std::chrono::seconds{1});
    return scaled(recorded, Decimal::one, static_cast<std::uint64_t>(trace_.speed.billionths));
  }

  // Of the first record that the reader ahead has not passed.
  std::uint64_t next_second() const {
    if (!ahead_of_second_) reader_.refuse("the trace changed while it was read", "leave it alone");
    return ahead_of_second_->second;
  }

  // Counts the requests of the second that begins, with a reader that is one second ahead.
  void begin_second() {
    const std::uint64_t second = next_second();
    index_ = 0;
    count_ = 0;
    while (ahead_of_second_ && ahead_of_second_->second == second) {
      stop_point_();
      ++count_;
      ahead_of_second_ = ahead_->next();
    }
  }

  Key row_of(std::uint64_t key) {
    if (distinct_ == nullptr) {
      Digest digest;
      digest.add(key);
      const auto row = static_cast<Key>(multiply_high(digest.value(), count_of_rows_));
      rows_met_ += !met_[row];
      met_[row] = true;
      return row;
    }
    const auto row = distinct_->row_of(key);
    if (!row)
      reader_.refuse(fmt::format("the traces have more than {} keys, and there are no more rows",
                                 count_of_rows_),
                     R"(raise "count" in the section "keys", or write "rows": "hashed")");
    return *row;
  }

  std::string ignored_note() const {
    std::uint64_t all = 0;
    std::vector<std::pair<std::uint64_t, std::string>> by_count;
    for (const auto& [command, count] : reader_.ignored()) {
      all += count;
      by_count.emplace_back(count, command);
    }
    std::ranges::sort(by_count, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::string named;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, by_count.size()); ++i)
      named += fmt::format("{}{} ({})", i == 0 ? "" : ", ", printable(by_count[i].second),
                           by_count[i].first);
    return fmt::format("{}: {} command{} of the trace {} no operation on values, most often {}",
                       name_, all, all == 1 ? "" : "s", all == 1 ? "is" : "are", named);
  }

  // Linear counting (Whang, Vander-Zanden, Taylor 1990): how many keys leave so many rows alone.
  std::string hashed_note() const {
    const auto rows = static_cast<double>(count_of_rows_);
    const double left = rows - static_cast<double>(rows_met_);
    const std::string keys =
        left < 1 ? "far more keys than that"
                 : fmt::format("an estimated {:.0f} keys", rows * std::log(rows / left));
    return fmt::format("{}: a hash of each key picks its row: {} of {} rows were used, by {}",
                       name_, rows_met_, count_of_rows_, keys);
  }

  StopPoint stop_point_;
  std::string name_;  // of the flow
  Duration window_;   // of the flow: how long it lasts
  scenario::Trace trace_;
  TraceReader reader_;
  Rows* distinct_;  // null when rows are hashed
  Key count_of_rows_;
  std::vector<bool> met_;  // by row, when they are hashed
  std::uint64_t rows_met_ = 0;
  std::uint64_t requests_ = 0;
  bool ended_ = false;
  // Of a trace with times.
  std::optional<TraceReader> ahead_;
  std::optional<TraceRecord> ahead_of_second_;  // the first record of the next second
  std::uint64_t first_second_ = 0, last_second_ = 0;
  std::uint64_t index_ = ~std::uint64_t{0};  // of the last request in its second
  std::uint64_t count_ = 0;                  // requests of that second
};

Traces::Traces(const scenario::Scenario& scenario, const StopPoint& stop_point) {
  const auto rows = static_cast<Key>(scenario.keys.count);
  distinct_ = std::make_unique<Rows>(rows);
  for (const auto& flow : scenario.traffic.flows) {
    sources_.emplace_back();
    const auto* trace = std::get_if<scenario::Trace>(&flow.load);
    if (trace == nullptr) continue;
    const auto& traffic = scenario.traffic;
    const Duration window = flow.to.value_or(traffic.duration) - flow.from.value_or(Duration{});
    const bool hashed = trace->rows == scenario::Trace::Rows::hashed;
    sources_.back() = std::make_unique<Source>(flow, window, path_of(scenario, *trace), rows,
                                               hashed ? nullptr : distinct_.get(), stop_point);
  }
}

Traces::~Traces() = default;

std::vector<engine::RequestSource*> Traces::sources() const {
  std::vector<engine::RequestSource*> all;
  for (const auto& source : sources_) all.push_back(source.get());
  return all;
}

std::vector<std::string> Traces::notes() const {
  std::vector<std::string> notes;
  for (const auto& source : sources_)
    if (source) source->add_notes(notes);
  return notes;
}

}  // namespace cacherace::harness
