// search: verdicts, what the exit code makes of them, and what goes where.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.hpp"
#include "tests/cli/told.hpp"
#include "tests/cli/validation.hpp"
#include "tests/support/build.hpp"

namespace cacherace::cli_test {
namespace {

constexpr const char* stale = "stale-repopulate.json";
constexpr const char* escape = "\x1b[";

Folder& with_scenario(Folder& folder) {
  folder.take_scenario(stale);
  return folder;
}

/// A race of one reader and one writer that expects `verdict` of no-stale-residue.
std::string race_expecting(const std::string& verdict) {
  const std::string expect =
      verdict.empty() ? "" : R"(, "expect": {"*": {"no-stale-residue": ")" + verdict + R"("}})";
  return R"({"title": "Race", "strategies": {"cache-aside": {}}, "race": {"clients": [
    {"name": "reader", "do": ["read k"]}, {"name": "writer", "do": ["write k"]}]})" +
         expect + "}";
}

}  // namespace

TEST_CASE("counting stale-repopulate gives 10 schedules, of which 1 violates") {
  Folder folder;
  const auto outcome = run(with_scenario(folder), {"search", stale, "--count", "--format", "json"});
  CHECK(outcome.exit_code == 0);
  CHECK(faults("result", outcome.out) == "");
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK(json["complete"] == true);
  const auto& strategy = json["results"][0];
  CHECK(strategy["strategy"] == "cache-aside");
  const auto& property = strategy["properties"][0];
  CHECK(property["name"] == "no-stale-residue");
  CHECK_VERDICT((Told{folder, "search", stale, property}), Verdict::violated);
  CHECK(property["schedules"] == 10);
  CHECK(property["violating"] == 1);
  CHECK(property["exhausted"] == true);
}

TEST_CASE("the exit code says whether what was expected was found") {
  const Folder folder;
  folder.write("met.json", race_expecting("violated"));
  folder.write("unmet.json", race_expecting("proven"));
  folder.write("unexpected.json", race_expecting(""));
  CHECK(run(folder, {"search", "met.json"}).exit_code == 0);
  const auto unmet = run(folder, {"search", "unmet.json"});
  CHECK(unmet.exit_code == 1);
  CHECK(unmet.out.find("NOT MET  cache-aside  no-stale-residue  expected proven  found violated") !=
        std::string::npos);
  CHECK(run(folder, {"search", "unexpected.json"}).exit_code == 1);

  CHECK(run(folder, {"search", "met.json", "--expect", "proven"}).exit_code == 1);
  CHECK(run(folder, {"search", "met.json", "--expect", "violated"}).exit_code == 0);
  CHECK(run(folder, {"search", "unmet.json", "--expect", "violated"}).exit_code == 0);
  CHECK(run(folder,
            {"search", "unexpected.json", "--property", "no-stale-residue", "--expect", "violated"})
            .exit_code == 0);
}

TEST_CASE("a search recognises states, unless told not to") {
  Folder folder;
  with_scenario(folder);
  const auto first_property = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"search", stale, "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto outcome = run(folder, arguments);
    CHECK(outcome.exit_code == 0);
    CHECK(faults("result", outcome.out) == "");
    return nlohmann::json::parse(outcome.out)["results"][0]["properties"][0];
  };
  const auto all = first_property({});
  CHECK(all["reduction"] == "all");
  CHECK(all["states"] == 17);
  CHECK_FALSE(all.contains("schedules"));
  CHECK(first_property({"--reduction", "states"})["reduction"] == "states");
  const auto none = first_property({"--reduction", "none"});
  CHECK(none["reduction"] == "none");
  CHECK_FALSE(none.contains("states"));
  CHECK_FALSE(none.contains("violating"));
  CHECK(run(folder, {"search", stale, "--reduction", "all", "--count"}).exit_code == 2);
}

TEST_CASE("a sample of executions is drawn from the seed") {
  Folder folder;
  with_scenario(folder);
  for (const std::string mode : {"random", "pct"}) {
    const auto drawn = [&](const std::string& seed) {
      const auto outcome = run(folder, {"search", stale, "--mode", mode, "--schedules", "500",
                                        "--seed", seed, "--format", "json"});
      CHECK(faults("result", outcome.out) == "");
      return nlohmann::json::parse(outcome.out)["results"][0]["properties"][0];
    };
    const auto first = drawn("1");
    CHECK(first["mode"] == mode);
    CHECK(first["executions"] == 500);
    CHECK_VERDICT((Told{folder, "search", stale, first}), Verdict::violated);
    CHECK(drawn("1") == first);
    CHECK(drawn("2")["violating"] != first["violating"]);
    CHECK(run(folder, {"search", stale, "--mode", mode, "--count"}).exit_code == 2);
  }
}

TEST_CASE("a budget that ends first is inconclusive where a conclusion was demanded") {
  Folder folder;
  with_scenario(folder);
  const auto outcome =
      run(folder, {"search", stale, "--reduction", "none", "--schedules", "5", "--require-proof"});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.find("clean so far  5 schedules, not all") != std::string::npos);
  CHECK(run(folder, {"search", stale, "--states", "1"}).exit_code == 3);
  for (const std::vector<std::string>& budget :
       {std::vector<std::string>{"--states", "1"}, {"--memory", "1kb"}, {"--time-limit", "1ns"}}) {
    const auto code = [&](std::vector<std::string> more) {
      std::vector<std::string> arguments{"search", stale, "--property", "monotonic-reads"};
      arguments.insert(arguments.end(), budget.begin(), budget.end());
      arguments.insert(arguments.end(), more.begin(), more.end());
      return run(folder, arguments).exit_code;
    };
    CHECK(code({}) == 0);
    CHECK(code({"--require-proof"}) == 3);
    CHECK(code({"--expect", "proven"}) == 3);
  }
}

