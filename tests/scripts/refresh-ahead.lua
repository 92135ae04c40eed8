-- Restates "refresh-ahead": { "read": "refresh-ahead", "expiry": {"ttl": "60s"} }; soft is threshold * ttl
local function refresh(key)
  local me = unique()
  if not cache.set("lock:" .. key, me, { nx = true, ttl = settings.refresh_lock }) then return end
  local row, age = cache.get(key)
  if not row or age == "soft" then
    local ok
    ok, row = pcall(db.read, key)
    if ok and row then cache.set(key, row, { ttl = settings.ttl, soft = settings.soft }) end
  end
  cache.atomic(function(c)
    if c.get("lock:" .. key) == me then c.del("lock:" .. key) end
  end)
end

function read(key)
  local row, age = cache.get(key)
  if row and age == "soft" then
    spawn(function() refresh(key) end)
  end
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { ttl = settings.ttl, soft = settings.soft }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
