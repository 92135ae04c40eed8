-- Restates "remote marker": { "guards": ["remote-marker"] }; the replica that applies a commit takes its mark away
function read(key)
  local row = cache.get(key)
  if row then return row end
  if cache.get("mark:" .. key) then
    row = db.read(key)
  else
    row = db.read_replica(key)
  end
  if row then cache.set(key, row) end
  return row
end

function write(key)
  cache.set("mark:" .. key, true, { ttl = settings.mark_ttl })
  db.write(key, { apply_deletes = "mark:" .. key })
  cache.del(key)
end
