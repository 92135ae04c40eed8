-- Restates "lock of 5 s, unchecked release": the lock load, but whoever releases deletes the lock, regardless of its holder
function read(key)
  local row = cache.get(key)
  if row then return row end
  while not cache.set("lock:" .. key, unique(), { nx = true, ttl = settings.lock_ttl }) do
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
  cache.del("lock:" .. key)
  if not ok then error(row, 0) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
