// Traces: what is read of a file, which row a key is, and what is refused.

#include "sim/harness/trace/traces.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/trace/trace_reader.hpp"
#include "sim/harness/traffic/run.hpp"
#include "sim/report/export/json.hpp"
#include "tests/harness/trace_files.hpp"

namespace cacherace::harness {
namespace {

using Format = scenario::Trace::Format;

// What is wrong with a trace that holds `content`; "" when it is read to its end.
std::string problem_of(Format format, const std::string& content) {
  const TraceFolder folder;
  folder.write("t", content);
  try {
    TraceReader reader(folder.path("t"), format);
    while (reader.next()) {
    }
  } catch (const BrokenTrace& broken) {
    const std::string text = to_text(broken.problem);
    CHECK(text.starts_with(folder.path("t")));
    return text.substr(folder.path("t").size());
  }
  return "";
}

std::vector<TraceRecord> records_of(Format format, const std::string& content) {
  const TraceFolder folder;
  folder.write("t", content);
  TraceReader reader(folder.path("t"), format);
  std::vector<TraceRecord> records;
  while (const auto record = reader.next()) records.push_back(*record);
  return records;
}

// A scenario with traces as its flows, each a JSON object without name.
scenario::Scenario replaying(const TraceFolder& folder, const std::vector<std::string>& flows,
                             int keys = 100) {
  std::string all;
  for (std::size_t i = 0; i < flows.size(); ++i)
    all += std::string(i == 0 ? "" : ", ") + "{\"name\": \"" + static_cast<char>('a' + i) + "\", " +
           flows[i] + "}";
  const auto loaded =
      load_scenario(R"({"keys": {"count": )" + std::to_string(keys) +
                        R"(}, "traffic": {"duration": "10s", "flows": [)" + all + "]}}",
                    folder.path("scenario.json"));
  if (!loaded) FAIL(to_text(loaded.error().front()));
  return *loaded;
}

std::vector<engine::Request> requests_of(const scenario::Scenario& scenario) {
  const Traces traces(scenario);
  std::vector<engine::Request> all;
  for (auto* source : traces.sources())
    while (const auto request = source->next()) all.push_back(*request);
  return all;
}

// The means of the first strategy.
class Metrics {
 public:
  explicit Metrics(const report::Result& result) {
    for (const auto& found : result.results.at(0).metrics) means_[found.metric] = found.mean;
  }
  double operator[](Metric metric) const { return means_[metric].value(); }

