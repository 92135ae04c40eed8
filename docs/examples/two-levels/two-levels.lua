-- A copy in the memory of each process, in front of Redis. Deletes are announced on a channel.
function read(key)
  local row = memory.get(key)
  if row then return row end
  row = cache.get(key)
  if not row then
    row = db.read(key)
    if row then cache.set(key, row, { ttl = settings.ttl }) end
  end
  if row then memory.set(key, row, { ttl = settings.memory_ttl }) end
  return row
end

function write(key)
  db.write(key)
  cache.del(key)
  memory.del(key)
  cache.publish("deleted", key)
end

function on_message(channel, key)
  memory.del(key)
end
