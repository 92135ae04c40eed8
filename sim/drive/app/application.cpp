#include "sim/drive/app/application.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>

#include "sim/core/utf8.hpp"
#include "sim/live/trouble.hpp"

namespace cacherace::drive {

using live::trouble;

namespace {

int free_port(boost::asio::io_context& io) {
  const boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

std::string with_servers(std::string text, const Servers& servers, int port) {
  replace_all(text, "$redis_port", std::to_string(servers.redis_port));
  replace_all(text, "$postgres_port", std::to_string(servers.postgres_port));
  replace_all(text, "$redis", servers.redis_url);
  replace_all(text, "$postgres", servers.postgres_url);
  replace_all(text, "$port", std::to_string(port));
  return text;
}

Result<Application> Application::start(Loop& loop, const DriveFile& file, const Servers& servers) {
  Application out;
  out.port_ = file.app.port != 0 ? file.app.port : free_port(loop.io);
  live::Command command;
  command.words = {"/bin/sh", "-c", with_servers(file.app.command, servers, out.port_)};
  command.environment = {fmt::format("PORT={}", out.port_), "REDIS_URL=" + servers.redis_url,
                         "DATABASE_URL=" + servers.postgres_url};
  for (const auto& [name, value] : file.app.env)
    command.environment.push_back(name + "=" + with_servers(value, servers, out.port_));
  command.folder = file.folder;
  command.output = out.folder_.path() / "output";
  command.remove = out.folder_.path();
  command.patience = std::chrono::milliseconds(1'000);
  auto process = live::Kept::start(command);
  if (!process) return process.error();
  out.process_ = std::make_unique<live::Kept>(std::move(*process));
  out.threads_ = std::make_unique<Threads>(out.process_->session());

  const auto end = Clock::now() + file.app.ready_within;
  HttpResponse last;
  while (Clock::now() < end) {
    bool done = false;
    const HttpCall call(loop, out.port_, {"GET", file.app.ready, "", {}},
                        [&](const HttpResponse& response) {
                          last = response;
                          done = true;
                        });
    loop.run_until([&] { return done; }, std::chrono::seconds(2));
    if (done && last.status >= 200 && last.status < 400) {
      out.threads_->find();
      return out;
    }
    if (!out.process_->runs()) {
      const std::string said = out.said();
      return trouble(fmt::format("the application has ended before it was ready{}",
                                 said.empty() ? "" : ": " + said),
                     "run its command by hand, in the folder of the file");
    }
    loop.run_until([] { return false; }, std::chrono::milliseconds(20));
  }
  return trouble(
      fmt::format("the application is not ready after {} ms: GET {} on port {} {}",
                  file.app.ready_within.count(), file.app.ready, out.port_,
                  last.status != 0 ? fmt::format("answers {}", last.status)
                                   : "does not answer: " + last.trouble),
      "see that it listens on $port, and that \"ready\" is a path that it answers with 200");
}

void Application::kill() {
  threads_->find();
  threads_->kill();
}

std::string Application::said() const {
  std::string out;
  const std::string tail = live::tail_of(folder_.path() / "output", 8);
  for (std::size_t at = 0; at < tail.size();) {
    const std::size_t end = std::min(tail.find('\n', at), tail.size());
    if (end > at) out += (out.empty() ? "" : " | ") + printable(tail.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace cacherace::drive
