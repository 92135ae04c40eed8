-- Restates "write-through, writers lock": { "write": {"write-through": {"lock": {"ttl": "none", "wait": "50ms", "give_up": "2s"}}} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  local me = unique()
  while not cache.set("lock:" .. key, me, { nx = true, ttl = settings.lock_ttl }) do
    if sleep(settings.wait, { give_up = settings.give_up }) == "gave up" then fail("the key is locked") end
  end
  local ok, row = pcall(db.write, key)
  if ok then cache.set(key, row) end
  cache.atomic(function(c)
    if c.get("lock:" .. key) == me then c.del("lock:" .. key) end
  end)
  if not ok then error(row, 0) end
end
