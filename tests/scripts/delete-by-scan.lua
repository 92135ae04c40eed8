-- Restates "delete by SCAN": { "write": {"delete-by-scan": {"count": 1}} }
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.write(key)
  local cursor, names = 0, nil
  repeat
    cursor, names = cache.scan(cursor, "*", settings.count)
    if names and #names > 0 then cache.del(table.unpack(names)) end
  until not cursor or cursor == 0
end
