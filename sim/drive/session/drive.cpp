#include "sim/drive/session/drive.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/drive/control/driven.hpp"
#include "sim/drive/session/naming.hpp"

namespace cacherace::drive {
namespace {

// How long a request is listened to after its end, for what it does in the background.
constexpr std::chrono::milliseconds listens_for{200};
constexpr std::uint64_t random_first = 20;  // executions before every order is taken

Problems trouble_with(const std::string& fact, const std::string& fix = "") {
  Problem found;
  found.kind = Problem::Kind::meaning;
  found.fact = fact;
  found.fix = fix;
  return {found};
}

// A script that the server does not know yet is sent again: that is no difference.
std::vector<std::string> labels_of(const std::vector<ShownStep>& steps) {
  std::vector<std::string> out;
  for (const ShownStep& step : steps)
    if (!step.answer.starts_with("(error) NOSCRIPT")) out.push_back(step.label);
  return out;
}

std::string listed(const std::vector<std::string>& labels) {
  if (labels.empty()) return "nothing";
  std::string out;
  for (const std::string& label : labels) out += (out.empty() ? "" : ", ") + label;
  return out;
}

// Drives one application from its start to a result.
class Session {
 public:
  Session(const DriveFile& file, const DriveOptions& options)
      : file_(file), options_(options), driven_(loop_, file) {
    loop_.go_on = options.go_on;
    result_.title = file.title;
    result_.property = file.property();
  }

  Result<DriveResult> drive() {
    try {
      if (auto up = set_up(); !up) return up.error();
      if (auto checked = check_itself(); !checked) return checked.error();
      search();
      conclude();
    } catch (const Stopped&) {
      stopped();
    }
    return std::move(result_);
  }

  Result<DriveResult> record() {
    try {
      if (auto up = set_up(); !up) return up.error();
      if (auto checked = look_alone(); !checked) return checked.error();
    } catch (const Stopped&) {
      stopped();
    }
    return std::move(result_);
  }

