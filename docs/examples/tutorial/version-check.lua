-- Stores a row only over an older one. A delete leaves the version behind which it cannot go back.
function read(key)
  local entry = cache.get(key)
  if entry and entry.row then return entry.row end
  local row = db.read(key)
  if row then
    cache.atomic(function(c)
      local now = c.get(key)
      if now and now.version > row.version then return end
      c.set(key, { row = row, version = row.version }, { ttl = settings.ttl })
    end)
  end
  return row
end

function write(key)
  local row = db.write(key)
  cache.atomic(function(c)
    local now = c.get(key)
    if now and now.version >= row.version then return end
    c.set(key, { version = row.version }, { ttl = settings.ttl })
  end)
end
