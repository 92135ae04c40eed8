-- Restates "tombstones": { "fill": {"set-if-newer": {"tombstones": "10s"}} }; what is cached is { version, row }, a tombstone has no row
function read(key)
  local entry = cache.get(key)
  if entry and entry.row then return entry.row end
  local row = db.read(key)
  if row then
    cache.atomic(function(c)
      local old = c.get(key)
      if not old or old.version < row.version or (old.version == row.version and not old.row) then
        c.set(key, { version = row.version, row = row })
      end
    end)
  end
  return row
end

function write(key)
  local version = db.write(key).version
  cache.atomic(function(c)
    local old = c.get(key)
    if not old or old.version <= version then
      c.set(key, { version = version }, { ttl = settings.tombstones })
    end
  end)
end
