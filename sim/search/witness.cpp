#include "sim/search/witness.hpp"

namespace cacherace::search {

Bound roundest(Bound least, Bound most) {
  if (least <= 0) return 0;
  Bound grain = 1;
  while (grain <= least / 20) grain *= 10;
  for (; grain > 1; grain /= 10)
    for (const Bound step : {grain, grain / 2}) {
      if (step == 0) continue;
      const Bound up = (least + step - 1) / step * step;
      if (up <= most) return up;
    }
  return least;
}

}  // namespace cacherace::search
