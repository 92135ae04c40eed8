#include "sim/live/replay/real_scripts.hpp"

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::live {

// A value is a version, which flags may follow: "2", "2 soft", "2 dirty". What a delete leaves is
// "tombstone 2" or "hold-off". A lease is its token, 0 once voided, and "open" when the next one
// may be given. Times are words of SET at the end: "PX", "60000".
const std::vector<RealScript>& real_scripts() {
  static const std::vector<RealScript> scripts{
      {"set-if-newer", R"(local there = redis.call('GET', KEYS[1])
if there == 'hold-off' then return 0 end
if there then
  local known, mine = tonumber(string.match(there, '%d+')), tonumber(ARGV[1])
  local is_tombstone = string.find(there, 'tombstone') ~= nil
  if known > mine or (known == mine and not is_tombstone) then return 0 end
end
redis.call('SET', KEYS[1], unpack(ARGV))
return 1)"},
      {"set-unless-held", R"(if redis.call('GET', KEYS[1]) == 'hold-off' then return 0 end
redis.call('SET', KEYS[1], unpack(ARGV))
return 1)"},
      {"set-if-generation", R"(local generation = redis.call('GET', KEYS[2]) or '0'
if generation ~= table.remove(ARGV, 1) then return 0 end
redis.call('SET', KEYS[1], unpack(ARGV))
return 1)"},
      {"lease-get", R"(local there = redis.call('GET', KEYS[1])
if there and string.match(there, '^%d') then return {'hit', there} end
local lease = redis.call('GET', KEYS[2])
if not lease or string.find(lease, 'open') then
  redis.call('SET', KEYS[2], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
  return {'token', ARGV[1]}
end
local stale = redis.call('GET', KEYS[3])
if stale then return {'stale', stale} end
return {'refused'})"},
      {"lease-set", R"(local lease, token = redis.call('GET', KEYS[2]), table.remove(ARGV, 1)
if not lease or token == '0' or string.match(lease, '%d+') ~= token then return 0 end
redis.call('SET', KEYS[2], (string.gsub(lease, '^%d+', '0')), 'KEEPTTL')
redis.call('SET', KEYS[1], unpack(ARGV))
return 1)"},
      {"delete", R"(local leaves, version, void, stale_for = unpack(ARGV)
local there = redis.call('GET', KEYS[1])
local answers = there and string.match(there, '^%d') ~= nil
if answers and stale_for ~= '' then redis.call('SET', KEYS[3], there, 'PX', stale_for) end
local lease = void == 'true' and redis.call('GET', KEYS[2])
if lease then redis.call('SET', KEYS[2], (string.gsub(lease, '^%d+', '0')), 'KEEPTTL') end
local is_tombstone = there and string.find(there, 'tombstone') ~= nil
if leaves == 'tombstone' and (version ~= '0' or is_tombstone) then
  local known = there and tonumber(string.match(there, '%d+') or '0') or 0
  if known > tonumber(version) then return {'newer', there} end
  redis.call('SET', KEYS[1], 'tombstone ' .. version, unpack(ARGV, 5))
elseif leaves == 'hold-off' then
  redis.call('SET', KEYS[1], 'hold-off', unpack(ARGV, 5))
else
  if leaves == 'generation' then redis.call('INCR', KEYS[4]) end
  redis.call('DEL', KEYS[1])
end
return {'deleted', answers and there or false})"},
      {"unlock", R"(if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1]))"},
      {"bump-version",
       R"(if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('INCR', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[1])
return tonumber(ARGV[1]))"},
      {"soften", R"(local there = redis.call('GET', KEYS[1])
if not there then return 0 end
redis.call('SET', KEYS[1], there .. ' ' .. ARGV[1], 'KEEPTTL')
return 1)"},
      {"write-and-queue", R"(local queued, replaces = table.remove(ARGV, 1), table.remove(ARGV, 1)
local key, done = string.match(queued, '^(.*) v%d+$'), false
for i, other in ipairs(replaces == 'true' and redis.call('LRANGE', KEYS[2], 0, -1) or {}) do
  if string.match(other, '^(.*) v%d+$') == key then
    redis.call('LSET', KEYS[2], i - 1, queued)
    done = true
  end
end
if not done then redis.call('RPUSH', KEYS[2], queued) end
redis.call('SET', KEYS[1], unpack(ARGV))
return redis.call('LRANGE', KEYS[2], 0, -1))"},
      {"clean",
       R"(if redis.call('LINDEX', KEYS[2], 0) == ARGV[1] then redis.call('LPOP', KEYS[2]) end
if redis.call('GET', KEYS[1]) ~= ARGV[2] .. ' dirty' then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1)"},
      {"remove-with-queued", R"(local there = redis.call('GET', KEYS[1])
if there and string.find(there, 'dirty') then
  for _, queued in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
    local key = string.match(queued, '^(.*) v%d+$')
    if key == ARGV[1] then redis.call('LREM', KEYS[2], 0, queued) end
  end
end
return redis.call('DEL', KEYS[1]))"},
      {"flush", R"(local keys = redis.call('KEYS', ARGV[1])
for _, key in ipairs(keys) do redis.call('DEL', key) end
return #keys)"},
  };
  return scripts;
}

std::string_view script_text(std::string_view name) {
  const auto found = std::ranges::find(real_scripts(), name, &RealScript::name);
  SIM_ASSERT(found != real_scripts().end());
  return found->text;
}

}  // namespace cacherace::live
