#include "sim/cli/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/terminal.hpp"
#include "sim/core/assert.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/trace/broken_run.hpp"
#include "sim/script/script_error.hpp"

namespace cacherace::cli {
namespace {

int out_of_memory() {
  tell("cacherace: out of memory; use fewer keys or clients, a smaller budget, or fewer --jobs\n");
  return exit_resources;
}

int our_bug(const char* says) {
  tell(fmt::format("cacherace: internal error, please report it: {}\n", printable(says)));
  return exit_bug;
}

[[noreturn]] void on_terminate() { std::_Exit(report_exception()); }

// A file that is opened later would get the number, and what is meant for a stream would end there.
// Each is opened for what is not done with it, so that using it fails.
void keep_open(int descriptor) {
  if (::fcntl(descriptor, F_GETFD) >= 0) return;
  const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  if (opened >= 0 && opened != descriptor) ::close(opened);
}

}  // namespace

void prepare_process() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) keep_open(descriptor);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(on_terminate);
}

int report_exception() noexcept {
  try {
    if (!std::current_exception()) return our_bug("terminated");
    throw;
  } catch (const harness::BrokenRun& broken) {
    return fail(Problems{broken.problem});
  } catch (const script::ScriptError& error) {
    return fail(Problems{script::problem_of(error)});
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  } catch (const std::length_error&) {  // more than any memory could hold
    return out_of_memory();
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) return our_bug(error.what());
    tell("cacherace: the system refuses to start another thread; use fewer --jobs\n");
    return exit_resources;
  } catch (const std::exception& error) {
    return our_bug(error.what());
  } catch (...) {
    return our_bug("an exception of unknown type");
  }
}

}  // namespace cacherace::cli