 private:
  MetricValues means_;
};

Metrics metrics_in(const report::Result& result) { return Metrics(result); }

}  // namespace

TEST_CASE("a line of Twitter's format: seconds, any key, and every operation") {
  std::string lines;
  for (const std::string operation : {"get", "gets", "set", "add", "replace", "cas", "append",
                                      "prepend", "delete", "incr", "decr"})
    lines += "7,a:b,c,4,0,3," + operation + ",86400\r\n";
  const auto records = records_of(Format::twitter, lines + "4294967295,x,1,2,3,get,0");
  REQUIRE(records.size() == 12);
  for (std::size_t i = 0; i < 11; ++i) {
    CHECK(records[i].kind == (i < 2 ? OperationKind::read : OperationKind::write));
    CHECK(records[i].key == records[0].key);
    CHECK(records[i].second == 7);
  }
  CHECK(records[11].key != records[0].key);
  CHECK(records[11].second == 4'294'967'295);
}

TEST_CASE("a record of oracleGeneral, and a line of a plain trace") {
  const auto binary = records_of(
      Format::oracle_general, binary_record(258, 0x0102030405060708, 1) + binary_record(258, 5, 9));
  REQUIRE(binary.size() == 2);
  CHECK(binary[0].second == 258);
  CHECK(binary[0].key == 0x0102030405060708);
  CHECK(binary[1].key == 5);
  CHECK_FALSE(binary[0].kind);
  const auto plain = records_of(Format::plain, "user:7\nuser:8\r\nuser:7\nä ö");
  REQUIRE(plain.size() == 4);
  CHECK(plain[0].key == plain[2].key);
  CHECK(plain[0].key != plain[1].key);
  CHECK_FALSE(plain[0].kind);
}

TEST_CASE("what MONITOR prints: when, and each key that a command reads or changes") {
  const auto records = records_of(Format::redis_monitor,
                                  "OK\n"
                                  R"(1700000000.123456 [0 127.0.0.1:60866] "GET" "user:7")"
                                  "\n"
                                  R"(1700000000.2 [3 unix:/tmp/r.sock] "mset" "a" "1" "user:7" "2")"
                                  "\n"
                                  R"(1700000001.0 [0 [::1]:5] "PING")"
                                  "\n"
                                  R"(1700000001.0 [0 lua] "Del" "a" "b\"c\\ \x00\n")"
                                  "\n"
                                  R"(1700000002.0 [0 127.0.0.1:1] "expire" "a" "60")"
                                  "\n"
                                  R"(1700000002.1 [0 127.0.0.1:1] "hget" "user:7" "a")");
  REQUIRE(records.size() == 6);
  const auto user = records[0].key, a = records[1].key;
  CHECK(user != a);
  CHECK(records[2].key == user);
  CHECK(records[3].key == a);
  CHECK(records[5].key == user);
  CHECK(records[4].key != records[3].key);
  const auto same = records_of(Format::plain, "user:7\na\nc");
  CHECK(same[0].key == user);
  using enum OperationKind;
  const std::vector kinds{read, write, write, write, write, read};
  const std::vector<std::uint64_t> seconds{0, 0, 0, 1, 1, 2};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(records[i].kind == kinds[i]);
    CHECK(records[i].second == 1'700'000'000 + seconds[i]);
  }
}

TEST_CASE("keys that begin with what a pattern matches are one") {
  const TraceFolder folder;
  folder.write("t", "user:7\nuser:7:cart\nuser:8:cart\nuser\nuser:7x\nitem:1:a\nitem:1:b:c\n");
  TraceReader reader(folder.path("t"), Format::plain, {"user:*", "item:*:b"});
  std::vector<std::uint64_t> seen;
  while (const auto record = reader.next()) seen.push_back(record->key);
  REQUIRE(seen.size() == 7);
  CHECK(seen[0] == seen[1]);
  CHECK(std::set(seen.begin(), seen.end()).size() == 6);
  CHECK(seen[6] == records_of(Format::plain, "item:1:b")[0].key);
}

TEST_CASE("commands of MONITOR that are no operations are counted, and a note names them") {
  const TraceFolder folder;
  std::string lines;
  for (int i = 0; i < 5; ++i)
    lines += R"(1700000000.5 [0 lua] "get" "k")"
             "\n"
             R"(1700000000.5 [0 lua] "Expire" "k" "1")"
             "\n";
  folder.write("t", lines + R"(1700000000.5 [0 lua] "ping")"
                            "\n");
  const auto scenario = load_scenario(R"({"traffic": {"duration": "2s", "flows": [{"name": "seen",
      "trace": "t", "format": "redis-monitor"}]}})",
                                      folder.path("s.json"));
  REQUIRE(scenario.has_value());
  const auto result = run(*scenario, {.replicates = 1});
  CHECK(metrics_in(result)[Metric::reads] == 5);
  CHECK(std::ranges::count(result.notes,
                           "seen: 6 commands of the trace are no operation on values, most often "
                           "Expire (5), ping (1)") == 1);
  folder.write("t", R"(1700000000.5 [0 lua] "ping")");
  CHECK_THROWS_AS(run(*scenario, {.replicates = 1}), BrokenTrace);
}

TEST_CASE("keys that differ in one byte, at any place, differ") {
  std::set<std::uint64_t> keys;
  std::string lines;
  for (std::size_t length = 1; length < 40; ++length)
    for (std::size_t i = 0; i <= length; ++i) {
      std::string key(length, 'a');
      if (i < length) key[i] = 'b';
      lines += key + "\n";
    }
  const auto records = records_of(Format::plain, lines);
  for (const auto& record : records) keys.insert(record.key);
  CHECK(keys.size() == records.size());
}

