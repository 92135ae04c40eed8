-- Restates "single-flight, forget, generation": { "load": {"single-flight": {"forget": true}}, "fill": "generation" }
function read(key)
  local row, generation = cache.mget(key, "generation:" .. key)
  if row then return row end
  return once(key, function()
    local loaded = db.read(key)
    if loaded then
      cache.atomic(function(c)
        if c.get("generation:" .. key) == generation then c.set(key, loaded) end
      end)
    end
    return loaded
  end)
end

function write(key)
  db.write(key)
  cache.atomic(function(c)
    c.del(key)
    c.incr("generation:" .. key)
  end)
  forget(key)
end
