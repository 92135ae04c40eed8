-- Restates "write-through": { "write": "write-through" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  local row = db.write(key)
  cache.set(key, row)
end
