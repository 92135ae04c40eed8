function read(key)
  local row, generation = cache.mget(key, "gen:" .. key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.atomic(function(c)
      if c.get("gen:" .. key) == generation then c.set(key, row) end
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
