-- Restates "generation, delete before the commit": { "fill": "generation", "write": "delete-before" }
function read(key)
  local row, generation = cache.mget(key, "generation:" .. key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.atomic(function(c)
      if c.get("generation:" .. key) == generation then c.set(key, row) end
    end)
  end
  return row
end

function write(key)
  cache.atomic(function(c)
    c.del(key)
    c.incr("generation:" .. key)
  end)
  db.write(key)
end
