-- Wrong: the cached text no longer says which row it is.
function read(key)
  local text = cache.get(key)
  if text then return text end
  local row = db.read(key)
  text = "user " .. row.key
  cache.set(key, text)
  return text
end

function write(key)
  db.write(key)
  cache.del(key)
end
