-- Restates "delete by KEYS": { "write": "delete-by-keys" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.write(key)
  local names = cache.keys("*")
  if names and #names > 0 then cache.del(table.unpack(names)) end
end
