-- Follows redis/lock.py of redis-py 8.0: Lock.acquire is SET NX PX, tried again every "sleep";
-- Lock.release is a script that compares the token and deletes. The default is a lock
-- without a timeout, waited for without an end. "freed_by" DEL is what people write at home.
-- The lock is used as usual: ask the cache again once one has it.

function read(key)
  local row = cache.get(key)
  if row then return row end

  local lock, token = "lock:" .. key, unique()
  while not cache.set(lock, token, { nx = true, ttl = settings.timeout }) do
    sleep(settings.sleep)
  end

  local ok, result = pcall(function()
    local value = cache.get(key)
    if value then return value end
    value = db.read(key)
    -- The race: our lock may have run out by now, and another reader has it. What we store is not
    -- checked by anybody.
    if value then cache.set(key, value, { ttl = settings.ttl }) end
    return value
  end)

  local owner
  cache.atomic(function(c)
    owner = c.get(lock)
    if owner == token or settings.freed_by == "DEL" then c.del(lock) end
  end)
  if settings.freed_by == "DEL" then
    assert(owner == nil or owner == token, "a reader freed a lock that another one holds")
  elseif owner ~= token then
    note("LockNotOwnedError")
  end

  if not ok then error(result, 0) end
  return result
end

function write(key)
  db.write(key)
  cache.del(key)
end
