-- go-singleflight.lua, mended: Forget keeps new callers out of an old flight, and a generation keeps
-- the old flight's row out of the cache.

local function flight(key)
  return key .. "#" .. (memory.get("forgotten:" .. key) or 0)
end

function read(key)
  local row = cache.get(key)
  if row then return row end
  return once(flight(key), function()
    local again, generation = cache.mget(key, "gen:" .. key)
    if again then return again end
    local loaded = db.read(key)
    if loaded then
      cache.atomic(function(c)
        if c.get("gen:" .. key) == generation then c.set(key, loaded, { ttl = settings.ttl }) end
      end)
    end
    return loaded
  end)
end

function write(key)
  db.write(key)
  cache.atomic(function(c)
    c.incr("gen:" .. key)
    c.del(key)
  end)
  memory.update("forgotten:" .. key, function(times) return (times or 0) + 1 end)
end
