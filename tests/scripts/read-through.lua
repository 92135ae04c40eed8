-- Restates "read-through": { "load": {"read-through": {"nodes": 2}} }; a key has one owner, so its flight is the only one of all processes
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
