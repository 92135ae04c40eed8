-- Restates "change data capture": { "write": "cdc" }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.write(key)
  spawn(function()
    sleep(settings.lag)
    repeat until cache.del(key)
  end, { durable = true })
end
