#pragma once
// Variants of a scenario: other races within the ranges of its section "vary".

#include <functional>
#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

struct Variant {
  struct Operation {
    std::size_t kind = 0;  // of VariantSpace::kinds
    std::size_t row = 0;   // below `rows`
    bool operator==(const Operation&) const = default;
  };
  std::size_t rows = 1;  // that the operations may choose from
  std::vector<std::vector<Operation>> clients;
  scenario::Faults faults;
  std::vector<scenario::DurationRange> durations;  // as Vary::durations lists them
};

/// What the variants of a scenario have in common.
struct VariantSpace {
  std::string json;  // the scenario, as it is written
  std::string file;  // as messages call it
  std::uint64_t seed = 1;
  scenario::Vary vary;
  std::vector<std::string> kinds;                  // "read {}", "write {}", "flush", …
  std::vector<std::string> rows;                   // by name, the scenario's own first
  std::vector<scenario::DurationRange> durations;  // that the scenario states
};

VariantSpace space_of(const scenario::Scenario& scenario);

/// The scenario's own race, as it stands, within the ranges or not.
Variant own_race(const VariantSpace& space, const scenario::Scenario& scenario);

/// A number from `min` to `max`.
using Dice = std::function<std::uint64_t(std::uint64_t min, std::uint64_t max)>;

/// Draws a variant that uses so many percent of the ranges of counts.
Variant draw_variant(const VariantSpace& space, const Dice& dice, unsigned percent);

/// Variants that are one step simpler: a client less, an operation less, a row less, a fault less,
/// a read for another operation, a duration as the scenario states it or a rounder one; in this
/// order. No chain of such steps is endless.
std::vector<Variant> simpler_variants(const VariantSpace& space, const Variant& variant);

/// What is left of the scenario in a file of its own.
struct VariantFile {
  std::string strategy;  // "" for all
  std::string property;  // "" for none; else it is expected to be violated
  std::string story;     // "" for the scenario's own
};

/// The variant as a scenario file, without the sections "vary" and "traffic".
std::string variant_json(const VariantSpace& space, const Variant& variant,
                         const VariantFile& file = {});

/// The variant as a scenario. Problems where its durations contradict each other.
Result<scenario::Scenario> load_variant(const VariantSpace& space, const Variant& variant,
                                        const VariantFile& file = {});

/// The durations of the variant, as they are written, by JSON pointer.
std::vector<std::pair<std::string, std::string>> durations_of(const VariantSpace& space,
                                                              const Variant& variant);

}  // namespace cacherace::harness