  Result<Replayed> replay(const search::Order& order) {
    Replayed out;
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

 private:
  void repeat_all(const search::Order& order, Replayed& out) {
    for (std::uint32_t i = 0; i < options_.replays && going(); ++i) {
      tell(fmt::format("repetition {} of {}", i + 1, options_.replays));
      if (i + 1 == options_.replays) driven_.note_cache();
      const auto again = search::repeat(driven_, order);
      ++result_.replayed.of;
      if (again.followed && again.violated) {
        ++result_.replayed.times;
        result_.shown = to_counterexample(driven_, driven_.found());
      } else if (out.diverged_at == 0) {
        out.diverged_at = again.followed ? order.size() : again.diverged_at;
        out.says = again.followed ? "every step was the same, and nothing is wrong at the end"
                                  : again.says;
        if (result_.replayed.times == 0) result_.shown = to_counterexample(driven_, "");
      }
    }
  }

  void stopped() {
    result_.complete = false;
    result_.notes.push_back("ended before its end");
  }

  bool going() const { return !options_.go_on || options_.go_on(); }
  void tell(const std::string& text) const {
    if (options_.tell) options_.tell(text);
  }

  Result<void> set_up() {
    tell("starting servers and application");
    if (auto up = driven_.set_up(); !up) return up;
    result_.servers = driven_.stage().says();
    return {};
  }

  // ---- before it searches
  // ------------------------------------------------------------------------

  // One request alone, from where things are: what it did.
  std::vector<ShownStep> alone(std::size_t party) {
    driven_.take_part({party});
    driven_.begin();
    return go_through(listens_for);
  }

  std::vector<ShownStep> go_through(std::chrono::milliseconds listen = {}) {
    was_cut_ = false;
    for (auto choices = driven_.choices(); !choices.empty(); choices = driven_.choices())
      if (!driven_.step(choices.front().name)) {
        was_cut_ = true;
        break;
      }
    driven_.linger(listen);
    auto steps = driven_.steps();
    driven_.let_go();
    return steps;
  }

  Result<void> look_alone() {
    const auto& parties = driven_.parties();
    for (std::size_t i = 0; i < parties.size(); ++i) {
      const RequestSection& section = *parties[i].section;
      if (i > 0 && parties[i - 1].section == &section) continue;
      tell(fmt::format("{} alone", section.name));
      Profile profile{section.name, section.shown(), alone(i), {}};
      const HttpResponse& response = parties[i].response;
      if (section.exec.empty() && (response.status == 0 || response.status >= 400)) {
        const std::string said = driven_.stage().application().said();
        return trouble_with(
            fmt::format("the request \"{}\" ({}) {} when it is alone{}", section.name,
                        section.shown(),
                        response.status == 0 ? "is not answered: " + response.trouble
                                             : fmt::format("is answered with {}", response.status),
                        said.empty() ? "" : "; the application says: " + said),
            "make it succeed first: see the schema, the reset and the request's body");
      }
      auto again = alone(i);
      if (was_cut_ && driven_.noticed().uncontrolled == 0)
        return trouble_with(
            fmt::format("\"{}\" does not come to rest within {} ms when it is alone", section.name,
                        file_.patience.count()),
            "raise \"patience\", or let nothing else run on the machine");
      if (labels_of(again) != labels_of(profile.cold)) differs(section, profile.cold, again);
      profile.cold =
          std::move(again);  // by now what is made once is there: connections, scripts, statements
      driven_.begin_again({i});
      profile.warm = go_through();
      std::set<std::string> labels;
      for (const auto* steps : {&profile.cold, &profile.warm})
        for (const ShownStep& step : *steps) labels.insert(step.label);
      driven_.know(section, std::move(labels));
      result_.profiles.push_back(std::move(profile));
    }
    driven_.take_part({});
    return {};
  }

  void differs(const RequestSection& section, const std::vector<ShownStep>& first,
               const std::vector<ShownStep>& second) {
    result_.word = Word::nondeterministic;
    result_.why.push_back(
        fmt::format("{} alone does {} the first time and {} the second time{}", section.name,
                    listed(labels_of(first)), listed(labels_of(second)),
                    second.size() < first.size() && !file_.app.in_process_cache
                        ? "; if the application keeps a cache in its process, add "
                          "\"in_process_cache\": true to \"app\""
                        : ""));
  }

  Result<void> check_itself() {
    if (auto looked = look_alone(); !looked) return looked;
    std::size_t silent = 0;
    for (const Profile& profile : result_.profiles) {
      if (!profile.cold.empty()) continue;
      ++silent;
      result_.notes.push_back(
          fmt::format("{} sends nothing to Redis or PostgreSQL", profile.request));
    }
    if (silent == result_.profiles.size())
      return trouble_with("no request sends anything to Redis or PostgreSQL through the proxies",
                          "give the application $redis and $postgres, as in \"env\": { "
                          "\"REDIS_URL\": \"$redis\" }");
    tell("checking the check");
    check_the_check();
    return {};
  }

  // A stale entry is put into the cache on purpose: the check has to see it.
  void check_the_check() {
    const RequestSection* request = file_.asked_again();
    if (request == nullptr) return;
    Stage& stage = driven_.stage();
    const auto must = [](const auto& done) {
      if (!done) throw StageTrouble{done.error()};
    };
    driven_.let_go();
    if (file_.app.in_process_cache) must(stage.restart_application());
    must(stage.reset());
    driven_.ask(*request);
    const auto entries = stage.entries();
    must(entries);
    if (entries->empty()) {
      nothing_kept_ = true;
      return;
    }
    bool any = false;
    for (const RequestSection& section : file_.requests)
      if (!section.is_read() && section.exec.empty()) driven_.ask(section), any = true;
    must(stage.empty_cache());
    must(stage.restore(*entries));
    const auto forget_process = [&] {
      if (file_.app.in_process_cache) must(stage.restart_application());
    };
    forget_process();
    const std::string with_cache = driven_.ask(*request);
    must(stage.empty_cache());
    forget_process();
    check_can_fail_ = !any || with_cache != driven_.ask(*request);
  }

  // ---- the search
  // --------------------------------------------------------------------------------

  void run(search::RerunOptions options) {
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

  void search() {
    using Mode = search::RerunOptions::Mode;
    search::RerunOptions options{.reduce = !file_.app.in_process_cache && !options_.count,
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
        if (result_.search.first || !going() ||
            result_.search.executions == options_.executions_max)
          return;
      }
      options.mode = options_.mode == DriveOptions::Mode::random ? Mode::random
                     : options_.mode == DriveOptions::Mode::pct  ? Mode::pct
                                                                 : Mode::exhaustive;
      if (options.mode != Mode::exhaustive && options.executions_max == 0)
        options.executions_max = 1'000;
      run(options);
      // A command that stood behind another one, or a request that waited for another one, makes
      // orders impossible which a swap would yield.
      const bool may_not_swap = driven_.noticed().behind > 0 || driven_.noticed().waits > 0;
      if (options.reduce && result_.search.exhausted && may_not_swap) {
        options.reduce = false;
        run(options);
      }
    } catch (const Stopped&) {
      result_.complete = false;
    }
    result_.counted = options_.count && result_.search.exhausted;
  }

  void conclude() {
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
        result_.met = std::ranges::find(expectation.verdicts, name(result_.word)) !=
                      expectation.verdicts.end();
    }
  }

  void repeat_found() {
    result_.word = Word::violated;
    result_.order = result_.search.first;
    std::string says;
    for (std::uint32_t i = 0; i < options_.replays; ++i) {
      if (i > 0 && !going()) break;
      tell(fmt::format("repetition {} of {}", i + 1, options_.replays));
      if (i + 1 == options_.replays) driven_.note_cache();
      const auto again = search::repeat(driven_, *result_.order);
      ++result_.replayed.of;
      if (again.followed && again.violated) {
        ++result_.replayed.times;
        says = driven_.found();
        result_.shown = to_counterexample(driven_, says);
      } else if (result_.why.empty()) {
        result_.why.push_back("a repetition went another way: " +
                              (again.followed ? "nothing was wrong at its end" : again.says));
      }
    }
    // What comes later, unordered, may yet mend what was found wrong.
    if (result_.replayed.times == result_.replayed.of && result_.noticed.uncontrolled == 0) return;
    result_.word = result_.noticed.uncontrolled > 0 ? Word::uncontrolled : Word::nondeterministic;
    if (result_.noticed.uncontrolled > 0) say_uncontrolled(result_);
    if (result_.replayed.times == 0) result_.shown = to_counterexample(driven_, "");
  }

  const DriveFile& file_;
  const DriveOptions& options_;
  Loop loop_;
  Driven driven_;
  DriveResult result_;
  bool nothing_kept_ = false, check_can_fail_ = true;
  bool was_cut_ = false;  // the last request alone could not be stepped to its end
};

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
                        const DriveOptions& options) {
  return guarded([&] { return Session(file, options).replay(order); });
}

}  // namespace cacherace::drive
