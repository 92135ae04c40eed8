-- Rows come from a replica, and are stored only over older ones. Nothing has a TTL.
function read(key)
  local entry = cache.get(key)
  if entry and entry.row then return entry.row end
  local row = db.read_replica(key)
  if row then
    cache.atomic(function(c)
      local now = c.get(key)
      if now and now.version > row.version then return end
      c.set(key, { row = row, version = row.version })
    end)
  end
  return row
end

function write(key)
  local row = db.write(key)
  cache.atomic(function(c)
    local now = c.get(key)
    if now and now.version >= row.version then return end
    c.set(key, { version = row.version })
  end)
end
