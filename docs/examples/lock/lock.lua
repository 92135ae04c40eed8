-- A lock in Redis around the load. The lock is released only by its owner.
function read(key)
  local row = cache.get(key)
  if row then return row end
  local me, lock = unique(), "lock:" .. key
  while not cache.set(lock, me, { nx = true, ttl = settings.lock_ttl }) do
    sleep("50ms")
  end
  row = cache.get(key)  -- another reader may have loaded it meanwhile
  if not row then
    row = db.read(key)
    if row then cache.set(key, row, { ttl = "60s" }) end
  end
  cache.atomic(function(c)
    if c.get(lock) == me then c.del(lock) end
  end)
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
