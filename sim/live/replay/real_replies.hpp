#pragma once
// What the replies of real servers mean, in the words of counterexample files.

#include <string>

#include "sim/live/replay/real_commands.hpp"

namespace cacherace::live {

/// Of an entry's value: "hit v2", "soft hit v2", "hit no row", "miss".
std::string read_get(const RealReply& reply, const LiveStep& step);
std::string read_get_with_generation(const RealReply& reply, const LiveStep& step);
std::string read_lease_get(const RealReply& reply, const LiveStep& step);
std::string read_set(const RealReply& reply, const LiveStep& step);
std::string read_del(const RealReply& reply, const LiveStep& step);
std::string read_delete_script(const RealReply& reply, const LiveStep& step);
std::string read_done(const RealReply& reply, const LiveStep& step);
std::string read_lock(const RealReply& reply, const LiveStep& step);
std::string read_unlock(const RealReply& reply, const LiveStep& step);
std::string read_get_version(const RealReply& reply, const LiveStep& step);
std::string read_seed_version(const RealReply& reply, const LiveStep& step);
std::string read_bump_version(const RealReply& reply, const LiveStep& step);
std::string read_mark(const RealReply& reply, const LiveStep& step);
std::string read_get_mark(const RealReply& reply, const LiveStep& step);
/// Of those keys that the step looks at.
std::string read_listed(const RealReply& reply, const LiveStep& step);
std::string read_del_listed(const RealReply& reply, const LiveStep& step);
std::string read_cache_write(const RealReply& reply, const LiveStep& step);
std::string read_take(const RealReply& reply, const LiveStep& step);
/// Of what happens to an entry: as the file says, if there was one.
std::string read_gone(const RealReply& reply, const LiveStep& step);
std::string read_flush(const RealReply& reply, const LiveStep& step);
std::string read_row(const RealReply& reply, const LiveStep& step);
std::string read_write(const RealReply& reply, const LiveStep& step);
std::string read_begin(const RealReply& reply, const LiveStep& step);
std::string read_commit(const RealReply& reply, const LiveStep& step);

/// "v2" or "no row", of the text of a version.
std::string version_text(const std::string& version);

}  // namespace cacherace::live
