-- Restates "single-flight, forget": { "load": {"single-flight": {"forget": true}} }
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
  forget(key)
end
