-- Restates "namespace version, seed one": { "write": {"bump-version": {"seed": "one"}} }
function read(key)
  local version, answer = cache.get("version")
  if not version and answer ~= "no answer" then
    cache.atomic(function(c)
      c.set("version", 1, { nx = true })
      version = c.get("version")
    end)
  end
  if not version then return db.read(key) end
  local name = key .. ":" .. version
  local row = cache.get(name)
  if row then return row end
  row = db.read(key)
  if row then cache.set(name, row) end
  return row
end

function write(key)
  db.write(key)
  cache.incr("version")
end
