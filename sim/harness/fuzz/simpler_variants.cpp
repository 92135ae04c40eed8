#include <algorithm>

#include "sim/harness/fuzz/race_variant.hpp"
#include "sim/harness/fuzz/round_duration.hpp"

namespace cacherace::harness {
namespace {

using scenario::DurationRange;
using scenario::Faults;

class Simpler {
 public:
  Simpler(const VariantSpace& space, const Variant& variant) : space_(space), variant_(variant) {}

  std::vector<Variant> all() {
    fewer_clients();
    fewer_operations();
    fewer_rows();
    fewer_faults();
    reads_for_others();
    for (std::size_t i = 0; i < variant_.durations.size(); ++i) simpler_duration(i);
    return std::move(all_);
  }

 private:
  // A copy to make simpler.
  Variant& add() { return all_.emplace_back(variant_); }

  void fewer_clients() {
    if (variant_.clients.size() <= space_.vary.clients.min) return;
    for (std::size_t i = 0; i < variant_.clients.size(); ++i) {
      auto& clients = add().clients;
      clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  void fewer_operations() {
    for (std::size_t i = 0; i < variant_.clients.size(); ++i) {
      if (variant_.clients[i].size() <= space_.vary.operations.min) continue;
      for (std::size_t j = 0; j < variant_.clients[i].size(); ++j) {
        auto& operations = add().clients[i];
        operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(j));
      }
    }
  }

  // What the last row was asked for, the one before it is.
  void fewer_rows() {
    if (variant_.rows <= space_.vary.keys.min) return;
    Variant& fewer = add();
    --fewer.rows;
    for (auto& operations : fewer.clients)
      for (auto& operation : operations) operation.row = std::min(operation.row, fewer.rows - 1);
  }

  void fewer_faults() {
    for (auto fault :
         {&Faults::crash, &Faults::evict, &Faults::lose, &Faults::flush, &Faults::cache_restart})
      if (variant_.faults.*fault > space_.vary.faults_min.*fault) --(add().faults.*fault);
  }

  void reads_for_others() {
    for (std::size_t i = 0; i < variant_.clients.size(); ++i)
      for (std::size_t j = 0; j < variant_.clients[i].size(); ++j)
        if (variant_.clients[i][j].kind != 0) add().clients[i][j].kind = 0;
  }

  void simpler_duration(std::size_t index) {
    const DurationRange now = variant_.durations[index];
    const DurationRange stated = space_.durations[index];
    const DurationRange within = space_.vary.durations[index].within;
    if (now == stated) return;
    if (stated.min >= within.min && stated.max <= within.max) add().durations[index] = stated;
    const auto take = [&](DurationRange rounder) {
      if (rounder.min <= rounder.max) add().durations[index] = rounder;
    };
    if (now.min == now.max)
      for (const Duration value : rounder(now.min, within)) take({value, value});
    else
      for (const Duration value : rounder(now.min, within)) take({value, now.max});
    if (now.min != now.max)
      for (const Duration value : rounder(now.max, within)) take({now.min, value});
  }

  // The roundest first.
  static std::vector<Duration> rounder(Duration value, const DurationRange& within) {
    std::vector<Duration> values;
    const int digits = significant_digits(value);
    const auto take = [&](Duration rounded) {
      const bool fits = rounded >= within.min && rounded <= within.max;
      if (fits && significant_digits(rounded) < digits) values.push_back(rounded);
    };
    take(Duration::zero());
    for (int i = 1; i < digits; ++i) {
      take(rounded_down(value, i));
      take(rounded_up(value, i));
    }
    return values;
  }

  const VariantSpace& space_;
  const Variant& variant_;
  std::vector<Variant> all_;
};

}  // namespace

std::vector<Variant> simpler_variants(const VariantSpace& space, const Variant& variant) {
  return Simpler(space, variant).all();
}

}  // namespace cacherace::harness
