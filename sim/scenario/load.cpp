#include "sim/scenario/load.hpp"
namespace cacherace::scenario {
Result<Scenario> load(std::string_view, std::string_view) { return Problems{}; }
}
