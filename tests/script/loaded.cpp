#include "tests/script/loaded.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <stdexcept>

#include "sim/script/script_error.hpp"
#include "tests/script/fake_server.hpp"

namespace cacherace::test {

namespace {

std::optional<Duration> duration_of(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  if (digits == text.npos || digits == 0) return std::nullopt;
  const auto unit = text.substr(digits);
  if (unit == "s") return std::chrono::seconds(count);
  if (unit == "ms") return std::chrono::milliseconds(count);
  return std::nullopt;
}

}  // namespace

script::Environment outside() {
  return {.name_of_row = FakeServer::name_of_row, .duration_of = duration_of};
}

Result<script::Program> load(const std::string& text, const std::vector<script::Source>& more) {
  return script::load_program(
      "cache.lua", {},
      [&](const std::string& file) -> std::optional<std::string> {
        if (file == "cache.lua") return text;
        const auto found = std::ranges::find(more, file, &script::Source::file);
        return found == more.end() ? std::nullopt : std::optional(found->text);
      },
      outside());
}

script::Program program_of(const std::string& text) {
  auto program = load(text);
  if (!program) throw std::runtime_error(to_text(program.error().front()) + "\n" + text);
  return *program;
}

std::string in_read(const std::string& body) { return "function read(key)\n" + body + "\nend"; }

Alone alone(const std::string& text, const std::string& operation, int lost) {
  const auto program = program_of(text);
  script::Host host(program, outside());
  FakeServer server(host.values());
  Alone out;
  struct Client {
    script::Host::Run run;
    std::uint32_t self;
    bool first;
  };
  const Value key[] = {host.values().text("k1")};
  std::deque<Client> clients{{host.begin(operation, key, 1), 1, true}};
  int asked = 0;
  std::uint32_t selves = 1;
  try {
    for (; !clients.empty(); clients.pop_front()) {
      const auto [run, self, first] = clients.front();
      const script::Turn* turn = &host.resume(run, {});
      for (;;) {
        out.notes.insert(out.notes.end(), turn->notes.begin(), turn->notes.end());
        for (const auto& each : turn->broken) out.broken.push_back(each.text);
        for (const auto& each : turn->spawned)
          clients.push_back({host.begin_spawned(each.what, ++selves), selves, false});
        if (turn->over) break;
        const script::Request request = turn->request;
        out.requests += request.shown + ";";
        if (!server.ready(request, self)) {
          out.returned = "waits";
          return out;
        }
        auto answers = server.answer(request, self);
        if (request.call == script::Call::choose) answers = {Value::integer(request.outcomes)};
        if (asked++ == lost)
          turn = &host.resume(run, std::nullopt);
        else
          turn = &host.resume(run, std::span<const Value>(answers));
      }
      if (first) out.returned = turn->failed ? "failed" : shown(host.values(), turn->returned);
      host.end(run);
      host.check_shared();
    }
  } catch (const script::ScriptError& error) {
    out.returned = "error " + std::to_string(error.line) + ": " + error.what();
  }
  out.server = server.shown();
  return out;
}

std::string returns(const std::string& body) { return alone(in_read(body)).returned; }

}  // namespace cacherace::test
