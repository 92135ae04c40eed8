-- Restates "no cache": { "read": "direct" }
function read(key)
  return db.read(key)
end

function write(key)
  db.write(key)
  cache.del(key)
end
