-- Restates "hold-off": { "guards": ["hold-off"] }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then
    cache.atomic(function(c)
      if not c.get("hold-off:" .. key) then c.set(key, row) end
    end)
  end
  return row
end

local function delete(key)
  cache.atomic(function(c)
    c.del(key)
    c.set("hold-off:" .. key, true, { ttl = settings.hold_off })
  end)
end

function write(key)
  db.write(key)
  delete(key)
end
