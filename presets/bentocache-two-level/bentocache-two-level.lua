-- Follows packages/bentocache/src of bentocache 1.6.1: cache/get_set/two_tier_handler.ts,
-- cache/factory_runner.ts, cache/cache_stack.ts: set, cache/cache.ts: delete, bus/bus.ts; and
-- src/transports/redis.ts of @boringnode/bus, which ignores messages of its own process.
-- Without grace, tags and timeouts. L1 is the memory of the process, L2 is Redis.

local function bus_id()  -- one of each process
  return memory.update("bus id", function(id) return id or unique() end)
end

local function look_up_or_load(key)
  local value = memory.get(key)
  if value then return value end
  value = cache.get(key)
  if value then
    -- The race: delete empties L1 before L2, so this may be the entry that is about to go. The copy
    -- stays, and the message about the delete does not come to the process that sent it.
    memory.set(key, value, { ttl = settings.ttl })
    return value
  end
  value = db.read(key)  -- the factory
  if value then
    memory.set(key, value, { ttl = settings.ttl })
    cache.set(key, value, { ttl = settings.ttl })
    cache.publish("bentocache.notifications", { type = "set", key = key, from = bus_id() })
  end
  return value
end

function read(key)  -- bento.getOrSet({ key, factory })
  local value = memory.get(key)
  if value then return value end
  memory.lock("lock of " .. key)
  value = look_up_or_load(key)
  memory.unlock("lock of " .. key)
  return value
end

function write(key)
  db.write(key)
  memory.del(key)  -- bento.delete({ key })
  cache.del(key)
  cache.publish("bentocache.notifications", { type = "delete", key = key, from = bus_id() })
end

function on_message(channel, message)
  if message.from == memory.get("bus id") then return end
  memory.del(message.key)  -- "set" expires the copy; without grace nobody gets it any more
end
