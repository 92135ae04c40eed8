-- Restates "double delete, both after, durable": the second delete survives its process, and is repeated until it is answered
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
  spawn(function()
    sleep(settings.delay)
    repeat until cache.del(key)
  end, { durable = true })
end
