-- Restates "stale if error": { "read": {"stale-if-error": {"keep": "10min"}}, "expiry": {"ttl": "60s"} }; ttl_and_keep is ttl + keep
function read(key)
  local entry, age = cache.get(key)
  if entry and age ~= "soft" then return entry end
  local ok, row = pcall(db.read, key)
  if not ok then
    if entry then return entry end
    error(row, 0)
  end
  if row then cache.set(key, row, { ttl = settings.ttl_and_keep, soft = settings.ttl }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