TEST_CASE("a budget that is nothing, or nonsense, is refused") {
  Folder folder;
  with_scenario(folder);
  const std::string flags[] = {"--states", "--schedules", "--steps",     "--depth",
                               "--jobs",   "--memory",    "--time-limit"};
  for (const std::string& flag : flags)
    for (const std::string value :
         {"0", "-1", "lots", "", "1e3", "18446744073709551616", "0s", "0mb"}) {
      const auto outcome = run(folder, {"search", stale, flag, value});
      CAPTURE(flag, value, outcome.err);
      CHECK(outcome.exit_code == 2);
      CHECK(outcome.out.empty());
      CHECK(outcome.err.find(flag + ": expected ") != std::string::npos);
    }
}

TEST_CASE("a race of too many clients is refused, and the largest ones keep to their budgets") {
  const Folder folder;
  const auto race_of = [](int names, int count, const std::string& operations) {
    std::string clients;
    for (int i = 0; i < names; ++i)
      clients += std::string(i > 0 ? "," : "") + R"({"name": "c)" + std::to_string(i) +
                 R"(", "count": )" + std::to_string(count) + R"(, "do": [)" + operations + "]}";
    return R"({"race": {"clients": [)" + clients + "]}}";
  };
  folder.write("many.json", race_of(64, 64, R"("read k")"));
  const auto refused = run(folder, {"search", "many.json"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err ==
        "many.json:1:22 /race/clients: the race has 4096 clients, more than a state can keep; use "
        "at most 256\n");
  folder.write("long.json", race_of(64, 1, R"("read k", "write k", "read j", "write j")"));
  const auto searched = run(folder, {"search", "long.json", "--property", "no-dirty-reads",
                                     "--states", test::fast ? "20000" : "2000", "--require-proof"});
  CHECK(searched.exit_code == 3);
  CHECK(searched.out.find("clean so far") != std::string::npos);
}

TEST_CASE("a budget that is no quantity is refused with an example") {
  Folder folder;
  with_scenario(folder);
  const auto size = run(folder, {"search", stale, "--memory", "4"});
  CHECK(size.exit_code == 2);
  CHECK(size.err.find("expected something like 512mb, found \"4\"") != std::string::npos);
  const auto none = run(folder, {"search", stale, "--time-limit", "0s"});
  CHECK(none.exit_code == 2);
  CHECK(none.err.starts_with("--time-limit: expected something like 30s, found \"0s\""));
}

TEST_CASE("the result goes to stdout and everything else to stderr") {
  Folder folder;
  with_scenario(folder);
  const auto chatty = run(folder, {"search", stale});
  CHECK(chatty.out.starts_with("Stale repopulate\n"));
  CHECK(chatty.err ==
        "\nTo keep and replay it:\n  cacherace search stale-repopulate.json --save race.json\n"
        "  cacherace replay race.json --step\n");
  const auto quiet = run(folder, {"search", stale, "--quiet"});
  CHECK(quiet.out == chatty.out);
  CHECK(quiet.err.empty());
  CHECK(run(folder, {"search", stale, "--format", "json"}).err.empty());
}

TEST_CASE("a scenario comes from stdin when its name is a dash") {
  Folder folder;
  with_scenario(folder);
  const auto from_file = run(folder, {"search", stale, "-q"});
  const auto from_stdin = run(folder, {"search", "-", "-q"}, {.input = folder.read(stale)});
  CHECK(from_stdin.exit_code == 0);
  CHECK(from_stdin.out == from_file.out);
  const auto broken = run(folder, {"search", "-"}, {.input = "{\"bogus\": 1}"});
  CHECK(broken.exit_code == 2);
  CHECK(broken.err.starts_with("stdin:1:2 /bogus: unknown key \"bogus\""));
}

TEST_CASE("colours are there when asked for, and otherwise only on a terminal") {
  Folder folder;
  with_scenario(folder);
  const auto colored = [&](std::vector<std::string> more, std::vector<std::string> environment) {
    std::vector<std::string> arguments{"search", stale};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto outcome = run(folder, arguments, {.environment = std::move(environment)});
    CHECK(outcome.exit_code == 0);
    return outcome.out.find(escape) != std::string::npos;
  };
  CHECK(colored({"--color", "always"}, {}));
  CHECK(colored({"--color", "always"}, {"NO_COLOR=1"}));
  CHECK_FALSE(colored({"--color", "never"}, {}));
  CHECK_FALSE(colored({}, {}));
  CHECK_FALSE(colored({}, {"NO_COLOR=1"}));
  CHECK_FALSE(colored({"--color", "always", "--format", "json"}, {}));
}

TEST_CASE("a file name that is no text does not break JSON") {
  const Folder folder;
  folder.write("\xff.json", R"({"race": {"clients": [{"name": "r", "do": ["read k"]}]}})");
  const auto outcome = run(folder, {"search", "\xff.json", "--format", "json"});
  CHECK(outcome.exit_code == 0);
  CHECK(faults("result", outcome.out) == "");
}

}  // namespace cacherace::cli_test
