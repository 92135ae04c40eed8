function read(key)
  local row = cache.get(key) or db.read(key)
  cache.set(key, row, { ex = "60s" })
  return row
end

function write(key) db.write(key) end
