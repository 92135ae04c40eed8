// What is looked at before a search: each request alone, and whether the check can fail.

#include <fmt/format.h>

#include <algorithm>

#include "sim/drive/session/driving.hpp"

namespace cacherace::drive {
namespace {

// How long a request is listened to after its end, for what it does in the background.
constexpr std::chrono::milliseconds listens_for{200};

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

}  // namespace

std::vector<ShownStep> Session::alone(std::size_t party) {
  driven_.take_part({party});
  driven_.begin();
  return go_through(listens_for);
}

std::vector<ShownStep> Session::go_through(std::chrono::milliseconds listen) {
  was_cut_ = false;
  for (auto choices = driven_.choices(); !choices.empty(); choices = driven_.choices())
    if (!driven_.step(choices.front().name)) {
      was_cut_ = true;
      break;
    }
  driven_.linger(listen);
  auto steps = driven_.steps();
  std::erase_if(steps, [](const ShownStep& step) { return is_without_command(step.label); });
  driven_.let_go();
  return steps;
}

Result<void> Session::look_alone() {
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
      return trouble_with(fmt::format("\"{}\" does not come to rest within {} ms when it is alone",
                                      section.name, file_.patience.count()),
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

void Session::differs(const RequestSection& section, const std::vector<ShownStep>& first,
                      const std::vector<ShownStep>& second) {
  result_.word = Word::nondeterministic;
  result_.why.push_back(fmt::format("{} alone does {} the first time and {} the second time{}",
                                    section.name, listed(labels_of(first)),
                                    listed(labels_of(second)),
                                    second.size() < first.size() && !file_.app.in_process_cache
                                        ? "; if the application keeps a cache in its process, add "
                                          "\"in_process_cache\": true to \"app\""
                                        : ""));
}

Result<void> Session::check_itself() {
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

void Session::check_the_check() {
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

}  // namespace cacherace::drive
