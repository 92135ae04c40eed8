function read(key)
  local row = cache.get(key
  return row or db.read(key)
end

function write(key) db.write(key) end
