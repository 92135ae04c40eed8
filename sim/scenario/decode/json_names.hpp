#pragma once
// Decoders speak of nodes and fields without saying each time that they are JSON.

#include "sim/json/collector.hpp"
#include "sim/json/fields.hpp"
#include "sim/json/nearest.hpp"
#include "sim/json/node.hpp"
#include "sim/json/values.hpp"

namespace cacherace::scenario {

using json::boolean;
using json::Collector;
using json::Document;
using json::Fields;
using json::in_quotes;
using json::label;
using json::nearest;
using json::Node;
using json::one_of;
using json::Spelling;
using json::suggestion;
using json::text;

}  // namespace cacherace::scenario
