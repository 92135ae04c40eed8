#include "sim/search/shrink_again.hpp"

#include <algorithm>
#include <utility>

namespace cacherace::search {
namespace {

// A choice that is taken where it is there, and passed over where it is not.
struct Wish {
  std::string choice, client;
  bool is_fault = false;
  bool is_quiet = false;  // it showed nothing
};
using Wishes = std::vector<Wish>;

struct Tried {
  Wishes wishes;  // what was taken
  Order order;
  OrderSize size;
};

OrderSize order_size(const Wishes& wishes) {
  OrderSize out;
  std::set<std::string> clients;
  std::string last;
  for (const Wish& wish : wishes) {
    if (wish.is_quiet) continue;
    ++out.steps;
    out.faults += wish.is_fault ? 1 : 0;
    if (wish.client.empty()) continue;
    clients.insert(wish.client);
    if (!last.empty() && last != wish.client) ++out.switches;
    last = wish.client;
  }
  out.clients = clients.size();
  return out;
}

class ShrinkingAgain {
 public:
  ShrinkingAgain(Rerunnable& system, std::uint64_t executions_max,
                 const std::function<bool()>& go_on)
      : system_(system), executions_max_(executions_max), go_on_(go_on) {}

  std::optional<ShrunkAgain> run(const Order& order) {
    Wishes wishes;
    for (const Taken& taken : order) {
      for (const std::string& quiet : taken.before) wishes.push_back({quiet, "", false, true});
      wishes.push_back({taken.choice, "", false, false});
    }
    auto best = attempt(wishes, {});
    if (!best) return std::nullopt;
    ShrunkAgain out;
    out.from = best->size;
    while (improve(*best, out.without)) {
    }
    out.order = std::move(best->order);
    out.to = best->size;
    out.executions = executions_;
    out.complete = !ended_;
    return out;
  }

 private:
  bool may_go_on() {
    ended_ = ended_ || executions_ >= executions_max_ || (go_on_ && !go_on_());
    return !ended_;
  }

  // One execution along the wishes; what is left then goes on one after another. Nothing when it is
  // not wrong at its end.
  std::optional<Tried> attempt(const Wishes& wishes, const std::set<std::string>& without) {
    ++executions_;
    system_.leave_out(without);
    system_.begin();
    Tried out;
    std::vector<std::string> quiet;
    std::size_t at = 0;
    for (auto choices = system_.choices(); !choices.empty(); choices = system_.choices()) {
      const auto there = [&](const std::string& name) {
        return std::ranges::find(choices, name, &Choice::name);
      };
      while (at < wishes.size() && there(wishes[at].choice) == choices.end()) ++at;
      const Choice choice = at < wishes.size() ? *there(wishes[at].choice) : choices.front();
      const auto step = system_.step(choice.name);
      if (!step || out.wishes.size() >= steps_max) {
        system_.give_up();
        return std::nullopt;
      }
      out.wishes.push_back({choice.name, choice.client, choice.is_fault, !step->visible});
      if (at < wishes.size() && (step->visible || wishes[at].is_quiet)) ++at;
      if (step->visible)
        out.order.push_back({choice.name, step->label, std::exchange(quiet, {})});
      else
        quiet.push_back(choice.name);
    }
    if (!system_.finish()) return std::nullopt;
    out.size = order_size(out.wishes);
    return out;
  }

  bool accept(Tried& best, const Wishes& wishes, std::set<std::string>& without,
              const std::set<std::string>& all_without) {
    std::vector<std::string> names;
    for (const Wish& wish : wishes) names.push_back(wish.choice);
    if (!may_go_on() || !tried_.insert({names, all_without}).second) return false;
    auto found = attempt(wishes, all_without);
    if (!found || !(found->size < best.size)) return false;
    best = std::move(*found);
    without = all_without;
    return true;
  }

  // One step to something smaller.
  bool improve(Tried& best, std::set<std::string>& without) {
    std::set<std::string> clients;
    for (const Wish& wish : best.wishes)
      if (!wish.client.empty()) clients.insert(wish.client);
    for (const std::string& client : clients) {
      if (clients.size() == 1) break;
      Wishes rest = best.wishes;
      std::erase_if(rest, [&](const Wish& wish) { return wish.client == client; });
      auto all = without;
      all.insert(client);
      if (accept(best, rest, without, all)) return true;
    }
    for (std::size_t i = 0; i < best.wishes.size(); ++i) {
      if (!best.wishes[i].is_fault) continue;
      Wishes rest = best.wishes;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      if (accept(best, rest, without, without)) return true;
    }
    return join(best, without);
  }

  // A client's steps between two changes are moved to those before or after.
  bool join(Tried& best, std::set<std::string>& without) {
    struct Block {
      std::size_t begin, end;
      std::string client;
    };
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < best.wishes.size(); ++i) {
      const std::string& client = best.wishes[i].client;
      if (blocks.empty() || (!client.empty() && blocks.back().client != client))
        blocks.push_back({i, i + 1, client});
      else
        blocks.back().end = i + 1;
    }
    for (std::size_t i = 0; i < blocks.size(); ++i)
      for (std::size_t j = i + 1; j < blocks.size(); ++j) {
        if (blocks[i].client != blocks[j].client) continue;
        for (const bool earlier : {true, false}) {
          Wishes moved = best.wishes;
          const auto at = [&](std::size_t index) {
            return moved.begin() + static_cast<std::ptrdiff_t>(index);
          };
          if (earlier)
            std::rotate(at(blocks[i].end), at(blocks[j].begin), at(blocks[j].end));
          else
            std::rotate(at(blocks[i].begin), at(blocks[i].end), at(blocks[j].begin));
          if (order_size(moved) < best.size && accept(best, moved, without, without)) return true;
        }
        break;
      }
    return false;
  }

  static constexpr std::size_t steps_max = 4000;
  Rerunnable& system_;
  std::uint64_t executions_max_;
  const std::function<bool()>& go_on_;
  std::uint64_t executions_ = 0;
  bool ended_ = false;  // by the limit, with something left
  std::set<std::pair<std::vector<std::string>, std::set<std::string>>> tried_;
};

}  // namespace

std::optional<ShrunkAgain> shrink_again(Rerunnable& system, const Order& order,
                                        std::uint64_t executions_max,
                                        const std::function<bool()>& go_on) {
  return ShrinkingAgain(system, executions_max, go_on).run(order);
}

}  // namespace cacherace::search
