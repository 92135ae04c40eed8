-- Restates "lease, stale area": { "load": {"lease": {"stale": "10s"}} }
-- The lease of a key is one entry: its token, or "void". It is soft after rate, and gone after token_ttl.
local function lease_get(key, me)
  local row, token
  cache.atomic(function(c)
    row = c.get(key)
    if row then return end
    local lease, age = c.get("lease:" .. key)
    if not lease or age == "soft" then
      c.set("lease:" .. key, me, { ttl = settings.token_ttl, soft = settings.rate })
      token = me
    else
      row = c.get("stale:" .. key)
    end
  end)
  return row, token
end

local function lease_set(key, row, token)
  cache.atomic(function(c)
    if c.get("lease:" .. key) == token then
      c.set("lease:" .. key, "void", { keepttl = true })
      c.set(key, row)
    end
  end)
end

local function delete(key)
  cache.atomic(function(c)
    local row = c.get(key)
    if row then c.set("stale:" .. key, row, { ttl = settings.stale }) end
    c.del(key)
    c.set("lease:" .. key, "void", { xx = true, keepttl = true })
  end)
end

function read(key)
  local me = unique()
  local row, token = lease_get(key, me)
  while not row and not token do
    if sleep(settings.wait, { give_up = settings.give_up }) == "gave up" then return db.read(key) end
    row, token = lease_get(key, me)
  end
  if row then return row end
  row = db.read(key)
  if row then lease_set(key, row, token) end
  return row
end

function write(key)
  db.write(key)
  delete(key)
end

function on_start(key, start)
  if start == "warm" then cache.set(key, db.read(key)) end
end
