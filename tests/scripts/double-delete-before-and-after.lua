-- Restates "double delete, before and after": { "write": {"double-delete": {"first": "before", "delay": "1s"}} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  cache.del(key)
  db.write(key)
  spawn(function()
    sleep(settings.delay)
    cache.del(key)
  end)
end
