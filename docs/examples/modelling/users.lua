function read(key)                        -- def get_user
  local row = cache.get(key)              -- redis.get
  if row then return row end
  row = db.read(key)                      -- SELECT
  if row then
    cache.set(key, row, { ttl = "5min" }) -- redis.set(..., ex=300)
  end
  return row
end

function write(key)                       -- def rename_user
  db.transaction(function(tx)             -- with db.transaction()
    tx.write(key)                         -- UPDATE
    cache.del(key)                        -- redis.delete
  end)
end
