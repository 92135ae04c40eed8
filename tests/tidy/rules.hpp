#pragma once
// The tidy rules: what the house style bans, and what to write instead. Each is a function of one
// source, or of all of them; an exception states its reason on its line, as in `// tidy: the
// reason`.

#include <string>
#include <vector>

#include "tests/tidy/source.hpp"

namespace cacherace::tidy {

using Remarks = std::vector<std::string>;  // "sim/search/zone.cpp:3: search may not include world"

Remarks layers_included(const Source& source);
Remarks layers_linked(const Source& source);
Remarks banned_names(const Source& source);
Remarks reasonless_exceptions(const Source& source);
Remarks yield_without_unyield(const Source& source);
Remarks pragma_once(const Source& source);
Remarks long_lines(const Source& source);
Remarks long_files(const Source& source);
Remarks unfinished_work(const Source& source);
Remarks tabs(const Source& source);
Remarks riddles(const Source& source);
Remarks both_sides_asserted(const Source& source);

Remarks more_than_one_user_of_cli11(const std::vector<Source>& sources);
Remarks names_in_two_folders(const std::vector<Source>& sources);
Remarks overloads_across_files(const std::vector<Source>& sources);

/// Everything above.
Remarks all_remarks(const std::vector<Source>& sources);

}  // namespace cacherace::tidy
