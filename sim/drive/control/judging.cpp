// What an execution has left behind is judged.

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/utf8.hpp"
#include "sim/drive/control/driven.hpp"

namespace cacherace::drive {

using namespace std::chrono_literals;

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
  while (answer.body.ends_with('\n') || answer.body.ends_with('\r')) answer.body.pop_back();
  return fmt::format("{} {}", answer.status, answer.body);
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
    check(stage_->empty_cache());
    if (file_.app.in_process_cache) check(stage_->restart_application());  // its own cache as well
    const std::string without = ask(*request);
    if (with_cache != without) {
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
