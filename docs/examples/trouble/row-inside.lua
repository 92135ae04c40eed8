-- The cached value is a table with the row in it.
function read(key)
  local value = cache.get(key)
  if value then return value end
  local row = db.read(key)
  value = { row = row, format = "json" }
  cache.set(key, value)
  return value
end

function write(key)
  db.write(key)
  cache.del(key)
end
