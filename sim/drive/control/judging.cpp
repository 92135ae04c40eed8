// What an execution has left behind is judged.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {

using namespace std::chrono_literals;

namespace {

// "200 {…}", without the end of the last line.
std::string shown_response(const HttpResponse& response) {
  std::string body = response.body;
  while (body.ends_with('\n') || body.ends_with('\r')) body.pop_back();
  return fmt::format("{} {}", response.status, body);
}

}  // namespace

void Driven::note_wrong_keys(const std::vector<Stage::Entry>& before) {
  const auto after = stage_->entries();
  check(after);
  for (const Stage::Entry& entry : before) {
    const auto same = std::ranges::find(*after, entry.key, &Stage::Entry::key);
    if (same != after->end() && same->dump != entry.dump) wrong_keys_.insert(entry.key);
  }
}

bool Driven::are_all_written() const {
  bool any = false;
  for (const Party& party : parties_) {
    if (party.section->is_read() || !takes_part(party)) continue;
    any = true;
    const bool is_good =
        !party.section->exec.empty() || (party.response.status > 0 && party.response.status < 400);
    if (!party.responded || !is_good) return false;
  }
  return any;
}

bool Driven::any_missed_writes(const RequestSection& request, const std::string& now) {
  bool any = false;
  for (const Party& party : parties_) {
    const bool is_same =
        party.section->method == request.method && party.section->path == request.path;
    if (!is_same || !party.after_writes || !party.responded || party.response.status == 0) continue;
    ++noticed_.judged;
    const std::string answer = shown_response(party.response);
    if (answer == now) continue;
    any = true;
    found_ += fmt::format(
        "{}{} began when every write was acknowledged, and was answered {}, which is {} once the "
        "cache is empty",
        found_.empty() ? "" : "; ", party.name, printable(answer), printable(now));
  }
  return any;
}

std::string Driven::ask(const RequestSection& request) {
  HttpResponse answer;
  bool done = false;
  const HttpCall call(loop_, stage_->application().port(),
                      {request.method, request.path, request.body, request.headers},
                      [&](const HttpResponse& response) {
                        answer = response;
                        done = true;
                      });
  loop_.run_until([&] { return done; }, std::max<std::chrono::milliseconds>(file_.patience, 5s));
  if (!done || answer.status == 0)
    throw StageTrouble{Problems{
        Problem{.kind = Problem::Kind::file,
                .fact = fmt::format("the application does not answer {}: {}", request.shown(),
                                    done ? answer.trouble : "no answer in time")}}};
  return shown_response(answer);
}

bool Driven::finish() {
  let_go();
  bool wrong = false;
  if (!file_.check_command.empty()) {
    live::Command command;
    command.words = {
        "/bin/sh", "-c",
        with_servers(file_.check_command, stage_->servers(), stage_->application().port())};
    command.environment = {"REDIS_URL=" + stage_->servers().redis_url,
                           "DATABASE_URL=" + stage_->servers().postgres_url};
    command.folder = file_.folder;
    const auto code = live::run(command, [this] {
      loop_.io.restart();
      loop_.io.run_one_for(1ms);
      return !loop_.go_on || loop_.go_on();
    });
    if (!code) throw StageTrouble{code.error()};
    if (*code != 0) {
      wrong = true;
      found_ += fmt::format("{}the check's command ends with exit code {}",
                            found_.empty() ? "" : "; ", *code);
    }
  }
  if (const RequestSection* request = file_.asked_again()) {
    const std::string with_cache = ask(*request);
    const auto entries = stage_->entries();
    check(entries);
    check(stage_->empty_cache());
    if (file_.app.in_process_cache) check(stage_->restart_application());  // its own cache as well
    const std::string without = ask(*request);
    if (file_.judges_answers) {
      wrong = any_missed_writes(*request, without) || wrong;
    } else if (with_cache != without) {
      note_wrong_keys(*entries);
      wrong = true;
      found_ +=
          fmt::format("{}{} answers {}, and {} once the cache is empty", found_.empty() ? "" : "; ",
                      request->shown(), printable(with_cache), printable(without));
    }
  }
  settle();
  return wrong;
}

}  // namespace cacherace::drive
