#pragma once
// The page docs/strategies.md, made from what the races come to.

#include <string>

namespace cacherace::test {

/// The whole page. Explores every race under every strategy: a few seconds.
std::string strategy_page();

}  // namespace cacherace::test
