function read(key)
  local row = cache.get(key) or db.read(key)
  cache.set(key, row, { ttl = 60 })
  return row
end

function write(key) db.write(key) end
