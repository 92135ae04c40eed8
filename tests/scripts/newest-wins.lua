-- Restates "newest wins": { "fill": "set-if-newer" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.atomic(function(c)
      local old = c.get(key)
      if not old or old.version < row.version then c.set(key, row) end
    end)
  end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
