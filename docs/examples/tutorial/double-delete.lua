-- Commits, deletes, and deletes once more a while later.
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row, { ttl = settings.ttl }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
  spawn(function()
    sleep(settings.delay)
    cache.del(key)
  end)
end
