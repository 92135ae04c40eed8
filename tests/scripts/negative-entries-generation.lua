-- Restates "negative entries, generation": { "fill": "generation", "expiry": {"negative": "5s"} }; the entry false says that there is no row
function read(key)
  local entry, generation = cache.mget(key, "generation:" .. key)
  if entry ~= nil then return entry or nil end
  local row = db.read(key)
  cache.atomic(function(c)
    if c.get("generation:" .. key) == generation then
      if row then
        c.set(key, row)
      else
        c.set(key, false, { ttl = settings.negative })
      end
    end
  end)
  return row
end

function write(key)
  db.write(key)
  cache.atomic(function(c)
    c.del(key)
    c.incr("generation:" .. key)
  end)
end