TEST_CASE("records may lie across the ends of the buffer") {
  std::string lines;
  for (int i = 0; i < 40'000; ++i) lines += std::to_string(i / 1000) + ",k,1,1,1,get,0\n";
  CHECK(records_of(Format::twitter, lines).size() == 40'000);
  std::string bytes;
  for (std::uint32_t i = 0; i < 20'000; ++i) bytes += binary_record(i, i, 1);
  const auto binary = records_of(Format::oracle_general, bytes);
  REQUIRE(binary.size() == 20'000);
  for (std::uint32_t i = 0; i < 20'000; ++i) CHECK(binary[i].key == i);
  CHECK(records_of(Format::plain, std::string(65'535, 'x') + "\ny\n").size() == 2);
}

TEST_CASE("a malformed trace is refused with its place") {
  const std::string good = "5,a,1,1,1,get,0\n";
  CHECK(problem_of(Format::twitter, good) == "");
  CHECK(problem_of(Format::twitter, "") == ": the trace is empty; name a file with requests");
  CHECK(problem_of(Format::twitter, good + "6,b,1,1")
            .starts_with(
                ":2:1: expected seven fields, found \"6,b,1,1\"; a record is: timestamp,key,"));
  CHECK(problem_of(Format::twitter, "time,key,k,v,c,op,ttl\n")
            .starts_with(":1:1: expected a timestamp in whole seconds, found \"time\""));
  CHECK(problem_of(Format::twitter, good + "5,,1,1,1,get,0\n") == ":2:1: the key is empty");
  CHECK(problem_of(Format::twitter, good + "5,a,1,x,1,get,0\n") ==
        ":2:1: expected a whole number as value size, found \"x\"");
  CHECK(problem_of(Format::twitter, good + "5,a,1,1,1,put,0\n")
            .starts_with(":2:1: unknown operation \"put\"; known are get, gets, set"));
  CHECK(problem_of(Format::twitter, good + "4,a,1,1,1,get,0\n") ==
        ":2:1: time goes backwards: from second 5 to 4; sort the trace by its timestamps");
  CHECK(problem_of(Format::redis_monitor, R"(1.5 [0 lua] "get" "a)")
            .starts_with(":1:1: expected a line of MONITOR, found \"1.5 [0 lua] \"get\" \"a\"; a"));
  CHECK(problem_of(Format::redis_monitor, R"(1.5 [0 lua] "get" "\q")")
            .starts_with(":1:1: expected a line of MONITOR"));
  CHECK(problem_of(Format::plain, "a\n\nb\n") == ":2:1: an empty line is not a key; remove it");
  CHECK(problem_of(Format::plain, "a\nb\tc\n")
            .starts_with(":2:1: a control character in the key \"b?c\""));
  CHECK(problem_of(Format::plain, "a\n" + std::string(70'000, 'x'))
            .starts_with(":2:1: a line of more than 64 kB"));
  CHECK(problem_of(Format::plain, "\x1f\x8b\x08") ==
        ": the trace is compressed; decompress it first");
}

TEST_CASE("a malformed binary trace is refused with its byte") {
  const std::string good = binary_record(5, 1, 1);
  CHECK(problem_of(Format::oracle_general, good) == "");
  CHECK(problem_of(Format::oracle_general, good + good.substr(0, 10)) ==
        ": the record at byte 24 is cut off: it has 10 of 24 bytes; is it a trace of another "
        "format?");
  CHECK(problem_of(Format::oracle_general, good + binary_record(4, 1, 1))
            .starts_with(": record 2, at byte 24: time goes backwards: from second 5 to 4"));
  CHECK(problem_of(Format::oracle_general, "5,a,1,1,1,get,0\n5,b,1,1,1,get,0\n")
            .starts_with(
                ": the trace begins with text, not with a record of 24 bytes; write \"format\": "));
}

TEST_CASE("each key is a row, in the order of appearance and across traces") {
  const TraceFolder folder;
  folder.write("one", "x\ny\nx\nz\n");
  folder.write("two", "z\nw\n");
  const auto requests =
      requests_of(replaying(folder, {R"("trace": "one")", R"("trace": "two")"}, 4));
  std::vector<Key> rows;
  for (const auto& request : requests) rows.push_back(request.row);
  CHECK(rows == std::vector<Key>{0, 1, 0, 2, 2, 3});
  try {
    requests_of(replaying(folder, {R"("trace": "one")", R"("trace": "two")"}, 3));
    FAIL("four keys are three rows");
  } catch (const BrokenTrace& broken) {
    CHECK(broken.problem.line == 2);
    CHECK(broken.problem.fact == "the traces have more than 3 keys, and there are no more rows");
  }
}

TEST_CASE("hashed keys share rows, evenly, and the note says how many they are") {
  const TraceFolder folder;
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "user:" + std::to_string(i) + "\n";
  folder.write("t", lines + lines);
  const auto scenario = replaying(folder, {R"("trace": "t", "rows": "hashed")"}, 1000);
  const Traces traces(scenario);
  std::vector<Key> rows;
  while (const auto request = traces.sources()[0]->next()) rows.push_back(request->row);
  REQUIRE(rows.size() == 4000);
  CHECK(std::equal(rows.begin(), rows.begin() + 2000, rows.begin() + 2000));
  const std::set<Key> met(rows.begin(), rows.end());
  CHECK(met.size() > 830);  // 1000 (1 - 1/e^2) = 865, within three standard deviations
  CHECK(met.size() < 900);
  CHECK(*met.rbegin() < 1000);
  REQUIRE(traces.notes().size() == 2);
  CHECK(traces.notes()[1].starts_with("a: a hash of each key picks its row: " +
                                      std::to_string(met.size()) + " of 1000 rows were used, by"));
}

TEST_CASE("the requests of a second know how many they are") {
  const TraceFolder folder;
  std::string lines;
  for (const int second : {100, 100, 100, 103, 104, 104})
    lines += std::to_string(second) + ",k,1,1,1,get,0\n";
  folder.write("t", lines);
  const auto requests = requests_of(replaying(folder, {R"("trace": "t", "format": "twitter")"}));
  REQUIRE(requests.size() == 6);
  const std::vector<std::array<std::uint64_t, 3>> wanted{{0, 0, 3}, {0, 1, 3}, {0, 2, 3},
                                                         {3, 0, 1}, {4, 0, 2}, {4, 1, 2}};
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(std::array{requests[i].second, requests[i].index, requests[i].count} == wanted[i]);
}

TEST_CASE("a run replays a trace: reads, writes, window, speed, and a note at its end") {
  const TraceFolder folder;
  std::string lines;
  for (int second = 0; second < 20; ++second)
    for (int i = 0; i < 10; ++i)
      lines += std::to_string(second) + ",k" + std::to_string(i) + ",1,1,1," +
               (i == 0 ? "set" : "get") + ",0\n";
  folder.write("t", lines);
  const auto run_of = [&](const std::string& more) {
    return run(replaying(folder, {R"("trace": "t", "format": "twitter")" + more}),
               {.replicates = 2});
  };
  const auto cut = metrics_in(run_of(""));
  CHECK(cut[Metric::reads] == 90);  // of the first ten seconds
  CHECK(cut[Metric::writes] == 10);
  const auto about_the_flow = [](const report::Result& result) {
    auto notes = result.notes;
    std::erase_if(notes, [](const std::string& note) { return !note.starts_with("a: "); });
    return notes;
  };
  CHECK(about_the_flow(run_of("")).empty());
  const auto window = metrics_in(run_of(R"(, "from": "2s", "to": "5s")"));
  CHECK(window[Metric::reads] == 27);
  const auto fast = run_of(R"(, "speed": 4)");
  CHECK(metrics_in(fast)[Metric::reads] == 180);
  REQUIRE(about_the_flow(fast).size() == 1);
  CHECK(about_the_flow(fast)[0] ==
        "a: the trace ends after 200 requests and 5 s, before its flow does");
  CHECK(metrics_in(run_of(R"(, "speed": 0.5)"))[Metric::reads] == 45);
}

TEST_CASE("every number of jobs replays the same", "[threads]") {
  const TraceFolder folder;
  std::string lines;
  for (int i = 0; i < 3000; ++i) lines += "k" + std::to_string(i * i % 97) + "\n";
  folder.write("t", lines);
  const auto scenario = replaying(folder, {R"("trace": "t", "rate": "400/s", "reads": 0.9)"});
  const auto alone = report::to_json(run(scenario, {.replicates = 4, .jobs = 1}));
  CHECK(alone == report::to_json(run(scenario, {.replicates = 4, .jobs = 3})));
}

TEST_CASE("a trace that breaks in mid-run ends the run, and the check sees its beginning",
          "[threads]") {
  const TraceFolder folder;
  std::string lines;
  for (int i = 0; i < 5000; ++i) lines += std::to_string(i / 1000) + ",k,1,1,1,get,0\n";
  folder.write("late", lines + "3,k,1,1,1,get,0\n");
  folder.write("early", "1,k,1,1,1,get,0\n0,k,1,1,1,get,0\n");
  const auto late = replaying(folder, {R"("trace": "late", "format": "twitter")"});
  CHECK(check_traces(late).empty());
  CHECK_THROWS_AS(run(late, {.replicates = 3, .jobs = 2}), BrokenTrace);
  const auto problems = check_traces(replaying(folder, {R"("trace": "early", "format": "twitter")",
                                                        R"("trace": "none")", R"("rate": "1/s")"}));
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].line == 2);
  CHECK(problems[1].kind == Problem::Kind::file);
  CHECK(problems[1].fact == "cannot be read: No such file or directory");
}

}  // namespace cacherace::harness
