-- Restates "negative entries": { "expiry": {"negative": "5s"} }; the entry false says that there is no row
function read(key)
  local entry = cache.get(key)
  if entry ~= nil then return entry or nil end
  local row = db.read(key)
  if row then
    cache.set(key, row)
  else
    cache.set(key, false, { ttl = settings.negative })
  end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
