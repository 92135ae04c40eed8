#include "sim/scenario/traffic.hpp"

namespace cacherace::scenario {
namespace {

struct EndOf {
  std::optional<Deed> operator()(const Flush&) const { return std::nullopt; }
  std::optional<Deed> operator()(const CacheRestart&) const { return std::nullopt; }
  std::optional<Deed> operator()(const KeysCommand&) const { return std::nullopt; }
  std::optional<Deed> operator()(const SetTtl&) const { return std::nullopt; }
  std::optional<Deed> operator()(const ChangeKeyFormat&) const { return std::nullopt; }
  std::optional<Deed> operator()(const InvalidateGroup&) const { return std::nullopt; }
  std::optional<Deed> operator()(const Bypass&) const { return Bypass{}; }
  std::optional<Deed> operator()(const CacheDown&) const { return CacheDown{.down = false}; }
  std::optional<Deed> operator()(const CacheSilent&) const { return CacheSilent{.silent = false}; }
  std::optional<Deed> operator()(const CacheSlow&) const { return CacheSlow{}; }
  std::optional<Deed> operator()(const DatabaseDown&) const { return DatabaseDown{.down = false}; }
  std::optional<Deed> operator()(const DatabaseCapacity&) const { return DatabaseCapacity{}; }
  std::optional<Deed> operator()(const Admit&) const { return Admit{}; }
};

}  // namespace

std::optional<Deed> end_of(const Deed& deed) { return std::visit(EndOf{}, deed); }

}  // namespace cacherace::scenario
