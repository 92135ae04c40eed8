-- A cached false says: there is no such row.
function read(key)
  local found = cache.get(key)
  if found ~= nil then return found or nil end
  local row = db.read(key)
  if row then
    cache.set(key, row, { ttl = settings.ttl })
  elseif settings.negative_ttl then
    cache.set(key, false, { ttl = settings.negative_ttl })
  end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
