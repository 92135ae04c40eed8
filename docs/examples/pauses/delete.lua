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
  if settings.again_after then
    spawn(function()
      sleep(settings.again_after)
      cache.del(key)
    end)
  end
end
