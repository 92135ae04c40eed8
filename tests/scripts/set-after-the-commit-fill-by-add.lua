-- Restates "set after the commit, fill by add": { "write": "set-after", "fill": "add" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { nx = true }) end
  return row
end

function write(key)
  local row = db.write(key)
  cache.set(key, row)
end
