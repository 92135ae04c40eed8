#include "sim/drive/session/drive.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/drive/session/driving.hpp"
#include "sim/drive/session/naming.hpp"

namespace cacherace::drive {
namespace {

constexpr std::uint64_t random_first = 20;  // executions before every order is taken

}  // namespace

Problems trouble_with(const std::string& fact, const std::string& fix) {
  Problem found;
  found.kind = Problem::Kind::meaning;
  found.fact = fact;
  found.fix = fix;
  return {found};
}

Session::Session(const DriveFile& file, const DriveOptions& options)
    : file_(file), options_(options), driven_(loop_, file) {
  loop_.go_on = options.go_on;
  result_.title = file.title;
  result_.property = file.property();
}

Result<DriveResult> Session::drive() {
  try {
    if (auto up = set_up(); !up) return up.error();
    if (auto checked = check_itself(); !checked) return checked.error();
    if (auto learned = driven_.stage().learn_tables(); !learned) return learned.error();
    search();
    conclude();
  } catch (const Stopped&) {
    stopped();
  }
  return std::move(result_);
}

Result<DriveResult> Session::record() {
  try {
    if (auto up = set_up(); !up) return up.error();
    if (auto checked = look_alone(); !checked) return checked.error();
  } catch (const Stopped&) {
    stopped();
  }
  return std::move(result_);
}

Result<Replayed> Session::replay(const search::Order& order, const std::set<std::string>& without) {
  Replayed out;
  result_.without = without;
  try {
    if (auto up = set_up(); !up) return up.error();
    repeat_all(order, out);
  } catch (const Stopped&) {
    stopped();
  }
  result_.word = result_.replayed.times > 0 ? Word::violated : Word::clean_so_far;
  result_.order = order;
  result_.complete = result_.replayed.of == options_.replays;
  out.result = std::move(result_);
  return out;
}

Result<Replayed> Session::confirm(const ModelOrder& model) {
  Replayed out;
  if (file_.judges_answers)
    return trouble_with("to confirm a counterexample of \"read-your-writes\" is not supported",
                        "leave \"property\" out of \"check\"");
  if (file_.asked_again() != nullptr && model.property != residue)
    return trouble_with(
        fmt::format("the counterexample is one of \"{}\", and the application is held to \"{}\"",
                    printable(model.property), residue),
        fmt::format("search the model for that one: --property {}", residue));
  try {
    if (auto up = set_up(); !up) return up.error();
    if (auto looked = look_alone(); !looked) return looked.error();
    if (auto followed = follow(model, out); !followed) return followed.error();
  } catch (const Stopped&) {
    stopped();
  }
  result_.word = result_.replayed.times > 0 ? Word::violated : Word::clean_so_far;
  out.result = std::move(result_);
  return out;
}

void Session::stopped() {
  result_.complete = false;
  result_.notes.push_back("ended before its end");
}

Result<void> Session::set_up() {
  tell("starting servers and application");
  if (auto up = driven_.set_up(); !up) return up;
  result_.servers = driven_.stage().says();
  return {};
}

void Session::run(search::RerunOptions options) {
  const auto began = Clock::now();
  const std::uint64_t before = result_.search.executions;
  options.seed = options_.seed;
  options.go_on = [this] { return going(); };
  auto found = search::explore_again(driven_, options, [&](const search::RerunOutcome& now) {
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    tell(fmt::format("{} executions, {:.0f} a second{}", before + now.executions,
                     static_cast<double>(now.executions + now.pruned) / std::max(seconds, 0.001),
                     now.violating > 0 ? fmt::format(", {} violating", now.violating) : ""));
  });
  result_.seconds += std::chrono::duration<double>(Clock::now() - began).count();
  found.executions += before;
  result_.search = std::move(found);
}

void Session::search() {
  using Mode = search::RerunOptions::Mode;
  search::RerunOptions options{
      .reduce = !file_.app.in_process_cache && !options_.count && !file_.judges_answers,
      .stop_at_first = !options_.count,
      .executions_max = options_.executions_max};
  try {
    if (options_.mode == DriveOptions::Mode::automatic && !options_.count) {
      auto few = options;
      few.mode = Mode::random;
      few.executions_max = options_.executions_max == 0
                               ? random_first
                               : std::min(random_first, options_.executions_max);
      run(few);
      result_.random_executions = result_.search.executions;
      if (result_.search.first || !going() || result_.search.executions == options_.executions_max)
        return;
    }
    options.mode = options_.mode == DriveOptions::Mode::random ? Mode::random
                   : options_.mode == DriveOptions::Mode::pct  ? Mode::pct
                                                               : Mode::exhaustive;
    if (options.mode != Mode::exhaustive && options.executions_max == 0)
      options.executions_max = 1'000;
    run(options);
    // A command that stood behind another one, or a request that waited for another one, makes
    // orders impossible which a swap would yield; a message changes what a process remembers.
    const bool may_not_swap = driven_.noticed().behind > 0 || driven_.noticed().queued > 0 ||
                              driven_.noticed().waits > 0 || driven_.noticed().pushes > 0;
    if (options.reduce && result_.search.exhausted && may_not_swap) {
      options.reduce = false;
      run(options);
    }
  } catch (const Stopped&) {
    result_.complete = false;
  }
  result_.counted = options_.count && result_.search.exhausted;
}

void Session::conclude() {
  result_.noticed = driven_.noticed();
  result_.connections = driven_.stage().connections();
  if (!going()) result_.complete = false;
  for (const std::string& says : result_.noticed.says) result_.notes.push_back(says);
  if (result_.search.first)
    repeat_found();
  else
    name_verdict(result_, file_,
                 {.nothing_kept = nothing_kept_, .check_can_fail = check_can_fail_});
  for (const Expectation& expectation : file_.expect) {
    std::string wanted;
    for (const std::string& word : expectation.verdicts)
      wanted += (wanted.empty() ? "" : " or ") + word;
    result_.expectations.emplace_back(expectation.property, wanted);
    if (expectation.property == result_.property)
      result_.met =
          std::ranges::find(expectation.verdicts, name(result_.word)) != expectation.verdicts.end();
  }
}

namespace {

template <typename Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const StageTrouble& trouble) {
    return trouble.problems;
  } catch (const boost::system::system_error& error) {
    return trouble_with(error.what());
  }
}

}  // namespace

Result<DriveResult> drive(const DriveFile& file, const DriveOptions& options) {
  return guarded([&] { return Session(file, options).drive(); });
}

Result<DriveResult> record(const DriveFile& file, const DriveOptions& options) {
  return guarded([&] { return Session(file, options).record(); });
}

Result<Replayed> replay(const DriveFile& file, const search::Order& order,
                        const std::set<std::string>& without, const DriveOptions& options) {
  return guarded([&] { return Session(file, options).replay(order, without); });
}

Result<Replayed> confirm(const DriveFile& file, const ModelOrder& model,
                         const DriveOptions& options) {
  return guarded([&] { return Session(file, options).confirm(model); });
}

}  // namespace cacherace::drive
