#include "sim/engine/arrivals/popularity.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"
#include "sim/core/fixed.hpp"

namespace cacherace::engine {
namespace {

// Weight of each rank: rank^-exponent, scaled by 2^62.
std::vector<std::uint64_t> zipf_weights(Decimal exponent, Key count, StopPoint& stop_point) {
  std::vector<std::uint64_t> weights(count);
  for (Key i = 0; i < count; ++i) {
    stop_point();
    const Q32 power =
        multiply_divide(log2_q32(std::uint64_t{i} + 1), exponent.billionths, Decimal::one);
    weights[i] = static_cast<std::uint64_t>(exp2_q32(Q32{30} * q32_one - power));
  }
  return weights;
}

std::vector<std::uint64_t> hot_set_weights(const scenario::HotSet& hot, Key count) {
  const auto wanted = multiply_divide(hot.share.billionths, count, Decimal::one);
  const Key hot_keys = std::clamp<Key>(static_cast<Key>(wanted), 1, count);
  if (hot_keys == count) return std::vector<std::uint64_t>(count, 1);
  // Every key of a set alike: the set's share, over the number of keys of the set,
  // cross-multiplied.
  const auto hot_weight = static_cast<std::uint64_t>(hot.of_reads.billionths) * (count - hot_keys);
  const auto cold_weight =
      static_cast<std::uint64_t>(Decimal::one - hot.of_reads.billionths) * hot_keys;
  std::vector<std::uint64_t> weights(count, cold_weight);
  std::fill_n(weights.begin(), hot_keys, hot_weight);
  return weights;
}

}  // namespace

KeySampler::KeySampler(const scenario::Popularity& popularity, Key count, StopPoint stop_point)
    : count_(count) {
  SIM_ASSERT(count > 0);
  if (const auto* zipf = std::get_if<scenario::Zipf>(&popularity))
    build(zipf_weights(zipf->exponent, count, stop_point), stop_point);
  if (const auto* hot = std::get_if<scenario::HotSet>(&popularity))
    build(hot_set_weights(*hot, count), stop_point);
}

void KeySampler::build(const std::vector<std::uint64_t>& weights, StopPoint& stop_point) {
  Uint128 total = 0;
  for (const auto weight : weights) total += weight;
  cells_.resize(count_);
  // Each weight times `count` is compared with the total: small keys are filled up by large ones.
  std::vector<Uint128> rest(count_);
  std::vector<Key> small, large;
  for (Key key = 0; key < count_; ++key) {
    stop_point();
    rest[key] = Uint128{weights[key]} * count_;
    (rest[key] < total ? small : large).push_back(key);
  }
  while (!small.empty() && !large.empty()) {
    stop_point();
    const Key poor = small.back();
    const Key rich = large.back();
    small.pop_back();
    cells_[poor] = {static_cast<std::uint32_t>((rest[poor] << 32) / total), rich};
    rest[rich] -= total - rest[poor];
    if (rest[rich] < total) {
      large.pop_back();
      small.push_back(rich);
    }
  }
  for (const Key key : small) cells_[key] = {0, key};
  for (const Key key : large) cells_[key] = {0, key};
}

Key KeySampler::sample(std::uint64_t word) const {
  const auto index = static_cast<Key>(multiply_high(word, count_));
  if (cells_.empty()) return index;
  const auto within =
      static_cast<std::uint32_t>((word * count_) >> 32);  // where in the cell, of 2^32
  const Cell& cell = cells_[index];
  return within < cell.own ? index : cell.alias;
}

}  // namespace cacherace::engine
