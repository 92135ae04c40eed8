-- Restates "namespace version, random seed": { "write": "bump-version" }
function read(key)
  local version, answer = cache.get("version")
  if not version and answer ~= "no answer" then
    local seed = { seed = unique(), bumps = 0 }
    cache.atomic(function(c)
      if not c.get("version") then c.set("version", seed) end
      version = c.get("version")
    end)
  end
  if not version then return db.read(key) end
  local name = key .. ":" .. version.seed .. ":" .. version.bumps
  local row = cache.get(name)
  if row then return row end
  row = db.read(key)
  if row then cache.set(name, row) end
  return row
end

function write(key)
  db.write(key)
  local seed = { seed = unique(), bumps = 0 }
  cache.atomic(function(c)
    local version = c.get("version")
    if version then
      c.set("version", { seed = version.seed, bumps = version.bumps + 1 })
    else
      c.set("version", seed)
    end
  end)
end
