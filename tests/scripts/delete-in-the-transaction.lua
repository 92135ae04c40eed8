-- Restates "delete in the transaction": { "write": "delete-in-transaction" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.transaction(function(tx)
    tx.write(key)
    cache.del(key)
  end)
end
