#pragma once
// Laws that the search obeys on any race, whatever the right answer is.

#include <cstdint>
#include <optional>
#include <string>

namespace cacherace::rules {

enum class Law {
  wider,            // wider bounds never mend anything, nor make a worst case smaller
  doubled,          // with all times doubled, worst cases double, and verdicts stay
  contained,        // what times allow, unbounded timing allows
  one_fault_more,   // a fault more in the budget mends nothing
  renamed,          // names change nothing
  permuted,         // nor does the order of clients, as long as each keeps its process
  one_reader_more,  // a reader that may come after all others mends nothing that is over by then
  reductions,       // states, symmetry and plain enumeration agree
  shrunk,           // the smallest counterexample is one
  jobs,             // threads change no byte
};
constexpr int law_count = 10;
const char* name(Law law);

struct Obeyed {
  bool says_nothing = false;  // the race is refused or too large, or is none that the law is about
  std::string broken;         // how, for a person to read; empty if the law is obeyed
};

/// The law on the race that `number` draws.
Obeyed obeys(Law law, std::uint64_t number);

}  // namespace cacherace::rules
