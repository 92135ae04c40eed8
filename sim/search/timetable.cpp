#include "sim/search/timetable.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

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

/// Bounds on the differences between some moments.
class Timetable::Bounds {
 public:
  explicit Bounds(std::vector<Moment> moments) : moments_(std::move(moments)) {
    std::sort(moments_.begin(), moments_.end());
    moments_.erase(std::unique(moments_.begin(), moments_.end()), moments_.end());
    most_.assign(moments_.size() * moments_.size(), unbounded);
    for (std::size_t i = 0; i < moments_.size(); ++i) at(i, i) = 0;
  }

  const std::vector<Moment>& moments() const { return moments_; }
  /// The most that `a` comes after `b`.
  Bound most(Moment a, Moment b) const { return most_[place(a) * moments_.size() + place(b)]; }
  /// `a` comes at most so much after `b`.
  void hold(Moment a, Moment b, Bound bound) {
    Bound& known = at(place(a), place(b));
    known = std::min(known, bound);
  }
  /// What holds between other moments, all of which are among these.
  void hold(const Bounds& other) {
    const std::size_t count = other.moments_.size();
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < count; ++j)
        if (const Bound bound = other.most_[i * count + j]; bound != unbounded)
          hold(other.moments_[i], other.moments_[j], bound);
  }
  /// Makes every bound the tightest. Requires that some times meet all. O(moments³).
  void tighten() {
    const std::size_t count = moments_.size();
    for (std::size_t via = 0; via < count; ++via)
      for (std::size_t i = 0; i < count; ++i) {
        const Bound first = at(i, via);
        if (first == unbounded) continue;
        for (std::size_t j = 0; j < count; ++j)
          if (const Bound second = at(via, j); second != unbounded)
            at(i, j) = std::min(at(i, j), first + second);
      }
    for (std::size_t i = 0; i < count; ++i) SIM_ASSERT(at(i, i) == 0);
  }
  /// What holds between some of the moments. Requires that every bound is the tightest.
  Bounds among(std::vector<Moment> some) const {
    Bounds bounds(std::move(some));
    for (const Moment a : bounds.moments_)
      for (const Moment b : bounds.moments_) bounds.hold(a, b, most(a, b));
    return bounds;
  }

 private:
  std::size_t place(Moment moment) const {
    const auto found = std::lower_bound(moments_.begin(), moments_.end(), moment);
    SIM_ASSERT(found != moments_.end() && *found == moment);
    return static_cast<std::size_t>(found - moments_.begin());
  }
  Bound& at(std::size_t i, std::size_t j) { return most_[i * moments_.size() + j]; }

  std::vector<Moment> moments_;
  std::vector<Bound> most_;
};

namespace {

using Moments = std::vector<Timetable::Moment>;

// The moments that what comes later can depend on: a step, and the starts of what runs after it.
Moments bound_to_later(std::span<const Timetable::Running> running,
                       std::optional<Timetable::Moment> step) {
  Moments moments;
  for (const auto& clock : running) moments.push_back(clock.start);
  if (step) moments.push_back(*step);
  return moments;
}

Moments with(Moments moments, Timetable::Moment another) {
  moments.push_back(another);
  return moments;
}

}  // namespace

void Timetable::add_step(std::span<const Running> running, std::span<const AtLeast> at_least) {
  offsets_.push_back({.running = running_.size(), .at_least = at_least_.size()});
  running_.insert(running_.end(), running.begin(), running.end());
  at_least_.insert(at_least_.end(), at_least.begin(), at_least.end());
}

std::span<const Timetable::Running> Timetable::running_until(std::size_t step) const {
  const bool last = step + 1 == steps();
  const std::size_t from = offsets_[step].running;
  return std::span(running_).subspan(from,
                                     (last ? running_.size() : offsets_[step + 1].running) - from);
}

std::span<const Timetable::AtLeast> Timetable::at_least(std::size_t step) const {
  const bool last = step + 1 == steps();
  const std::size_t from = offsets_[step].at_least;
  return std::span(at_least_).subspan(
      from, (last ? at_least_.size() : offsets_[step + 1].at_least) - from);
}

// What the step itself is bound to.
void Timetable::hold_step(std::size_t step, Bounds& bounds) const {
  if (step > 0) bounds.hold(step - 1, step, 0);
  for (const auto& [start, latest] : running_until(step)) {
    if (start > step) bounds.hold(start, step, 0);  // before all
    bounds.hold(step, start, latest);
  }
  for (const auto& [later, earlier, bound] : at_least(step)) bounds.hold(earlier, later, -bound);
}

// What a step and all after it ask of the moments before, given what those after it ask.
Timetable::Bounds Timetable::before(std::size_t step, const Bounds& after) const {
  const Moments earlier = bound_to_later(running_until(step),
                                         step > 0 ? std::optional<Moment>(step - 1) : std::nullopt);
  Bounds bounds(with(earlier, step));
  bounds.hold(after);
  hold_step(step, bounds);
  bounds.tighten();
  return bounds.among(earlier);
}

std::optional<std::vector<Bound>> Timetable::round_times(std::span<const Running> running,
                                                         const std::function<bool()>& go_on) const {
  // What is asked of a step by all after it is kept for every so many steps, and for those of one
  // block while it is gone through.
  constexpr std::size_t block = 256;
  SIM_ASSERT(steps() > 0);
  std::vector<Bounds> asked;  // by block, of its last step; the last block first
  {
    Bounds after(bound_to_later(running, steps() - 1));
    for (const auto& [start, latest] : running) after.hold(steps() - 1, start, latest);
    after.tighten();
    asked.push_back(after);
    for (std::size_t step = steps() - 1; step > 0; --step) {
      after = before(step, after);
      if (step % block == 0) asked.push_back(after);
      if (step % steps_between == 0 && !go_on()) return std::nullopt;
    }
  }
  std::vector<Bound> times;
  Bounds known({0});
  std::vector<Bounds> of_block;  // the last step first
  for (std::size_t step = 0; step < steps(); ++step) {
    if (step % block == 0) {
      of_block.assign(1, asked.back());
      asked.pop_back();
      const std::size_t last = std::min(step + block, steps()) - 1;
      for (std::size_t later = last; later > step; --later)
        of_block.push_back(before(later, of_block.back()));
    }
    const Bounds& after = of_block.back();
    Moments moments = known.moments();
    moments.insert(moments.end(), after.moments().begin(), after.moments().end());
    for (const auto& clock : running_until(step)) moments.push_back(clock.start);
    Bounds bounds(with(std::move(moments), step));
    bounds.hold(known);
    bounds.hold(after);
    hold_step(step, bounds);
    bounds.tighten();
    times.push_back(roundest(-bounds.most(0, step), bounds.most(step, 0)));
    bounds.hold(step, 0, times.back());
    bounds.hold(0, step, -times.back());
    bounds.tighten();
    known = bounds.among(with(after.moments(), 0));
    of_block.pop_back();
    if (times.size() % steps_between == 0 && !go_on()) return std::nullopt;
  }
  return times;
}

}  // namespace cacherace::search
