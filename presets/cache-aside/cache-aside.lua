-- Follows Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 2: memcache as a
-- demand-filled look-aside cache. A read that misses loads and stores; a write deletes.

function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  -- The race: a writer may commit and delete right here. Nobody will delete what is stored now.
  if row then cache.set(key, row, { ttl = settings.ttl }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
