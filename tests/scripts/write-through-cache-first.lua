-- Restates "write-through, cache first": { "write": {"write-through": {"order": "cache-first"}} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.transaction(function(tx)
    local row = tx.write(key)
    cache.set(key, row)
  end)
end
