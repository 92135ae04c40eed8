// Prints the page docs/strategies.md; tools/strategy-table puts it there.

#include <fmt/format.h>

#include "tests/races/table/strategy_page.hpp"

int main() { fmt::print("{}", cacherace::test::strategy_page()); }
