-- Restates "set, then expire": { "fill": "set-then-expire", "expiry": {"ttl": "60s"} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.set(key, row)
    cache.expire(key, settings.ttl)
  end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
