-- Waits for a lock, and counts how often it asked.
function read(key)
  local tries = 0
  while not cache.set("lock:" .. key, 1, { nx = true }) do
    sleep("50ms")
    tries = tries + 1
  end
  local row = cache.get(key)
  if not row then
    row = db.read(key)
    cache.set(key, row)
  end
  cache.del("lock:" .. key)
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
