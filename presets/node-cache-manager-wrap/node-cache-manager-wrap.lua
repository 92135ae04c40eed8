-- Follows packages/cache-manager/src/index.ts of cache-manager 7.2.9: createCache, wrap, del; and
-- packages/utils/src/coalesce-async.ts. Stores: Keyv in memory, then Keyv on Redis (as the manual's
-- example of two stores). Without refreshThreshold.

function read(key)  -- cache.wrap(key, load, ttl)
  return once(key, function()  -- coalesceAsync: one wrap of a key at a time in a process
    local value
    if settings.memory_store then
      value = memory.get(key)
      if value then return value end
    end
    value = cache.get(key)
    if value then
      -- The race: del may have emptied both stores since our get. And the copy gets a whole new ttl,
      -- however old the entry of Redis is.
      if settings.memory_store then memory.set(key, value, { ttl = settings.ttl }) end
      return value
    end
    value = db.read(key)
    if value then
      if settings.memory_store then memory.set(key, value, { ttl = settings.ttl }) end
      cache.set(key, value, { ttl = settings.ttl })
    end
    return value
  end)
end

function write(key)
  db.write(key)
  -- cache.del(key): Promise.all over the stores. Memory is done at once, and before Redis is.
  -- No other process hears of it.
  if settings.memory_store then memory.del(key) end
  cache.del(key)
end
