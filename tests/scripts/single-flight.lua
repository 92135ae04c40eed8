-- Restates "single-flight" and, with processes 2, "single-flight in two processes": { "load": "single-flight" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  return once(key, function()
    local loaded = db.read(key)
    if loaded then cache.set(key, loaded) end
    return loaded
  end)
end

function write(key)
  db.write(key)
  cache.del(key)
end
