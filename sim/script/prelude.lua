-- What a script finds, in terms of `ask`: one request, and its answers. It is given `ask`, the numbers
-- of the calls, and what the host helps with, and returns what scripts find.

local ask, call, raw = ...
local is_fatal, fail = raw.is_fatal, raw.fail
local error, type, select, raw_pcall, tostring = error, type, select, pcall, raw.tostring
local pack, unpack, keys_of, length = table.pack, table.unpack, raw.keys_of, raw.length

-- ---- the language, without what differs from run to run -----------------------------------------

local function passed_on(ok, ...)
  if ok then return ok, ... end
  if is_fatal((...)) then error((...), 0) end
  return ok, raw.caught((...))
end
local function pcall(f, ...) return passed_on(raw_pcall(f, ...)) end
local function xpcall(f, handler, ...)
  local r = pack(pcall(f, ...))
  if r[1] then return unpack(r, 1, r.n) end
  return false, handler(r[2])
end

local function next_key(t, k)
  local keys = keys_of(t)
  if k == nil then
    k = keys[1]
  else
    local at = 1
    while keys[at] ~= nil and keys[at] ~= k do at = at + 1 end
    k = keys[at + 1]
  end
  if k == nil then return nil end
  return k, t[k]
end
local function pairs(t)
  local keys, at = keys_of(t), 0
  return function()
    local k
    repeat
      at = at + 1
      k = keys[at]
    until k == nil or t[k] ~= nil
    if k ~= nil then return k, t[k] end
  end, t, nil
end

local function sort(t, less)
  less = less or function(a, b) return a < b end
  local function merge_sort(from, to)
    if to - from < 1 then return end
    local middle = (from + to) // 2
    merge_sort(from, middle)
    merge_sort(middle + 1, to)
    local merged, left, right = {}, from, middle + 1
    for i = from, to do
      local take_right = left > middle or (right <= to and less(t[right], t[left]))
      if take_right then
        merged[i] = t[right]
        right = right + 1
      else
        merged[i] = t[left]
        left = left + 1
      end
    end
    for i = from, to do t[i] = merged[i] end
  end
  merge_sort(1, length(t))
end

-- What `#` says of a table with holes depends on how the table came about.
local function insert(t, ...)
  length(t)
  return raw.insert(t, ...)
end
local function remove(t, ...)
  length(t)
  return raw.remove(t, ...)
end
local function unpack_all(t, from, to) return unpack(t, from, to or length(t)) end
local function concat(t, between, from, to)
  return raw.join(t, between, from or 1, to or length(t))
end

local function format(text, ...)
  if raw.find(text, "%%[^%%]*[pa]") then
    error("string.format without %p and %a: what they show differs from run to run", 2)
  end
  local given = pack(...)
  for i = 1, given.n do
    local kind = type(given[i])
    if kind ~= "string" and kind ~= "number" then given[i] = tostring(given[i]) end
  end
  return raw.format(text, unpack(given, 1, given.n))
end
-- Patterns run outside of every limit: those that may take long are refused.
local function guarded(f)
  return function(text, pattern, ...)
    raw.check_pattern(text, pattern)
    return f(text, pattern, ...)
  end
end
local function find(text, pattern, from, plain)
  if not plain then raw.check_pattern(text, pattern) end
  return raw.find(text, pattern, from, plain)
end

-- ---- the cache ----------------------------------------------------------------------------------

