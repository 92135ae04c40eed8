#include "sim/drive/session/naming.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cacherace::drive {

void say_uncontrolled(DriveResult& result) {
  result.why.push_back(
      fmt::format("{} commands came when no request was stepped: say with "
                  "\"background_within\" how long a request goes on after its answer",
                  result.noticed.uncontrolled));
}

void name_verdict(DriveResult& result, const DriveFile& file, const SelfCheck& self) {
  auto& why = result.why;
  const auto& found = result.search;
  const auto& noticed = result.noticed;
  if (noticed.uncontrolled > 0) {
    result.word = Word::uncontrolled;
    say_uncontrolled(result);
    return;
  }
  if (result.word == Word::nondeterministic) return;  // seen before the search
  if (found.divergent > 0) {
    result.word = Word::nondeterministic;
    why.push_back(
        fmt::format("{} beginnings did other things when they were run again", found.divergent));
    return;
  }
  if (found.executions == 0 && found.abandoned > 0) {
    result.word = Word::uncontrolled;
    why.push_back("no execution was under control up to its end");
    return;
  }
  const bool any_writes = std::ranges::any_of(
      file.requests, [](const RequestSection& section) { return !section.is_read(); });
  if (!any_writes && file.check_command.empty()) {
    result.word = Word::vacuous;
    why.push_back("no request writes, so no entry can be older than its row");
    return;
  }
  if (self.nothing_kept) {
    result.word = Word::vacuous;
    why.push_back("the read request leaves nothing in Redis, so nothing there can be wrong");
    return;
  }
  if (file.judges_answers && noticed.judged == 0) {
    result.word = Word::vacuous;
    why.push_back("no read began after all writes had been acknowledged");
    return;
  }
  if (found.abandoned > 0)
    why.push_back(fmt::format("{} executions were given up", found.abandoned));
  if (noticed.ambiguous > 0)
    why.push_back(fmt::format("it is not known which request sent {} commands", noticed.ambiguous));
  if (noticed.waits > 0)
    why.push_back(
        fmt::format("requests waited within the application for others, {} times: when "
                    "they go on is not decided here",
                    noticed.waits));
  if (!self.check_can_fail)
    why.push_back("the check does not see a stale entry that is put into the cache on purpose");
  for (const std::string& says : noticed.says) why.push_back(says);
  if (!found.exhausted && found.abandoned == 0)
    why.push_back("orders are left that were not tried");
  result.word =
      found.exhausted && why.empty() && result.complete ? Word::exhausted : Word::clean_so_far;
}

}  // namespace cacherace::drive
