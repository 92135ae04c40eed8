function get(key)
  return cache.get(key) or db.read(key)
end

function write(key) db.write(key) end
