#pragma once
// The process around a command: what it starts with, and what becomes of an exception.

namespace cacherace::cli {

/// Whatever a shell leaves closed or broken ends in a message and not in a signal: descriptors 0 to
/// 2 are open, a pipe that nobody reads and a file that may not grow are errors of writing, and an
/// exception that nothing catches is reported. Before all else, once.
void prepare_process();

/// Says on stderr what the exception that is being handled means, and returns its exit code:
/// trouble with a trace as fail() does, too little memory or no thread 71, and anything else 70,
/// for it is a bug of ours. The one place where exceptions become exit codes.
int report_exception() noexcept;

}  // namespace cacherace::cli
