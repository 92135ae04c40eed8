-- Deletes the entry first, then commits.
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { ttl = settings.ttl }) end
  return row
end

function write(key)
  cache.del(key)
  db.write(key)
end
