#include "tests/cli/program.hpp"
#include "tests/support/root.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace cacherace::cli_test {
namespace {

namespace fs = std::filesystem;

constexpr int silence_max_ms = 60'000;

/// C strings of `texts`, with the null pointer that ends them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> environment(const std::vector<std::string>& added) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!std::string_view(*variable).starts_with("NO_COLOR=")) all.emplace_back(*variable);
  all.insert(all.end(), added.begin(), added.end());
  return all;
}

/// A file descriptor to read `input` from; it ends with the program.
int input_descriptor(const std::string& input) {
  if (input.empty()) return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  REQUIRE(std::fwrite(input.data(), 1, input.size(), file) == input.size());
  std::rewind(file);
  const int descriptor = ::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 0);
  std::fclose(file);
  return descriptor;
}

struct Channel {
  int ours = -1;
  int theirs = -1;
};

Channel open_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return {.ours = ends[0], .theirs = ends[1]};
}

Channel open_terminal() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (ours < 0) SKIP("this machine has no pseudo-terminals");
  REQUIRE(::grantpt(ours) == 0);
  REQUIRE(::unlockpt(ours) == 0);
  const int theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(theirs >= 0);
  return {.ours = ours, .theirs = theirs};
}

/// Appends what can be read; closes the descriptor at its end.
void drain(int& descriptor, std::string& text) {
  std::array<char, 4096> buffer{};
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
    return;
  }
  ::close(descriptor);  // a terminal without a program ends with an error
  descriptor = -1;
}

}  // namespace

std::string our_program() { return CACHERACE_PROGRAM; }

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "cacherace-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, std::string_view content) const {
  std::ofstream(path_ / name, std::ios::binary) << content;
}

std::string Folder::read(const std::string& name) const {
  std::ifstream file(path_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(path_)) all.push_back(entry.path().filename());
  std::ranges::sort(all);
  return all;
}

void Folder::take_scenario(const std::string& name) const {
  fs::copy_file(test::root() / "scenarios" / name, path_ / name);
}

Program::Program(const Folder& folder, const std::vector<std::string>& arguments,
                 const Setting& setting, const std::string& program) {
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto variables = environment(setting.environment);
  const int input = input_descriptor(setting.input);
  Channel out = setting.out_terminal ? open_terminal() : open_pipe();
  const Channel err = setting.terminal ? open_terminal() : open_pipe();
  if (!setting.out_path.empty()) {
    ::close(out.theirs);
    out.theirs = ::open(setting.out_path.c_str(), O_WRONLY | O_CLOEXEC);
  }

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.path().c_str());
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.theirs, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.theirs, STDERR_FILENO);
  const int error = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, pointers(words).data(),
                                  pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(input);
  ::close(out.theirs);
  ::close(err.theirs);
  out_ = out.ours;
  err_ = err.ours;
  REQUIRE(error == 0);
}

Program::~Program() {
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Program::read_some() {
  if (out_ < 0 && err_ < 0) return false;
  std::array<pollfd, 2> ready{pollfd{.fd = out_, .events = POLLIN, .revents = 0},
                              pollfd{.fd = err_, .events = POLLIN, .revents = 0}};
  if (::poll(ready.data(), ready.size(), silence_max_ms) <= 0) {
    ::kill(pid_, SIGKILL);
    FAIL("the program was silent for too long; it had said:\n" + outcome_.out + outcome_.err);
  }
  if (ready[0].revents != 0) drain(out_, outcome_.out);
  if (ready[1].revents != 0) drain(err_, outcome_.err);
  return true;
}

void Program::wait_for_progress(int percent) {
  const auto reached = [&] {
    const auto unit = outcome_.err.rfind(" % simulated");
    if (percent == 0) return outcome_.err.find('\r') != std::string::npos;
    if (unit == std::string::npos) return false;
    const auto from = outcome_.err.find_last_not_of("0123456789", unit - 1) + 1;
    return std::stoi(outcome_.err.substr(from, unit - from)) >= percent;
  };
  while (!reached())
    if (!read_some()) FAIL("ended before it showed that progress:\n" + outcome_.err);
}

void Program::wait_for(const std::string& text) {
  while (outcome_.err.find(text) == std::string::npos)
    if (!read_some()) FAIL("ended before it showed \"" + text + "\":\n" + outcome_.err);
}

void Program::send(int signal) { REQUIRE(::kill(pid_, signal) == 0); }

Outcome Program::finish() {
  while (read_some()) {
  }
  int status = 0;
  REQUIRE(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  outcome_.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return outcome_;
}

Outcome run(const Folder& folder, const std::vector<std::string>& arguments,
            const Setting& setting) {
  return Program(folder, arguments, setting).finish();
}

Outcome run_program(const Folder& folder, const std::string& program,
                    const std::vector<std::string>& arguments, const Setting& setting) {
  return Program(folder, arguments, setting, program).finish();
}

}  // namespace cacherace::cli_test
