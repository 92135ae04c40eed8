#pragma once
// Counterexamples of real applications as files.

#include <string>

#include "sim/core/result.hpp"
#include "sim/drive/drive_file.hpp"
#include "sim/drive/session/drive_result.hpp"
#include "sim/search/rerun.hpp"

namespace cacherace::drive {

/// Whether a counterexample file is one of these.
bool is_saved_order(const std::string& text);

/// As a file beside which, or at an absolute path, the application's own file is found. Requires a
/// counterexample.
std::string saved_order(const DriveResult& result, const DriveFile& file,
                        const std::string& app_file);

struct SavedOrder {
  DriveFile file;  // as it was; commands run where the application's file is
  search::Order order;
  std::set<std::string> without;  // requests that take no part
};
/// `folder`: of the counterexample file, which is called `name`.
Result<SavedOrder> read_saved_order(const std::string& text, const std::string& name,
                                    const std::filesystem::path& folder);

}  // namespace cacherace::drive
