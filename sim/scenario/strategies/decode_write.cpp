// The write slot: how a write keeps the cache in step.

#include "sim/scenario/decode/decode_choice.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::uint32_t batch_max = 1'000'000;  // and keys that one SCAN looks at

constexpr auto firsts = std::to_array<Spelling<DoubleDelete::First>>(
    {{"before", DoubleDelete::First::before}, {"after", DoubleDelete::First::after}});

constexpr auto timers = std::to_array<Spelling<DoubleDelete::Timer>>(
    {{"process", DoubleDelete::Timer::process}, {"durable", DoubleDelete::Timer::durable}});

constexpr auto ttls = std::to_array<Spelling<SetAfter::Ttl>>(
    {{"new", SetAfter::Ttl::fresh}, {"keep", SetAfter::Ttl::kept}, {"none", SetAfter::Ttl::none}});

constexpr auto orders = std::to_array<Spelling<WriteThrough::Order>>(
    {{"database-first", WriteThrough::Order::database_first},
     {"cache-first", WriteThrough::Order::cache_first}});

constexpr auto queues = std::to_array<Spelling<WriteBehind::Queue>>(
    {{"volatile", WriteBehind::Queue::in_cache}, {"durable", WriteBehind::Queue::durable}});

constexpr auto seeds = std::to_array<Spelling<BumpVersion::Seed>>(
    {{"random", BumpVersion::Seed::random}, {"one", BumpVersion::Seed::one}});

Write double_delete(Fields& options, Collector& /*problems*/) {
  DoubleDelete out;
  options.read("first", out.first, one_of(firsts, "first delete"));
  options.need("delay", out.delay, duration, R"("1s")");
  options.read("timer", out.timer, one_of(timers, "timer"));
  return out;
}

std::optional<Lock> lock(const Node& node, Collector& problems) {
  Fields options(node, problems, lock_example);
  return lock_options(options, problems);
}

Write set_after(Fields& options, Collector& /*problems*/) {
  SetAfter out;
  options.read("ttl", out.ttl, one_of(ttls, "TTL of a store"));
  return out;
}

Write write_through(Fields& options, Collector& /*problems*/) {
  WriteThrough out;
  options.read("lock", out.lock, lock);
  options.read("order", out.order, one_of(orders, "order"));
  return out;
}

Write write_behind(Fields& options, Collector& /*problems*/) {
  WriteBehind out;
  options.read("queue", out.queue, one_of(queues, "queue"));
  options.read("interval", out.interval, duration);
  options.read("batch", out.batch, count<std::uint32_t>(1, batch_max));
  options.read("coalesce", out.coalesce, boolean);
  return out;
}

Write bump_version(Fields& options, Collector& /*problems*/) {
  BumpVersion out;
  options.read("seed", out.seed, one_of(seeds, "seed"));
  return out;
}

Write delete_by_scan(Fields& options, Collector& /*problems*/) {
  DeleteByScan out;
  options.read("count", out.count, count<std::uint32_t>(1, batch_max));
  return out;
}

Write change_data_capture(Fields& options, Collector& /*problems*/) {
  ChangeDataCapture out;
  options.read("lag", out.lag, latency);
  return out;
}

constexpr auto writes = std::to_array<Choice<Write>>({
    {"delete-after", no_options<Write, DeleteAfter>},
    {"delete-before", no_options<Write, DeleteBefore>},
    {"set-after", set_after, R"({ "ttl": "new" })"},
    {"none", no_options<Write, NoInvalidation>},
    {"double-delete", double_delete, R"({ "first": "before", "delay": "1s" })", true},
    {"delete-in-transaction", no_options<Write, DeleteInTransaction>},
    {"write-through", write_through, R"({ "order": "database-first" })"},
    {"write-behind", write_behind, R"({ "queue": "durable", "interval": "1s" })"},
    {"bump-version", bump_version, R"({ "seed": "random" })"},
    {"delete-by-keys", no_options<Write, DeleteByKeys>},
    {"delete-by-scan", delete_by_scan, R"({ "count": 10 })"},
    {"cdc", change_data_capture, R"({ "lag": "100ms" })"},
});

}  // namespace

std::optional<Write> write_slot(const Node& node, Collector& problems) {
  return choice_of(writes, node, problems);
}

}  // namespace cacherace::scenario
