-- bentocache-two-level.lua, mended for copies: every delete that a process makes or hears of begins a
-- new generation of the key in its memory, and a copy of what was found in L2 is kept only in the
-- generation in which it was asked for.

local function bus_id()
  return memory.update("bus id", function(id) return id or unique() end)
end

local function copy(key)
  return memory.get(key) or { generation = 0 }
end

local function keep(key, value, generation)
  memory.update(key, function(now)
    if (now and now.generation or 0) ~= generation then return now end
    return { value = value, generation = generation }
  end)
end

local function drop(key)
  memory.update(key, function(now) return { generation = (now and now.generation or 0) + 1 } end)
end

local function look_up_or_load(key)
  local now = copy(key)
  if now.value then return now.value end
  local value = cache.get(key)
  if value then
    keep(key, value, now.generation)
    return value
  end
  value = db.read(key)
  if value then
    keep(key, value, now.generation)
    cache.set(key, value, { ttl = settings.ttl })
    cache.publish("bentocache.notifications", { type = "set", key = key, from = bus_id() })
  end
  return value
end

function read(key)
  local value = copy(key).value
  if value then return value end
  memory.lock("lock of " .. key)
  value = look_up_or_load(key)
  memory.unlock("lock of " .. key)
  return value
end

function write(key)
  db.write(key)
  cache.del(key)  -- L2 first: what is found there afterwards is new
  drop(key)
  cache.publish("bentocache.notifications", { type = "delete", key = key, from = bus_id() })
end

function on_message(channel, message)
  if message.from == memory.get("bus id") then return end
  drop(message.key)
end
