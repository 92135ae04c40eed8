#include "sim/drive/session/saved_order.hpp"

#include <nlohmann/json.hpp>

#include "sim/json/fields.hpp"
#include "sim/json/parse.hpp"
#include "sim/json/values.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/export/json.hpp"

namespace cacherace::drive {
namespace {

using Json = nlohmann::ordered_json;
using json::Collector;
using json::Fields;
using json::Node;

constexpr std::size_t bytes_max = std::size_t{16} << 20U;

std::optional<search::Taken> taken(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "choice": "reader", "does": "GET user:7" })");
  search::Taken out;
  fields.need("choice", out.choice, json::label, R"("reader")");
  fields.need("does", out.label, json::text, R"("GET user:7")");
  fields.read("before", out.before, json::list_of(json::text));
  return out;
}

}  // namespace

bool is_saved_order(const std::string& text) {
  Collector ignored("");
  const auto document = json::parse(text, ignored, bytes_max);
  if (!document) return false;
  const Node* from = document->root().find("from");
  return from != nullptr && from->text == "drive";
}

std::string saved_order(const DriveResult& result, const DriveFile& file,
                        const std::string& app_file) {
  Json json{{"cacherace", report::version},
            {"kind", "counterexample"},
            {"from", "drive"},
            {"property", result.property},
            {"says", result.shown.says},
            {"app_file", app_file},
            {"servers", result.servers},
            {"replayed", {{"times", result.replayed.times}, {"of", result.replayed.of}}}};
  if (!result.without.empty()) json["without"] = result.without;
  json["order"] = Json::array();
  for (const search::Taken& step : *result.order) {
    Json line{{"choice", step.choice}, {"does", step.label}};
    if (!step.before.empty()) line["before"] = step.before;
    json["order"].push_back(std::move(line));
  }
  json["counterexample"] = Json::parse(report::to_json(result.shown));
  // Comments of the user's file are left out: it is JSON here.
  json["app"] = Json::parse(file.text, nullptr, true, true);
  return report::printable_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

Result<SavedOrder> read_saved_order(const std::string& text, const std::string& name,
                                    const std::filesystem::path& folder) {
  Collector problems(name);
  const auto document = json::parse(text, problems, bytes_max);
  SavedOrder out;
  std::string app_file, ignored;
  if (document) {
    const Node& root = document->root();
    Fields fields(root, problems, R"({ "kind": "counterexample", "from": "drive" })");
    for (const char* known :
         {"cacherace", "kind", "from", "property", "says", "servers", "replayed", "counterexample"})
      fields.get(known);
    fields.need("app_file", app_file, json::label, R"("drive.json")");
    std::vector<std::string> without;
    fields.read("without", without, json::list_of(json::label));
    out.without.insert(without.begin(), without.end());
    fields.need("order", out.order, json::list_of(taken),
                R"([{ "choice": "reader", "does": "GET user:7" }])");
    if (const Node* app = fields.get("app")) {
      auto file =
          read_drive_file(json::dump(*app), name + " (app)", (folder / app_file).parent_path());
      if (!file) return file.error();
      out.file = std::move(*file);
    } else {
      fields.missing("app", R"({ "app": { "command": "…" } })");
    }
  }
  if (Problems all = problems.take(); !all.empty()) return all;
  return out;
}

}  // namespace cacherace::drive
