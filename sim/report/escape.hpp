#pragma once
// Text that any scenario may bring along, made harmless inside other formats.

#include <string>
#include <string_view>

namespace cacherace::report {

/// `text` as one word of a shell command, printable.
std::string quoted_for_shell(std::string_view text);

/// JSON with the same meaning in which all is printable: what is not is escaped, as in \u202e. It
/// stands only in strings. Requires UTF-8.
std::string printable_json(std::string_view json);

/// `text` inside XML 1.0, in attributes too: no markup, control characters spelled out, and what is
/// no character (malformed UTF-8, U+FFFE, U+FFFF) replaced by U+FFFD. Newlines stay.
std::string xml_text(std::string_view text);

/// `text` on one line of Markdown, in table cells too: no markup, HTML, mention or reference.
std::string markdown_text(std::string_view text);

/// `lines` as a fenced block, whatever backticks are in them.
std::string markdown_block(std::string_view lines);

}  // namespace cacherace::report
