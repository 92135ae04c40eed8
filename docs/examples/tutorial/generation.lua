-- cache-aside.lua, mended: every delete begins a new generation of the key, and a reader stores only
-- if the generation is still the one in which it missed.

function read(key)
  local row, generation = cache.mget(key, "gen:" .. key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.atomic(function(c)
      if c.get("gen:" .. key) == generation then c.set(key, row, { ttl = settings.ttl }) end
    end)
  end
  return row
end

function write(key)
  db.write(key)
  cache.atomic(function(c)
    c.incr("gen:" .. key)
    c.del(key)
  end)
end
