-- Restates "jittered TTL": { "expiry": {"ttl": "60s", "jitter": "10%"} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { ttl = settings.ttl, jitter = settings.jitter }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
