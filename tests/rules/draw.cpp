#include "tests/rules/draw.hpp"

#include <algorithm>

namespace cacherace::rules {
namespace {

constexpr Time second = 1'000'000;

void draw_expiry(Dice& dice, Strategy& s) {
  if (dice.one_in(2)) return;
  s.ttl = dice.of({5 * second, 60 * second});
  if (dice.one_in(4)) s.jitter = dice.of({10, 50});
}

void draw_single_deletes(Dice& dice, Strategy& s) {
  s.write = dice.of({Write::delete_after, Write::delete_after, Write::delete_before,
                     Write::double_delete, Write::in_transaction, Write::cdc});
  s.first_before = dice.one_in(2);
  s.durable_timer = dice.one_in(2);
}

void draw_any_write(Dice& dice, Strategy& s) {
  draw_single_deletes(dice, s);
  if (dice.one_in(2))
    s.write = dice.of({Write::set_after, Write::none, Write::write_through, Write::write_behind});
  s.cache_first = dice.one_in(2);
  s.durable_queue = dice.one_in(2);
  s.coalesce = !dice.one_in(3);
  s.batch = dice.of({1, 2, 1000});
}

void draw_fill(Dice& dice, Strategy& s) {
  s.fill = dice.of({Fill::set, Fill::set, Fill::add, Fill::set_if_newer, Fill::generation});
  if (s.fill == Fill::set && s.ttl != never && dice.one_in(2)) s.fill = Fill::set_then_expire;
  if (s.fill == Fill::set_if_newer && dice.one_in(2)) s.tombstones = 10 * second;
}

void draw_load(Dice& dice, Strategy& s) {
  s.load = dice.of({Load::every_reader, Load::single_flight, Load::lock, Load::read_through});
  s.flight_processes = dice.of({1, 2});
  s.forget = dice.one_in(2);
  s.lock.ttl = dice.of({never, 5 * second});
  s.lock.checked = !dice.one_in(3);
}

/// Clients with few operations of `rows` rows; `rest` in one of so many is a mishap.
void draw_clients(Dice& dice, Race& race, int clients, int operations, int rows, int mishaps) {
  race.rows.assign(static_cast<std::size_t>(rows), Start::cold);
  for (auto& start : race.rows) start = dice.of({Start::cold, Start::warm, Start::warm});
  for (int i = 0; i < clients; ++i) {
    std::vector<Operation> list;
    const int count = 1 + dice.below(operations);
    for (int j = 0; j < count; ++j) {
      Operation operation{.what = dice.of({Do::read, Do::read, Do::write}),
                          .key = Key{dice.below(rows)}};
      if (mishaps != 0 && dice.one_in(mishaps))
        operation.what = dice.of({Do::evict, Do::flush, Do::restart});
      list.push_back(operation);
    }
    race.clients.push_back(list);
  }
  // Who is named by nobody takes no part.
  std::vector<int> numbers(race.rows.size(), -1);
  std::vector<Start> named;
  for (auto& client : race.clients)
    for (auto& operation : client) {
      if (operation.what == Do::flush || operation.what == Do::restart) {
        operation.key = Key{0};
        continue;
      }
      auto& number = numbers[static_cast<std::size_t>(operation.key.row)];
      if (number < 0) {
        number = static_cast<int>(named.size());
        named.push_back(race.rows[static_cast<std::size_t>(operation.key.row)]);
      }
      operation.key.row = number;
    }
  if (named.empty()) named.push_back(Start::cold);
  race.rows = named;
}

void draw_faults(Dice& dice, Race& race, int count) {
  for (int i = 0; i < count; ++i) ++race.faults[static_cast<std::size_t>(dice.below(5))];
}

}  // namespace

const char* name(Feature feature) {
  switch (feature) {
    case Feature::crashes:
      return "crashes";
    case Feature::write_behind:
      return "write-behind";
    case Feature::leases:
      return "leases";
    case Feature::groups:
      return "groups";
    case Feature::replicas:
      return "replicas";
    case Feature::two_faults:
      return "two faults";
    case Feature::local_caches:
      return "local caches";
    case Feature::flights:
      return "flights";
    case Feature::refreshes:
      return "refreshes";
    case Feature::expiry:
      return "expiry";
    case Feature::locks:
      return "locks";
    case Feature::guards:
      return "guards";
    case Feature::derived:
      return "derived";
  }
  return "";
}

Race draw(Feature feature, std::uint64_t number) {
  Dice dice(number * 64 + static_cast<std::uint64_t>(feature));
  dice.next();
  Race race;
  auto& s = race.strategy;
  const int clients = 1 + dice.below(3);
  const int operations = clients == 1 ? 3 : clients == 2 ? 2 : 1;
  switch (feature) {
    case Feature::crashes:
      draw_any_write(dice, s);
      draw_clients(dice, race, clients, operations, 1 + dice.below(2), 4);
      race.faults[Fault::crash] = 1 + (dice.one_in(4) ? 1 : 0);
      break;
    case Feature::write_behind:
      s.write = Write::write_behind;
      s.durable_queue = dice.one_in(2);
      s.coalesce = !dice.one_in(3);
      s.batch = dice.of({1, 2, 1000});
      if (dice.one_in(3)) draw_expiry(dice, s);
      if (dice.one_in(4)) s.fill = dice.of({Fill::add, Fill::set_if_newer});
      draw_clients(dice, race, std::min(clients, 2), 2, 1 + dice.below(2), 5);
      if (dice.one_in(2)) draw_faults(dice, race, 1);
      break;
    case Feature::leases:
      s.load = Load::lease;
      s.refused = dice.of({Refused::retry, Refused::load, Refused::give_up});
      s.rate = dice.of({Time{0}, second, 10 * second, 10 * second});
      if (dice.one_in(2)) s.stale = dice.of({5 * second, 20 * second});
      draw_any_write(dice, s);
      if (s.write == Write::write_behind) s.write = Write::delete_after;
      if (dice.one_in(4)) draw_expiry(dice, s);
      draw_clients(dice, race, clients, operations, 1, 6);
      if (dice.one_in(2)) draw_faults(dice, race, 1);
      break;
    case Feature::groups:
      s.write = dice.of({Write::bump_version, Write::delete_by_keys, Write::delete_by_scan});
      s.seed_one = dice.one_in(2);
      if (dice.one_in(4)) draw_expiry(dice, s);
      if (dice.one_in(4)) s.fill = dice.of({Fill::add, Fill::set_if_newer});
      race.groups = dice.of({0, 1, 2});
      draw_clients(dice, race, std::min(clients, 2), operations, 1 + dice.below(3), 5);
      if (dice.one_in(2)) draw_faults(dice, race, 1);
      break;
    case Feature::replicas:
      race.replicas = 1 + dice.below(2);
      draw_any_write(dice, s);
      s.marker = dice.one_in(2);
      if (dice.one_in(3)) draw_fill(dice, s);
      draw_clients(dice, race, std::min(clients, 2), 2, 1, 6);
      if (dice.one_in(3)) draw_faults(dice, race, 1);
      break;
    case Feature::two_faults:
      draw_any_write(dice, s);
      if (dice.one_in(2)) draw_fill(dice, s);
      draw_clients(dice, race, std::min(clients, 2), 2, 1 + dice.below(2), 0);
      draw_faults(dice, race, 2);
      break;
    case Feature::local_caches:
      s.local = true;
      s.local_processes = dice.of({1, 2, 2, 3});
      s.local_first = dice.one_in(2);
      s.keep_copies = dice.one_in(2);
      draw_any_write(dice, s);
      if (dice.one_in(3)) draw_fill(dice, s);
      draw_clients(dice, race, std::min(clients, 2), clients == 1 ? 2 : 1 + dice.below(2), 1, 5);
      if (dice.one_in(2)) draw_faults(dice, race, 1);
      break;
    case Feature::flights:
      draw_any_write(dice, s);
      s.load = dice.of({Load::single_flight, Load::single_flight, Load::read_through});
      s.flight_processes = dice.of({1, 1, 2});
      s.forget = s.load == Load::single_flight && dice.one_in(2);
      if (dice.one_in(3)) draw_fill(dice, s);
      draw_clients(dice, race, clients, operations, 1, 0);
      if (dice.one_in(2)) draw_faults(dice, race, 1);
      break;
    case Feature::refreshes:
      draw_any_write(dice, s);
      s.read = dice.of({Read::swr, Read::refresh_ahead, Read::xfetch, Read::stale_if_error});
      if (s.read != Read::swr) s.ttl = 60 * second;
      if (dice.one_in(4)) s.jitter = 10;
      if (dice.one_in(4)) draw_load(dice, s);
      if (dice.one_in(4)) s.fill = dice.of({Fill::add, Fill::set_if_newer, Fill::set_then_expire});
      draw_clients(dice, race, std::min(clients, 2), 1 + dice.below(2), 1, 0);
      if (dice.one_in(3)) draw_faults(dice, race, 1);
      break;
    case Feature::expiry:
      draw_any_write(dice, s);
      s.ttl = dice.of({5 * second, 60 * second});
      if (dice.one_in(3)) s.jitter = dice.of({10, 50});
      if (dice.one_in(2)) s.negative = dice.of({5 * second, 60 * second});
      if (dice.one_in(4)) s.ttl = s.jitter == 0 ? never : s.ttl;
      draw_fill(dice, s);
      if (s.write == Write::set_after)
        s.store_ttl = dice.of({StoreTtl::fresh, StoreTtl::keep, StoreTtl::none});
      draw_clients(dice, race, clients, operations, 1 + dice.below(2), 6);
      if (s.negative != never)
        for (auto& start : race.rows)
          if (dice.one_in(2)) start = Start::absent;
      if (dice.one_in(3)) draw_faults(dice, race, 1);
      break;
    case Feature::locks:
      draw_any_write(dice, s);
      if (dice.one_in(2)) s.write = Write::write_through;
      s.load = dice.one_in(4) ? Load::every_reader : Load::lock;
      s.through_lock = s.write == Write::write_through && !dice.one_in(3);
      s.lock.ttl = dice.of({never, 5 * second});
      s.lock.checked = !dice.one_in(3);
      if (s.write == Write::write_behind) s.write = Write::delete_after;
      if (dice.one_in(4)) draw_expiry(dice, s);
      draw_clients(dice, race, std::min(clients, 2), 1 + dice.below(2), 1, 0);
      if (dice.one_in(3)) draw_faults(dice, race, 1);
      break;
    case Feature::guards:
      draw_any_write(dice, s);
      if (dice.one_in(2))
        s.bloom = true;
      else
        s.hold_off = true;
      if (dice.one_in(4)) s.read = Read::direct, s.bloom = s.hold_off = false;
      draw_clients(dice, race, clients, operations, 1, 0);
      if (s.bloom && !race.rows.empty() && dice.one_in(2)) race.rows[0] = Start::absent;
      if (dice.one_in(3)) draw_faults(dice, race, 1);
      break;
    case Feature::derived:
      draw_any_write(dice, s);
      if (dice.one_in(3))
        s.write = dice.of({Write::bump_version, Write::delete_by_keys, Write::delete_by_scan});
      race.derived = true;
      race.known = dice.below(3);
      if (dice.one_in(3)) draw_fill(dice, s);
      s.local = dice.one_in(3);
      draw_clients(dice, race, std::min(clients, 2), operations, 1, 0);
      for (auto& client : race.clients)
        for (auto& operation : client)
          if (operation.what == Do::read && dice.one_in(2)) operation.key.aggregate = 1;
      if (!race.rows.empty() && dice.one_in(2)) race.warm.push_back(Key{.row = 0, .aggregate = 1});
      break;
  }
  return race;
}

Race draw_timed(std::uint64_t number) {
  Dice dice(number * 64 + 63);
  dice.next();
  Race race;
  auto& s = race.strategy;
  race.timed = true;
  race.cache = dice.of({Range{2, 2}, Range{2, 4}, Range{2, 8}});
  race.read = dice.of({Range{4, 4}, Range{4, 10}, Range{10, 20}});
  race.write = dice.of({Range{4, 4}, Range{4, 8}, Range{2, 12}});
  race.pause_max = dice.of({0, 0, 4, 10});
  if (dice.one_in(2)) s.ttl = dice.of({6, 14, 30, 100});
  s.write = dice.of({Write::delete_after, Write::delete_after, Write::delete_before,
                     Write::double_delete, Write::double_delete, Write::cdc, Write::set_after,
                     Write::none, Write::bump_version, Write::delete_by_keys});
  s.first_before = dice.one_in(2);
  s.durable_timer = dice.one_in(2);
  s.delay = dice.of({0, 4, 10, 16, 24});
  s.lag = dice.of({0, 6, 20});
  s.load = dice.of({Load::every_reader, Load::every_reader, Load::single_flight});
  s.flight_processes = dice.of({1, 2});
  s.forget = s.load == Load::single_flight && dice.one_in(2);
  switch (dice.below(8)) {
    case 0:
      s.fill = Fill::add;
      break;
    case 1:
      s.fill = Fill::set_if_newer;
      break;
    case 2:
      s.fill = Fill::set_if_newer;
      s.tombstones = dice.of({4, 12, 30});
      break;
    case 3:
      s.fill = Fill::generation;
      break;
    case 4:
      s.hold_off = true;
      s.hold_for = dice.of({4, 12, 30});
      break;
    case 5:
      s.local = true;
      s.local_processes = s.flight_processes;
      s.local_ttl = dice.of({4, 12, 30});
      s.message = dice.of({0, 2, 8});
      break;
    case 6:
      race.replicas = 1;
      race.replica_lag = dice.of({Range{0, 6}, Range{4, 4}, Range{0, 20}});
      break;
    default:
      break;
  }
  if (dice.one_in(6)) {
    s.read = Read::swr;
    s.soft = dice.of({4, 10});
    s.hard = dice.of({14, 30});
    s.refresh_lock = dice.of({4, 100});
    s.ttl = never;
  }
  const int clients = 1 + dice.below(3);
  draw_clients(dice, race, clients, clients == 1 ? 3 : clients == 2 ? 2 : 1, 1, 0);
  if (dice.one_in(5)) ++race.faults[static_cast<std::size_t>(dice.of({0, 1, 3}))];
  return race;
}

}  // namespace cacherace::rules
