// Results of driving for programs: JSON, and the page that draws it.

#include <nlohmann/json.hpp>

#include "sim/drive/session/drive_result.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/export/html.hpp"
#include "sim/report/export/json.hpp"

namespace cacherace::drive {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<ShownStep>& steps) {
  Json json = Json::array();
  for (const ShownStep& step : steps)
    json.push_back({{"server", step.store == Store::redis ? "redis" : "postgres"},
                    {"label", step.label},
                    {"command", step.command},
                    {"answer", step.answer}});
  return json;
}

std::string dumped(const Json& json) {
  return report::printable_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace

std::string to_json(const DriveResult& result) {
  const auto& found = result.search;
  Json property{{"name", result.property},
                {"verdict", name(result.word)},
                {"executions", found.executions},
                {"orders", found.orders}};
  property["violating"] = result.counted ? Json(found.violating) : Json(nullptr);
  property["pruned"] = found.pruned;
  property["abandoned"] = found.abandoned;
  property["divergent"] = found.divergent;
  property["ambiguous"] = result.noticed.ambiguous;
  property["uncontrolled"] = result.noticed.uncontrolled;
  property["stuck"] = result.noticed.stuck;
  property["behind"] = result.noticed.behind;
  if (!result.why.empty()) property["why"] = result.why;
  if (result.replayed.of > 0)
    property["replayed"] = {{"times", result.replayed.times}, {"of", result.replayed.of}};
  if (!result.shown.steps.empty())
    property["counterexample"] = Json::parse(report::to_json(result.shown));
  Json json{{"cacherace", report::version},
            {"kind", "drive"},
            {"title", result.title},
            {"servers", result.servers},
            {"complete", result.complete}};
  json["properties"] = Json::array({property});
  json["requests"] = Json::array();
  for (const Profile& profile : result.profiles)
    json["requests"].push_back({{"name", profile.request},
                                {"does", profile.shown},
                                {"cold", json_of(profile.cold)},
                                {"then", json_of(profile.warm)}});
  json["connections"] = {{"opened", result.connections},
                         {"commands_behind_others", result.noticed.behind}};
  json["expectations"] = Json::array();
  for (const auto& [name_of, wanted] : result.expectations)
    json["expectations"].push_back({{"name", name_of}, {"wanted", wanted}, {"met", result.met}});
  if (!result.notes.empty()) json["notes"] = result.notes;
  return dumped(json);
}

std::string to_html(const DriveResult& result) {
  Json json{{"cacherace", report::version},
            {"kind", "replay"},
            {"strategy", result.title.empty() ? "application" : result.title},
            {"property", result.property},
            {"matches", true},
            {"counterexample", Json::parse(report::to_json(result.shown))}};
  return report::to_html(dumped(json), result.title);
}

}  // namespace cacherace::drive
