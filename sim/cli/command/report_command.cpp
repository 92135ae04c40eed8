#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/files.hpp"
#include "sim/report/read/read_result.hpp"

namespace cacherace::cli {
namespace {

struct ReportArguments {
  std::string file;
  Output output;
};

int report_command(const ReportArguments& arguments) {
  const auto text =
      read_file(arguments.file, {.what = "a result", .bytes_max = report::result_bytes_max});
  if (!text) return fail(text.error());
  const auto result = report::read_result(*text, arguments.file == "-" ? "stdin" : arguments.file);
  if (!result) return fail(result.error());
  if (const auto may = may_deliver(arguments.output, files_read(arguments.file, "")); !may)
    return fail(may.error());
  const auto delivered = deliver(*result, arguments.output);
  return delivered ? exit_met : fail(delivered.error());
}

}  // namespace

void add_report(CommandLine& line) {
  const auto arguments = std::make_shared<ReportArguments>();
  auto report = line.add("report", "Convert a result that was saved as JSON to another format",
                         [arguments] { return report_command(*arguments); });
  report.argument("FILE", arguments->file, "result of --format json, or - for stdin");
  add_result_output(report, arguments->output);
  report.examples({"cacherace report run.json", "cacherace report search.json --format markdown",
                   "cacherace compare my.json --format json | cacherace report - -o junit.xml"});
  report.exit_codes("0 written, 2 usage or bad result, 74 file trouble.");
}

}  // namespace cacherace::cli
