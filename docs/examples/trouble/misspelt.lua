function read(key)
  return cache.fetch(key) or db.read(key)
end

function write(key) db.write(key) end
