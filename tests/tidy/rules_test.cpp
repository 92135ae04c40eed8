// The tidy rules catch planted faults, each with its exact remark, and leave their innocent
// neighbours alone.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tests/tidy/rules.hpp"

namespace cacherace::tidy {

namespace {

/// What all rules together say about one file; a header gets its first line for free.
Remarks remarks(const std::string& path, const std::string& text) {
  return all_remarks({{.path = path, .text = text}});
}

Remarks header(const std::string& path, const std::string& text) {
  return remarks(path, "#pragma once\n" + text);
}

const Remarks none;

}  // namespace

TEST_CASE("a layer includes only what the design grants it") {
  const std::string wait = "sim/judge/property/wait.cpp";
  CHECK(remarks(wait, "\n\n#include \"sim/world/world.hpp\"\n") ==
        Remarks{wait + ":3: judge/property may not include world"});
  CHECK(remarks("sim/search/dfs.cpp", "#include <sim/scenario/scenario.hpp>\n") ==
        Remarks{"sim/search/dfs.cpp:1: search may not include scenario"});
  CHECK(remarks("sim/core/units.cpp", "#include \"tests/tidy/rules.hpp\"\n") ==
        Remarks{"sim/core/units.cpp:1: core may not include tests/tidy"});
  CHECK(remarks("sim/cli/main.cpp", "#include \"sim/engine/clock/clock.hpp\"\n") ==
        Remarks{"sim/cli/main.cpp:1: cli may not include engine/clock"});
  CHECK(remarks("sim/harness/catalogue/a.cpp", "#include \"sim/harness/search/search.hpp\"\n") ==
        Remarks{"sim/harness/catalogue/a.cpp:1: "
                "harness/catalogue may not include harness/search"});
  CHECK(remarks("sim/world/a.cpp", "#include \"sim/scenario/decode/decode.hpp\"\n") ==
        Remarks{"sim/world/a.cpp:1: world may not include scenario/decode"});
  CHECK(remarks("tests/rules/model/a.cpp", "#include \"sim/world/cache.hpp\"\n") ==
        Remarks{"tests/rules/model/a.cpp:1: tests/rules/model may not include world"});
  CHECK(remarks("sim/core/a.cpp", "#include \"sim/stray.hpp\"\n") ==
        Remarks{"sim/core/a.cpp:1: core may not include sim/stray.hpp"});
  CHECK(remarks("sim/harness/attic/a.cpp", "") ==
        Remarks{"sim/harness/attic/a.cpp:1: belongs in the folder of a layer, like sim/core"});
  CHECK(remarks("sim/stray.cpp", "") ==
        Remarks{"sim/stray.cpp:1: belongs in the folder of a layer, like sim/core"});

  CHECK(remarks(wait, "#include \"sim/core/history.hpp\"\n") == none);
  CHECK(remarks(wait, "#include \"sim/judge/property/steps.hpp\"\n") == none);
  CHECK(remarks(wait, "// #include \"sim/world/world.hpp\"\n") == none);
  CHECK(remarks(wait, "auto s = R\"(\n#include \"sim/world/a.hpp\"\n)\";\n") == none);
  CHECK(remarks("sim/harness/bench/a.cpp", "#include \"sim/world/cache.hpp\"\n") == none);
  CHECK(remarks("tests/judge/a.cpp", "#include \"sim/world/cache.hpp\"\n") == none);
}

TEST_CASE("includes are written from the root") {
  CHECK(remarks("sim/core/a.cpp", "#include \"../core/units.hpp\"\n") ==
        Remarks{"sim/core/a.cpp:1: \"../core/units.hpp\": write includes from the root, "
                "as in \"sim/core/units.hpp\""});
  CHECK(remarks("tests/core/a.cpp", "#include \"units.hpp\"\n") ==
        Remarks{"tests/core/a.cpp:1: \"units.hpp\": write includes from the root, "
                "as in \"sim/core/units.hpp\""});

  CHECK(remarks("sim/core/a.cpp", "#include \"sim/core/units.hpp\"\n#include <vector>\n") == none);
}

TEST_CASE("a layer links only what the design grants it") {
  const std::string metric = "sim/judge/metric/CMakeLists.txt";
  CHECK(remarks(metric, "layer(judge_metric\n  LAYERS core\n    judge_property)\n") ==
        Remarks{metric + ":3: judge/metric may not link judge_property"});
  CHECK(remarks(metric, "layer(judge_metric LAYERS cores)\n") ==
        Remarks{metric + ":1: judge/metric may not link cores"});
  CHECK(
      remarks("sim/cli/CMakeLists.txt",
              "target_link_libraries(cacherace PRIVATE cacherace_core cacherace_engine_clock)\n") ==
      Remarks{"sim/cli/CMakeLists.txt:1: cli may not link engine_clock"});

  CHECK(remarks(metric, "layer(judge_metric LAYERS judge_statistics LIBRARIES fmt::fmt)\n") ==
        none);
  CHECK(remarks(metric, "layer(judge_metric LAYERS core # not world\n)\nworld()\n") == none);
}

TEST_CASE("chance comes from a Stream") {
  const std::string path = "sim/engine/a.cpp";
  const std::string says = " is banned here: use a Stream (sim/core/stream.hpp)";
  CHECK(remarks(path, "std::random_device device;") == Remarks{path + ":1: random_device" + says});
  CHECK(remarks(path, "std::mt19937_64 twister;") == Remarks{path + ":1: mt19937_64" + says});
  CHECK(remarks(path, "std::default_random_engine engine;") ==
        Remarks{path + ":1: default_random_engine" + says});
  CHECK(remarks(path, "std::uniform_int_distribution<int> die;") ==
        Remarks{path + ":1: uniform_int_distribution" + says});
  CHECK(remarks(path, "srand(1);\nreturn std::rand() % 6;") ==
        Remarks{path + ":1: srand" + says, path + ":2: rand" + says});

  CHECK(remarks(path, "boost::math::normal_distribution<> normal;") == none);
  CHECK(remarks(path, "stream.rand(); mine::rand(); operand(1); int rand = 1;") == none);
  CHECK(remarks(path, "say(\"std::mt19937\");  // std::mt19937\n/* rand() */") == none);
  CHECK(remarks(path, "auto n = 1'000'000; std::mt19937 m; auto x = 0xAB'CD'EF;") ==
        Remarks{path + ":1: mt19937" + says});
}

TEST_CASE("real time and the environment come from cli") {
  const std::string path = "sim/harness/a.cpp";
  const std::string says = " is banned here: use a value handed in by cli";
  CHECK(remarks(path, "std::chrono::steady_clock::now();") ==
        Remarks{path + ":1: steady_clock" + says});
  CHECK(remarks(path, "system_clock::now(); high_resolution_clock::now();") ==
        Remarks{path + ":1: system_clock" + says, path + ":1: high_resolution_clock" + says});
  CHECK(remarks(path, "const char* home = getenv(\"HOME\");") ==
        Remarks{path + ":1: getenv" + says});
  CHECK(remarks(path, "auto a = time(nullptr);\nauto b = std::time(&a);") ==
        Remarks{path + ":1: time" + says, path + ":2: time" + says});

  CHECK(remarks("sim/cli/clock.cpp", "std::chrono::steady_clock::now(); getenv(\"TERM\");") ==
        none);
  CHECK(remarks(path, "SimTime time(Step step); step.time(0); Step(SimTime t) : time(t) {}") ==
        none);
  CHECK(remarks(path, "step.runtime(nullptr); step->time(nullptr);") == none);
}

TEST_CASE("order never comes from a hash table") {
  CHECK(remarks("sim/world/a.cpp", "std::unordered_map<int, int> rows;") ==
        Remarks{"sim/world/a.cpp:1: unordered_map is banned here: "
                "use boost::unordered_flat_map with ordered iteration by id, or a vector"});
  CHECK(remarks("sim/world/a.cpp", "std::hash<int> h;") ==
        Remarks{"sim/world/a.cpp:1: hash is banned here: use Digest (sim/core/digest.hpp)"});

  CHECK(remarks("sim/world/a.cpp", "boost::unordered_flat_map<int, int> rows; row.hash();") ==
        none);
}

TEST_CASE("the simulated world is made of integers") {
  CHECK(remarks("sim/world/a.cpp", "const double share = 0.5;") ==
        Remarks{"sim/world/a.cpp:1: double is banned here: use integers"});
  CHECK(remarks("sim/search/a.cpp", "float f(std::vector<float> x);") ==
        Remarks{"sim/search/a.cpp:1: float is banned here: use integers",
                "sim/search/a.cpp:1: float is banned here: use integers"});

  CHECK(remarks("sim/judge/metric/a.cpp", "const double mean = 0.5;") == none);
  CHECK(remarks("sim/world/a.cpp", "void double_delete();  // a double delete") == none);
}

TEST_CASE("clients are stackless coroutines") {
  CHECK(remarks("sim/world/a.cpp", "co_return co_await reply;") ==
        Remarks{"sim/world/a.cpp:1: co_return is banned here: "
                "use a stackless coroutine (boost/asio/coroutine.hpp)",
                "sim/world/a.cpp:1: co_await is banned here: "
                "use a stackless coroutine (boost/asio/coroutine.hpp)"});

  CHECK(remarks("sim/world/a.cpp", "yield client.cache_get(key);") == none);
}

TEST_CASE("an exception states its reason") {
  CHECK(remarks("sim/world/a.cpp", "double x;  // tidy:\n") ==
        Remarks{"sim/world/a.cpp:1: an exception states its reason"});

  CHECK(remarks("sim/world/a.cpp", "double x;  // tidy: printed only, decides nothing\n") == none);
  CHECK(remarks("sim/world/a.cpp", "say(\"// tidy:\");\n") == none);
}

TEST_CASE("yield.hpp is undone at the end of the file") {
  const std::string yield = "#include <boost/asio/yield.hpp>\n";
  const std::string unyield = "#include <boost/asio/unyield.hpp>\n";
  const Remarks caught{
      "sim/world/a.cpp:2: undo it with boost/asio/unyield.hpp as the last line of the file"};
  CHECK(remarks("sim/world/a.cpp", "\n" + yield + "int x;\n") == caught);
  CHECK(remarks("sim/world/a.cpp", "\n" + yield + unyield + "int x;\n") == caught);

  CHECK(remarks("sim/world/a.cpp", yield + "int x;\n" + unyield + "// the end\n") == none);
  CHECK(remarks("sim/world/a.cpp", "#include <boost/asio/coroutine.hpp>\n") == none);
}

TEST_CASE("a header begins with #pragma once") {
  CHECK(remarks("sim/core/a.hpp", "// Units.\n#pragma once\n") ==
        Remarks{"sim/core/a.hpp:1: the first line of a header is #pragma once"});

  CHECK(remarks("sim/core/a.hpp", "#pragma once\n// Units.\n") == none);
  CHECK(remarks("sim/core/a.cpp", "// Units.\n") == none);
}

TEST_CASE("lines and files stay short") {
  CHECK(header("sim/core/a.hpp", "//" + std::string(99, 'x') + "\n") ==
        Remarks{"sim/core/a.hpp:2: 101 columns; break the line, 100 are the most"});
  std::string accents = "//";
  for (int i = 0; i < 98; ++i) accents += "é";
  CHECK(header("sim/core/a.hpp", accents + "\n") == none);

  std::string lines;
  for (int i = 0; i < 399; ++i) lines += "\n";
  CHECK(header("sim/core/a.hpp", lines) == none);
  CHECK(header("sim/core/a.hpp", lines + "\n") ==
        Remarks{"sim/core/a.hpp:401: 401 lines; split it into one file per concept, "
                "400 are the most"});
}

TEST_CASE("nothing is left unfinished") {
  CHECK(remarks("sim/core/a.cpp", "int x;  // TODO(me): y\n/* FIXME */\n") ==
        Remarks{"sim/core/a.cpp:1: TODO: finish it, or file an issue",
                "sim/core/a.cpp:2: FIXME: finish it, or file an issue"});
  CHECK(remarks("sim/core/CMakeLists.txt", "# XXX\n") ==
        Remarks{"sim/core/CMakeLists.txt:1: XXX: finish it, or file an issue"});

  CHECK(remarks("sim/core/a.cpp", "say(\"TODO\"); int TODOS;\n") == none);
}

TEST_CASE("an assertion of rapidcheck guards nothing on its right") {
  const Remarks caught{
      "sim/core/a.cpp:1: RC_ASSERT evaluates both sides of this; use an if, or parentheses"};
  CHECK(remarks("sim/core/a.cpp", "RC_ASSERT(i == 0 || at(i - 1) < at(i));\n") == caught);
  CHECK(remarks("sim/core/a.cpp", "RC_ASSERT((i == 0 || at(i - 1) < at(i)));\n") == none);
  CHECK(remarks("sim/core/a.cpp", "if (i > 0) RC_ASSERT(at(i - 1) < at(i));\n") == none);
}

TEST_CASE("sources are indented with blanks") {
  const Remarks caught{"sim/core/a.cpp:2: a tab: indent with blanks; in a literal, write \\t"};
  CHECK(remarks("sim/core/a.cpp", "{\n\tint x;\n}\n") == caught);

  CHECK(remarks("sim/core/a.cpp", "const char tab = '\\t';\n") == none);
}

TEST_CASE("users read plain English") {
  CHECK(remarks("sim/core/a.cpp", "say(\"all but for\");\n") ==
        Remarks{"sim/core/a.cpp:1: \"but for\" is hard to read: write except"});
  CHECK(remarks("sim/core/a.cpp", "\nsay(\"all but \"\n    \"for one\");\n") ==
        Remarks{"sim/core/a.cpp:2: \"but for\" is hard to read: write except"});
  CHECK(remarks("sim/core/a.cpp", "say(R\"(\"x\" has )\"\n    R\"(to be \"y\")\");\n") ==
        Remarks{"sim/core/a.cpp:1: \"has to be\" is hard to read: write must be"});
  CHECK(remarks("docs/a.md", "# A page\n\n- Whoever reads this, all but\n  for one\n") ==
        Remarks{"docs/a.md:3: \"but for\" is hard to read: write except",
                "docs/a.md:3: \"whoever\" is hard to read: write the client that"});

  CHECK(remarks("sim/core/a.cpp", "// All but for one.\nint x;\n") == none);
  CHECK(remarks("sim/core/a.cpp", "say(\"all but\", \"for one\", 'a');\n") == none);
  CHECK(remarks("sim/core/a.cpp", "say(\"all but fortunate\", R\"(became to)\");\n") == none);
  CHECK(remarks("tests/core/a.cpp", "say(\"all but for one\");\n") == none);
  CHECK(remarks("docs/a.md", std::string(500, '\n') + std::string(200, 'x') + "\n") == none);
}

TEST_CASE("a name stands in one folder of the program") {
  const Source first{.path = "sim/core/digest.hpp", .text = "#pragma once\n"};
  CHECK(all_remarks({first, {.path = "sim/world/digest.cpp", .text = ""}}) ==
        Remarks{"sim/world/digest.cpp:1: digest is also in sim/core: say what this one is about"});

  CHECK(all_remarks({first, {.path = "sim/core/digest.cpp", .text = ""}}) == none);
  CHECK(all_remarks({first, {.path = "tests/core/digest.cpp", .text = ""}}) == none);
  CHECK(all_remarks({{.path = "sim/world/CMakeLists.txt", .text = ""},
                     {.path = "sim/core/CMakeLists.txt", .text = ""}}) == none);
}

TEST_CASE("a function of one source is no overload in another") {
  const Source one{.path = "tests/a/b/one.cpp",
                   .text = "namespace {\n\nint f(int x) {\n  return x;\n}\n\n}  // namespace\n"};
  const Source two{.path = "tests/a/two.cpp", .text = "static int f(long x) { return 0; }\n"};
  const Source cmake{.path = "tests/a/CMakeLists.txt",
                     .text = "suite(a SOURCES b/one.cpp two.cpp)\n"};
  CHECK(
      all_remarks({one, cmake, two}) ==
      Remarks{"tests/a/two.cpp:1: f is also a function of tests/a/b/one.cpp, compiled in one unit "
              "with this: rename one, or set one apart()"});

  Source apart = cmake;
  apart.text += "apart(other.cpp\n      b/one.cpp)\n";
  CHECK(all_remarks({one, apart, two}) == none);
  const Source in_b{.path = "tests/a/b/CMakeLists.txt", .text = ""};
  CHECK(all_remarks({one, in_b, cmake, two}) == none);
  CHECK(all_remarks(
            {one, cmake, {.path = "tests/a/two.cpp", .text = "int x = f(1);\nint g() {\n"}}) ==
        none);
}

TEST_CASE("CLI11 is included in one file only") {
  const Source first{.path = "sim/cli/arguments.cpp", .text = "#include <CLI/CLI.hpp>\n"};
  const Source second{.path = "sim/cli/main.cpp", .text = "\n#include <CLI/App.hpp>\n"};
  CHECK(all_remarks({first, second}) ==
        Remarks{"sim/cli/main.cpp:2: CLI11 is included in one file only: sim/cli/arguments.cpp"});

  CHECK(all_remarks({first}) == none);
  CHECK(all_remarks({{.path = "sim/cli/a.cpp",
                      .text = "#include <CLI/A.hpp>\n#include <CLI/B.hpp>"}}) == none);
}

}  // namespace cacherace::tidy
