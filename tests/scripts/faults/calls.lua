function read(key) return cache.get(key) end

function rename(key) db.write(key) end
