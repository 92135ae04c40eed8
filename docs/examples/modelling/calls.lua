-- Every call of the table in modelling.md, once.
function read(key)
  local row = memory.get(key)
  if row then return row end
  row = once(key, function()
    return cache.get(key) or db.read(key)
  end)
  forget(key)
  if row then
    cache.set(key, row, { ttl = "60s" })
    memory.set(key, row, { ttl = "1s" })
  end
  return row
end

function write(key)
  local row = db.read(key)
  row = db.write(key, { if_version = row.version })
  if not row then fail("another writer was faster") end
  local ok = pcall(function() cache.del(key) end)
  if not ok then note("no answer from the cache") end
  spawn(function()
    sleep("1s")
    cache.del(key)
  end, { durable = true })
  cache.publish("deleted", key)
end

function on_message(channel, key)
  memory.del(key)
end

function rename(key)
  db.transaction(function(tx)
    tx.read(key)
    tx.write(key)
  end)
  cache.multi(function(c)
    c.del(key)
    c.incr("renamed")
  end)
end

function look(key)
  memory.lock("look")
  local row
  if choose(2) == 1 then row = db.read_replica(key) else row = db.read(key) end
  memory.unlock("look")
  return row
end
