#include <fmt/format.h>

#include <filesystem>

#include "sim/cli/command/commands.hpp"
#include "sim/cli/options/common.hpp"
#include "sim/cli/options/exit_codes.hpp"
#include "sim/cli/system/files.hpp"
#include "sim/core/utf8.hpp"
#include "sim/harness/catalogue/presets.hpp"
#include "sim/harness/input/scenario_file.hpp"

namespace cacherace::cli {
namespace {

constexpr const char* default_preset = "cache-aside";

struct InitArguments {
  std::string name = default_preset;
  std::string folder;  // "": one of the preset's name
  bool list = false;
  bool app = false;  // a file for `drive` instead of a preset
  bool force = false;
};

int list_presets() {
  std::string text;
  for (const auto& preset : harness::presets())
    text += fmt::format("{:<26}{}\n", preset.name, preset.title());
  return print(text);
}

constexpr const char* drive_template = R"json({
  // What `cacherace drive` starts, and which requests it sends; see docs/drive.md.
  "title": "User profile",
  "app": {
    // Runs in the folder of this file. $port is a free one; $redis and $postgres are URLs.
    "command": "node server.js",
    "env": { "PORT": "$port", "REDIS_URL": "$redis", "DATABASE_URL": "$postgres" },
    "ready": "/health"
  },
  // Started for this alone, and gone afterwards. Or an address: "redis://127.0.0.1:6379/5".
  "redis": "embedded",
  "postgres": { "server": "embedded", "schema": "schema.sql" },
  // Before each execution. The cache is emptied as well.
  "reset": { "sql": "TRUNCATE users; INSERT INTO users VALUES (7, 'v1')" },
  "requests": {
    "reader": { "get": "/users/7" },
    "writer": { "put": "/users/7", "json": { "name": "v2" } }
  }
  // "faults": { "evict": 1, "drop": 1 },
  // "expect": { "no-stale-residue": "exhausted" }
}
)json";

int write_drive_file(const InitArguments& arguments) {
  // The only word is the folder here.
  const std::string folder = !arguments.folder.empty()          ? arguments.folder
                             : arguments.name != default_preset ? arguments.name
                                                                : ".";
  const std::string path = (std::filesystem::path(folder) / "drive.json").string();
  if (const auto may = may_make_folder(folder); !may) return fail(may.error());
  if (const auto made = make_folder(folder); !made) return fail(made.error());
  if (const auto written = write_file(path, drive_template, arguments.force); !written)
    return fail(written.error());
  const std::string shown = printable(path);
  return print(
      fmt::format("{}: change its command, schema and requests, then run\n\n"
                  "  cacherace drive {} --record\n  cacherace drive {}\n",
                  shown, shown, shown));
}

// All files or none: what is there already is seen before the first one is written.
int write_preset(const harness::Preset& preset, const InitArguments& arguments) {
  const std::string folder = arguments.folder.empty() ? std::string(preset.name) : arguments.folder;
  const auto path_of = [&](std::string_view file) {
    return (std::filesystem::path(folder) / file).string();
  };
  if (const auto may = may_make_folder(folder); !may) return fail(may.error());
  std::error_code trouble;
  if (std::filesystem::exists(folder, trouble))
    for (const auto& file : preset.files)
      if (const auto may = may_write(path_of(file.name), arguments.force); !may)
        return fail(may.error());
  if (const auto made = make_folder(folder); !made) return fail(made.error());
  for (const auto& file : preset.files)
    if (const auto written =
            write_file(path_of(file.name), std::string(file.text), arguments.force);
        !written)
      return fail(written.error());
  const std::string shown = printable(folder);
  return print(
      fmt::format("{}: {}\n\n"
                  "  cacherace check {}\n"
                  "  cacherace search {}/scenario.json\n"
                  "  cacherace compare {}/scenario.json -o report.html\n\n"
                  "Change {}/{}.lua to what your own code does; {}/README.md says how.\n",
                  shown, preset.title(), shown, shown, shown, shown, preset.name, shown));
}

int init_command(const InitArguments& arguments) {
  if (arguments.list) return list_presets();
  if (arguments.app) return write_drive_file(arguments);
  if (const auto* preset = harness::preset(arguments.name)) return write_preset(*preset, arguments);
  std::vector<std::string> names;
  for (const auto& preset : harness::presets()) names.emplace_back(preset.name);
  return fail(
      fmt::format("unknown preset \"{}\"; {}", arguments.name,
                  harness::did_you_mean(arguments.name, names, "see: cacherace init --list")));
}

}  // namespace

void add_init(CommandLine& line) {
  const auto arguments = std::make_shared<InitArguments>();
  auto init = line.add("init",
                       "Write a folder to start from: a scenario whose strategy is a script that "
                       "does what a well-known library does",
                       [arguments] { return init_command(*arguments); });
  init.argument("NAME", arguments->name, "which one (cache-aside); see --list",
                Command::Need::optional);
  init.argument("FOLDER", arguments->folder, "where to (a new folder of that name)",
                Command::Need::optional);
  init.flag("--list", arguments->list, "list them all, and stop");
  init.flag("--app", arguments->app,
            "write drive.json instead, for an application of your own (see cacherace drive)");
  init.flag("--force", arguments->force, "overwrite files that are there");
  init.examples({"cacherace init django-get-or-set", "cacherace init go-singleflight cache-tests",
                 "cacherace init --list", "cacherace init --app"});
  init.exit_codes("0 written, 2 usage, 74 file trouble.");
}

}  // namespace cacherace::cli
