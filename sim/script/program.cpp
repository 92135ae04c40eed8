#include "sim/script/program.hpp"

#include <algorithm>

#include "sim/script/host.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::script {

Problem problem_of(const ScriptError& error, const std::string& file) {
  return {.kind = Problem::Kind::meaning,
          .file = error.path.empty() ? file : error.path,
          .line = error.line,
          .fact = error.what(),
          .below = error.stack};
}

namespace {

bool mentions(const Program& program, std::string_view name) {
  return std::ranges::any_of(program.sources, [&](const Source& source) {
    return source.text.find(name) != std::string::npos;
  });
}

}  // namespace

const Operation* Program::operation(std::string_view name) const {
  const auto found = std::ranges::find(operations, name, &Operation::name);
  return found == operations.end() ? nullptr : &*found;
}

Result<Program> load_program(const std::string& file, const Setting& settings, const ReadFile& read,
                             const Environment& outside) {
  constexpr std::size_t files_max = 32;
  Program program{.sources = {}, .settings = settings, .operations = {}};
  const auto add = [&](const std::string& name) {
    const auto text = read(name);
    if (text) program.sources.push_back({.file = name, .text = *text});
    return text.has_value();
  };
  if (!add(file))
    return Problems{{.kind = Problem::Kind::file,
                     .file = file,
                     .fact = "cannot be read",
                     .fix = "name a Lua file beside the scenario"}};
  for (;;) {
    try {
      Host host(program, outside);
      program.operations = host.operations();
      break;
    } catch (const ScriptError& error) {
      const bool more = !error.missing.empty() && program.sources.size() < files_max;
      if (!more || !add(error.missing)) return Problems{problem_of(error, file)};
    }
  }
  program.has_on_message = program.operation("on_message") != nullptr;
  const bool locks = mentions(program, "memory") && mentions(program, "lock");
  program.waits = locks || mentions(program, "once");
  program.names_clients =
      program.waits || mentions(program, "unique") || mentions(program, "watch");
  program.remembers = mentions(program, "memory") || mentions(program, "once(");
  program.reads_several = mentions(program, "read_all");
  program.transactions = mentions(program, "transaction");
  if (program.operations.empty())
    return Problems{{.kind = Problem::Kind::meaning,
                     .file = file,
                     .fact = "the script has no global function, and so no operation",
                     .fix = "write function read(key) … end"}};
  return program;
}

}  // namespace cacherace::script
