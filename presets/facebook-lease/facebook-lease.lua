-- Follows Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1 (leases), without
-- the stale values. A client that misses gets a token, at most one per key in ten seconds; the others
-- wait and try again. A delete voids the token; a set with a void token is refused.
-- One script of the cache server stands for each command of their memcached.

local function lease_get(key, token)
  local row, granted
  cache.atomic(function(c)
    row = c.get(key)
    if row or c.exists("lease:" .. key) then return end
    c.set("lease:" .. key, token, { ttl = settings.rate })
    granted = true
  end)
  return row, granted
end

local function lease_set(key, row, token)
  cache.atomic(function(c)
    if c.get("lease:" .. key) ~= token then return end  -- deleted since, or too late
    c.set(key, row)
    c.set("lease:" .. key, "void", { xx = true, keepttl = true })  -- used, but no other for a while
  end)
end

local function delete(key)
  cache.atomic(function(c)
    c.del(key)
    c.set("lease:" .. key, "void", { xx = true, keepttl = true })
  end)
end

function read(key)
  local token = unique()
  local row, granted = lease_get(key, token)
  while not row and not granted do
    sleep(settings.wait)
    row, granted = lease_get(key, token)
  end
  if row then return row end
  row = db.read(key)
  -- Here a delete may come. It voids the token, so that what we have loaded is not stored.
  if row then lease_set(key, row, token) end
  return row
end

function write(key)
  -- A delete before the commit voids the tokens too early: the next one is given for the old row.
  if settings.delete == "before" then delete(key) end
  db.write(key)
  if settings.delete == "after" then delete(key) end
end
