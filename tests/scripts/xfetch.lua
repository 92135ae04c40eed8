-- Restates "XFetch": { "read": "xfetch", "expiry": {"ttl": "60s"} }; whether now - d * beta * ln(U) < expiry is a choice
function read(key)
  local row = cache.get(key)
  if row and choose(2) == 1 then return row end
  row = db.read(key)
  if row then cache.set(key, row, { ttl = settings.ttl }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
