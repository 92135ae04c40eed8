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

// Where there is no interleaving to draw: the text, as a page.
std::string plain_page(const DriveResult& result) {
  std::string text;
  for (const char c : to_text(result, false)) {
    if (c == '&')
      text += "&amp;";
    else if (c == '<')
      text += "&lt;";
    else
      text += c;
  }
  const std::string title = text.substr(0, text.find('\n'));
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>" + title +
         "</title>\n<style>\n:root { color-scheme: light dark; }\nbody { margin: 2rem; }\n"
         "pre { font: 15px/1.5 ui-monospace, monospace; white-space: pre-wrap; }\n</style>\n"
         "</head>\n<body>\n<pre>" +
         text + "</pre>\n</body>\n</html>\n";
}

}  // namespace

std::string to_json(const DriveResult& result) {
  const auto& found = result.search;
  Json property{{"name", result.property},
                {"verdict", name(result.word)},
                {"executions", found.executions},
                {"orders", found.orders}};
  property["violating"] = found.violating;  // so far, unless all were counted
  property["counted"] = result.counted;
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
  if (result.shrunk) {
    const auto size = [](const search::OrderSize& of) {
      return Json{{"requests", of.clients},
                  {"faults", of.faults},
                  {"switches", of.switches},
                  {"steps", of.steps}};
    };
    property["shrunk"] = {{"executions", result.shrunk->executions},
                          {"from", size(result.shrunk->from)},
                          {"to", size(result.shrunk->to)},
                          {"complete", result.shrunk->complete}};
  }
  if (!result.without.empty()) property["without"] = result.without;
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
  if (result.shown.steps.empty()) return plain_page(result);
  Json json{{"cacherace", report::version},
            {"kind", "replay"},
            {"strategy", result.title.empty() ? "application" : result.title},
            {"property", result.property},
            {"matches", true},
            {"counterexample", Json::parse(report::to_json(result.shown))}};
  return report::to_html(dumped(json), result.title);
}

}  // namespace cacherace::drive