local function result_text(r)
  if r.n < 2 then return "" end
  local texts = {}
  for i = 2, r.n do texts[#texts + 1] = raw.content(r[i]) end
  return raw.concat(texts, ", ")
end

-- What `f` asks takes place at one moment.
local function block(kind, shown, f, argument, name)
  local answer = ask(kind, false, shown, name)
  if kind == call.cache_exec then argument = answer end
  local r = pack(pcall(f, argument))
  local text = r[1] and result_text(r) or "error"
  if answer == false then text = "aborted: a watched entry has changed" end
  ask(call.block_end, true, text)
  if not r[1] then error(r[2], 0) end
  return unpack(r, 2, r.n)
end

local function number_or_zero(value, name)
  if value == nil then return 0 end
  if raw.math_type(value) ~= "integer" then
    error("the entry " .. tostring(name) .. " is no number: " .. tostring(value), 3)
  end
  return value
end

local function list_text(names) return raw.concat(names, " ") end

-- Commands of their own, or within a block.
local function commands(inner)
  local c = {}
  local function at_once(shown, f)
    if inner then return f() end
    return block(call.cache_block, shown, f)
  end

  function c.get(name)
    local value, soft = ask(call.cache_get, inner, "cache.get", name)
    if soft then return value, "soft" end
    return value
  end
  function c.exists(name)
    return (ask(call.cache_get, inner, "cache.exists", name)) ~= nil
  end
  function c.set(name, value, options)
    if options and options.get then
      return at_once("cache.set " .. tostring(name), function()
        local old = ask(call.cache_get, true, "", name)
        ask(call.cache_set, true, "", name, value, options)
        return old
      end)
    end
    return ask(call.cache_set, inner, "cache.set", name, value, options)
  end
  function c.del(name, ...)
    if select("#", ...) == 0 then return ask(call.cache_del, inner, "cache.del", name) and 1 or 0 end
    local names = { name, ... }
    return at_once("cache.del " .. list_text(names), function()
      local count = 0
      for i = 1, #names do
        if ask(call.cache_del, true, "", names[i]) then count = count + 1 end
      end
      return count
    end)
  end
  local function add(name, by, shown)
    return at_once(shown .. " " .. tostring(name), function()
      local value = number_or_zero(ask(call.cache_get, true, "", name), name) + by
      ask(call.cache_set, true, "", name, value, { keepttl = true })
      return value
    end)
  end
  function c.incr(name, by) return add(name, by or 1, "cache.incr") end
  function c.decr(name, by) return add(name, -(by or 1), "cache.decr") end
  function c.expire(name, ttl)
    return ask(call.cache_set_ttl, inner, "cache.expire", name, nil, { ttl = ttl })
  end
  function c.persist(name) return ask(call.cache_set_ttl, inner, "cache.persist", name) end
  function c.pttl(name) return (ask(call.cache_ttl, inner, "cache.pttl", name)) end
  function c.ttl(name)
    local left = ask(call.cache_ttl, inner, "cache.ttl", name)
    return left < 0 and left or (left + 500) // 1000
  end
  function c.mget(...)
    local names = pack(...)
    return at_once("cache.mget " .. list_text(names), function()
      local values = {}
      for i = 1, names.n do values[i] = ask(call.cache_get, true, "", names[i]) end
      return unpack(values, 1, names.n)
    end)
  end
  function c.mset(entries)
    local names = keys_of(entries)
    return at_once("cache.mset " .. list_text(names), function()
      for i = 1, #names do ask(call.cache_set, true, "", names[i], entries[names[i]]) end
    end)
  end

  -- A hash or a set is an entry whose value is a table.
  local function changed(shown, name, f)
    return at_once(shown .. " " .. tostring(name), function()
      local whole = ask(call.cache_get, true, "", name) or {}
      local result, write = f(whole)
      if write and raw.is_empty(whole) then
        ask(call.cache_del, true, "", name)
      elseif write then
        ask(call.cache_set, true, "", name, whole, { keepttl = true })
      end
      return result
    end)
  end
  function c.hget(name, field)
    return changed("cache.hget", name, function(hash) return hash[field] end)
  end
  function c.hgetall(name)
    return changed("cache.hgetall", name, function(hash) return hash end)
  end
  function c.hset(name, field, value)
    return changed("cache.hset", name, function(hash)
      local is_new = hash[field] == nil
      hash[field] = value
      return is_new and 1 or 0, true
    end)
  end
  function c.hdel(name, field)
    return changed("cache.hdel", name, function(hash)
      local was = hash[field] ~= nil
      hash[field] = nil
      return was and 1 or 0, was
    end)
  end
  function c.sadd(name, member)
    return changed("cache.sadd", name, function(set)
      local is_new = set[member] == nil
      set[member] = true
      return is_new and 1 or 0, true
    end)
  end
  function c.srem(name, member)
    return changed("cache.srem", name, function(set)
      local was = set[member] ~= nil
      set[member] = nil
      return was and 1 or 0, was
    end)
  end
  function c.smembers(name)
    return changed("cache.smembers", name, function(set) return keys_of(set) end)
  end

  function c.keys(pattern) return (ask(call.cache_names, inner, "cache.keys", pattern or "*")) end
  function c.scan(cursor, pattern, count)
    local names, next_cursor =
      ask(call.cache_names, inner, "cache.scan", pattern or "*", nil, { cursor = cursor, count = count or 10 })
    return next_cursor, names
  end
  function c.flush() return ask(call.cache_flush, inner, "cache.flush") end
  function c.publish(channel, value)
    return ask(call.publish, inner, "cache.publish", channel, value)
  end
  return c
end

local cache, within = commands(false), commands(true)

function cache.atomic(f) return block(call.cache_block, "cache.atomic", f, within) end

-- MULTI and EXEC: collected first, then done at one moment; nil, and nothing done, where an entry has
-- changed that `watch` named since the last of them.
function cache.multi(f)
  local collected = {}
  local collector = {}
  for name, command in pairs(within) do
    collector[name] = function(...)
      local arguments = pack(...)
      collected[#collected + 1] = function() return (command(unpack(arguments, 1, arguments.n))) end
    end
  end
  f(collector)
  return block(call.cache_exec, "cache.multi", function(unchanged)
    if not unchanged then return nil end
    local replies = {}
    for i = 1, #collected do
      local reply = collected[i]()
      if reply == nil then reply = false end
      replies[i] = reply
    end
    return replies
  end)
end
function cache.watch(...)
  local names = pack(...)
  return block(call.cache_block, "cache.watch " .. list_text(names), function()
    for i = 1, names.n do ask(call.cache_watch, true, "", names[i]) end
  end)
end
function cache.unwatch() ask(call.cache_unwatch, false, "cache.unwatch") end

-- ---- the database -------------------------------------------------------------------------------

local db, tx = {}, {}
function db.read(key) return ask(call.db_read, false, "db.read", key) end
function db.read_replica(key)
  return ask(call.db_read, false, "db.read_replica", key, nil, { replica = true })
end
function db.read_all(keys)
  return block(call.db_block, "db.read_all " .. list_text(keys), function()
    local rows = {}
    for i = 1, #keys do rows[i] = ask(call.db_read, true, "", keys[i]) or false end
    return rows
  end)
end
function db.write(key, options) return ask(call.db_write, false, "db.write", key, nil, options) end
function db.delete(key) return ask(call.db_delete, false, "db.delete", key) end

tx.read, tx.read_all, tx.write, tx.delete = db.read, db.read_all, db.write, db.delete
local rolled_back = {}
function tx.rollback() error(rolled_back, 0) end

function db.transaction(f, options)
  ask(call.db_begin, false, "db.begin", nil, nil, options)
  local r = pack(pcall(f, tx))
  if r[1] then
    ask(call.db_commit, false, "db.commit")
    return unpack(r, 2, r.n)
  end
  ask(call.db_roll_back, false, "db.rollback")
  if r[2] ~= rolled_back then error(r[2], 0) end
end

-- ---- the memory that the threads of a process share ---------------------------------------------

local memory = {}
function memory.get(name) return ask(call.memory_get, false, "memory.get", name) end
function memory.set(name, value, options)
  return ask(call.memory_set, false, "memory.set", name, value, options)
end
function memory.del(name) return ask(call.memory_del, false, "memory.del", name) end
function memory.update(name, f)
  return block(call.memory_block, "memory.update " .. tostring(name), function()
    local value = f(ask(call.memory_get, true, "", name))
    ask(call.memory_set, true, "", name, value)
    return value
  end)
end
function memory.lock(name) ask(call.memory_lock, false, "memory.lock", name) end
function memory.unlock(name)
  if not ask(call.memory_unlock, false, "memory.unlock", name) then
    error("memory.unlock: this client does not hold " .. tostring(name), 2)
  end
end

-- A single flight: the first who comes runs `f`, and all who come meanwhile wait for its result. A
-- flight has a number: those who wait for an older one may not have taken its result yet.
local function once(name, f)
  local current = "once " .. tostring(name)
  local function get(n) return ask(call.memory_get, true, "", n) end
  local function set(n, value) ask(call.memory_set, true, "", n, value) end
  local number, running, joined, result
  local function use(n)
    number = n
    running = current .. "/" .. n
    joined, result = running .. " joined", running .. " result"
  end
  local leads = block(call.memory_block, "join the flight of " .. tostring(name), function()
    local latest = get(current)
    if latest then
      use(latest)
      if get(running) then
        set(joined, (get(joined) or 0) + 1)
        return false
      end
    end
    use(0)
    while get(running) or get(joined) do use(number + 1) end
    set(current, number)
    set(running, raw.self())
    return true
  end)
  if leads then
    local r = pack(pcall(f))
    block(call.memory_block, "end the flight of " .. tostring(name), function()
      if get(joined) then set(result, { ok = r[1], value = r[1] and r[2] or nil }) end
      if get(current) == number then set(current, nil) end
      set(running, nil)
    end)
    if not r[1] then error(r[2], 0) end
    return unpack(r, 2, r.n)
  end
  local landed
  block(call.memory_await, "wait for the flight of " .. tostring(name), function()
    landed = get(result)
    local left = get(joined) - 1
    if left > 0 then
      set(joined, left)
    else
      set(joined, nil)
      set(result, nil)
    end
  end, nil, running)
  if not landed or not landed.ok then fail("the flight of " .. tostring(name) .. " failed") end
  return landed.value
end

-- The next client starts a flight of its own.
local function forget(name)
  block(call.memory_block, "forget the flight of " .. tostring(name), function()
    ask(call.memory_set, true, "", "once " .. tostring(name), nil)
  end)
end

return {
  format = format, find = find, match = guarded(raw.match), gmatch = guarded(raw.gmatch),
  gsub = guarded(raw.gsub),
  pcall = pcall, xpcall = xpcall, pairs = pairs, next = next_key, sort = sort,
  insert = insert, remove = remove, unpack = unpack_all, concat = concat,
  cache = cache, db = db, memory = memory, once = once, forget = forget,
  within = within, tx = tx,
}
