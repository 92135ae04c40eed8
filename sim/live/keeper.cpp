#include "sim/live/keeper.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <system_error>
#include <utility>

#include "sim/core/stop_point.hpp"
#include "sim/live/trouble.hpp"

extern char** environ;

namespace cacherace::live {
namespace {

// Runs the process until it ends or the keeper's input does; then everything in this session ends.
constexpr const char* keeper_script = R"(
output=$1 remove=$2 patience=$3; shift 3
stop() {
  trap '' USR1 TERM INT HUP
  kill -TERM 0
  tries=0
  while kill -0 "$process" 2>/dev/null && [ "$tries" -lt "$patience" ]; do
    sleep 0.02; tries=$((tries + 1))
  done
  [ -z "$remove" ] || rm -rf -- "$remove"
  kill -KILL 0
}
exec 3<&0
"$@" </dev/null >>"$output" 2>&1 3<&- &
process=$!
trap stop USR1
{ read -r _ <&3; kill -USR1 $$; } &
wait "$process"
remove=  # what it has printed may still be read
stop
)";

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string text = (std::filesystem::temp_directory_path() / "cacherace-XXXXXX").string();
  if (::mkdtemp(text.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), "no temporary folder " + text);
  path_ = text;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<Kept> Kept::start(const Command& command) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "no pipe");
  // In the shell's own terms, so that the keeper itself stays where it is.
  std::vector<std::string> words{
      "/bin/sh",
      "-c",
      keeper_script,
      "cacherace-keeper",
      command.output.empty() ? "/dev/null" : std::filesystem::absolute(command.output).string(),
      command.remove.string(),
      std::to_string(command.patience.count() / 20)};
  words.insert(words.end(), command.words.begin(), command.words.end());
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  for (const std::string& entry : command.environment) {
    const std::string name = entry.substr(0, entry.find('=') + 1);
    std::erase_if(environment, [&](const std::string& other) { return other.starts_with(name); });
    environment.push_back(entry);
  }
  std::vector<char*> arguments, variables;
  for (std::string& word : words) arguments.push_back(word.data());
  for (std::string& entry : environment) variables.push_back(entry.data());
  arguments.push_back(nullptr);
  variables.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[0], 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  if (!command.folder.empty())
    posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) sigaddset(&defaults, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t keeper = -1;
  const int failed =
      ::posix_spawn(&keeper, "/bin/sh", &actions, &attributes, arguments.data(), variables.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[0]);
  if (failed != 0) {
    ::close(pipe[1]);
    return trouble(
        fmt::format("\"{}\" cannot be started: {}", command.words.at(0), std::strerror(failed)));
  }
  return Kept(keeper, pipe[1]);
}

Kept::Kept(Kept&& other) noexcept
    : keeper_(std::exchange(other.keeper_, -1)), pipe_(std::exchange(other.pipe_, -1)) {}

Kept& Kept::operator=(Kept&& other) noexcept {
  std::swap(keeper_, other.keeper_);
  std::swap(pipe_, other.pipe_);
  return *this;
}

Kept::~Kept() { end(); }

bool Kept::runs() {
  if (keeper_ < 0) return false;
  int status = 0;
  if (::waitpid(keeper_, &status, WNOHANG) != keeper_) return true;
  keeper_ = -1;
  return false;
}

void Kept::end() {
  if (pipe_ >= 0) ::close(std::exchange(pipe_, -1));
  if (keeper_ < 0) return;
  int status = 0;
  while (::waitpid(keeper_, &status, 0) < 0 && errno == EINTR) {
  }
  keeper_ = -1;
}

Result<int> run(Command command, const std::function<bool()>& turn) {
  const TemporaryFolder folder;
  const std::filesystem::path code = folder.path() / "code";
  // Renamed, so that it is there whole or not at all.
  command.words.insert(
      command.words.begin(),
      {"/bin/sh", "-c", R"("$@"; echo $? >"$0.new"; mv "$0.new" "$0")", code.string()});
  auto process = Kept::start(command);
  if (!process) return process.error();
  while (process->runs())
    if (!turn()) throw Stopped{};
  int out = -1;
  std::ifstream in(code);
  if (!(in >> out))
    return trouble(fmt::format("\"{}\" was ended before its end", command.words.back()));
  return Result<int>(boost::system::in_place_value, out);
}

std::filesystem::path find_program(const std::string& name,
                                   const std::vector<std::filesystem::path>& folders) {
  std::vector<std::filesystem::path> all;
  const char* path = std::getenv("PATH");
  const std::string text = path == nullptr ? "" : path;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    if (end > at) all.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  all.insert(all.end(), folders.begin(), folders.end());
  for (const auto& folder : all)
    if (::access((folder / name).c_str(), X_OK) == 0 &&
        !std::filesystem::is_directory(folder / name))
      return folder / name;
  return {};
}

std::string tail_of(const std::filesystem::path& file, std::size_t lines) {
  std::ifstream in(file);
  std::deque<std::string> last;
  for (std::string line; std::getline(in, line);) {
    last.push_back(line);
    if (last.size() > lines) last.pop_front();
  }
  std::string out;
  for (const std::string& line : last) out += (out.empty() ? "" : "\n") + line;
  return out;
}

}  // namespace cacherace::live
