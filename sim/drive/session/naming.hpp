#pragma once
// Which word a search of an application deserves, and why no better one.

#include "sim/drive/drive_file.hpp"
#include "sim/drive/session/drive_result.hpp"

namespace cacherace::drive {

/// What was seen before the search, when things were tried that are known to be wrong.
struct SelfCheck {
  bool nothing_kept = false;   // the read leaves nothing in the cache
  bool check_can_fail = true;  // it sees a stale entry that is put there on purpose
};

/// Of a search that found nothing wrong: sets the word and its reasons. One that was set to
/// nondeterministic before stays so.
void name_verdict(DriveResult& result, const DriveFile& file, const SelfCheck& self);

/// The reason for `uncontrolled`.
void say_uncontrolled(DriveResult& result);

}  // namespace cacherace::drive
