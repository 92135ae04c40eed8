-- Restates "write-through, writers and loads lock" (without lock_ttl) and "... lock for 5 s" (lock_ttl 5s)
local function unlock(key, me)
  cache.atomic(function(c)
    if c.get("lock:" .. key) == me then c.del("lock:" .. key) end
  end)
end

function read(key)
  local row = cache.get(key)
  if row then return row end
  local me = unique()
  while not cache.set("lock:" .. key, me, { nx = true, ttl = settings.lock_ttl }) do
    if sleep(settings.wait, { give_up = settings.give_up }) == "gave up" then return db.read(key) end
    row = cache.get(key)
    if row then return row end
  end
  local ok = true
  row = cache.get(key)
  if not row then
    ok, row = pcall(db.read, key)
    if ok and row then cache.set(key, row) end
  end
  unlock(key, me)
  if not ok then error(row, 0) end
  return row
end

function write(key)
  local me = unique()
  while not cache.set("lock:" .. key, me, { nx = true, ttl = settings.lock_ttl }) do
    if sleep(settings.wait, { give_up = settings.give_up }) == "gave up" then fail("the key is locked") end
  end
  local ok, row = pcall(db.write, key)
  if ok then cache.set(key, row) end
  unlock(key, me)
  if not ok then error(row, 0) end
end
