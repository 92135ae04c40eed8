-- facebook-lease.lua without leases: plain get, set and delete of memcached.

function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  -- The race: a delete that comes here deletes nothing.
  if row then cache.set(key, row) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
end
