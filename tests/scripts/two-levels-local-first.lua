-- Restates "two levels, local first": { "guards": [{"local-cache": {"first": "local"}}] }
function read(key)
  local row = memory.get(key)
  if row then return row end
  row = cache.get(key)
  if not row then
    row = db.read(key)
    if not row then return nil end
    if cache.set(key, row) == false then return row end
  end
  memory.set(key, row, { ttl = settings.local_ttl })
  return row
end

function write(key)
  db.write(key)
  memory.del(key)
  cache.del(key)
  cache.publish("invalidate", key)
end

function on_message(channel, key)
  memory.del(key)
end
