-- Restates "set after the commit, newest wins": { "write": "set-after", "fill": "set-if-newer" }
local function set_if_newer(key, row)
  cache.atomic(function(c)
    local old = c.get(key)
    if not old or old.version < row.version then c.set(key, row) end
  end)
end

function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then set_if_newer(key, row) end
  return row
end

function write(key)
  local row = db.write(key)
  set_if_newer(key, row)
end
