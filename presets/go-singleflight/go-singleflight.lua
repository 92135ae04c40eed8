-- Follows singleflight/singleflight.go of golang.org/x/sync v0.19: Group.Do, Group.Forget; and
-- groupcache.go of golang/groupcache: load asks the cache again inside the flight.
-- Forget renames the key's flight: those who come later do not join the one that is under way.

local function flight(key)
  if not settings.forget then return key end
  return key .. "#" .. (memory.get("forgotten:" .. key) or 0)
end

function read(key)
  local row = cache.get(key)
  if row then return row end
  return once(flight(key), function()  -- g.Do(key, func() { ... })
    local again = cache.get(key)
    if again then return again end
    -- The race: whoever joins from here on gets this answer, even a client that has written the row
    -- since we loaded it.
    local loaded = db.read(key)
    if loaded then cache.set(key, loaded, { ttl = settings.ttl }) end
    return loaded
  end)
end

function write(key)
  db.write(key)
  cache.del(key)
  if settings.forget then  -- g.Forget(key)
    memory.update("forgotten:" .. key, function(times) return (times or 0) + 1 end)
  end
end
