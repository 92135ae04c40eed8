-- Restates "set after the commit, TTL dropped": { "write": {"set-after": {"ttl": "none"}}, "expiry": {"ttl": "60s"} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { ttl = settings.ttl }) end
  return row
end

function write(key)
  local row = db.write(key)
  cache.set(key, row)
end
