-- Restates "lock of 5 s" (lock_ttl 5s) and "lock without TTL" (no lock_ttl): { "load": {"lock": {"ttl": "5s", "wait": "50ms", "give_up": "2s"}} }
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
  cache.atomic(function(c)
    if c.get("lock:" .. key) == me then c.del("lock:" .. key) end
  end)
  if not ok then error(row, 0) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
