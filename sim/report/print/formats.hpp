#pragma once
// Every way in which a result can be written.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sim/report/text/text.hpp"

namespace cacherace::report {

enum class Format { text, json, csv, markdown, junit, html };

struct FormatName {
  std::string_view name;
  std::string_view extension;  // of files that are written in it
  Format format;
};

inline constexpr auto formats = std::to_array<FormatName>({
    {"text", ".txt", Format::text},
    {"json", ".json", Format::json},
    {"csv", ".csv", Format::csv},
    {"markdown", ".md", Format::markdown},
    {"junit", ".xml", Format::junit},
    {"html", ".html", Format::html},
});

/// The format of files called so, by their extension; nothing when it says none.
std::optional<Format> format_of(std::string_view file);

/// The whole result. `style` is for text. Pure: the same bytes for the same arguments.
std::string render(const Result& result, Format format, const TextStyle& style = {});

}  // namespace cacherace::report
