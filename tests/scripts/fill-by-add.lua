-- Restates "fill by add": { "fill": "add" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { nx = true }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
