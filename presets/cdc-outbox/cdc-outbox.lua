-- Follows the documentation of Debezium 2.x, transformations/outbox-event-router.adoc: the row and an
-- event in the outbox table are one transaction; a connector reads the log of the database, and a
-- consumer deletes the entry. Events are delivered in order, at least once.
-- The task below begins with the commit, and no crash of the writer ends it: it is the event, the
-- connector and the consumer.

function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  -- The race: the consumer may delete here. An outbox loses no delete, but it stops no slow reader.
  if row then cache.set(key, row) end
  return row
end

local function consume(key)
  sleep(settings.lag)
  -- The offset is committed only when the entry is gone.
  while not pcall(function() cache.del(key) end) do end
end

function write(key)
  db.write(key)  -- INSERT INTO outbox in the same transaction
  if settings.outbox then spawn(function() consume(key) end, { durable = true }) end
  -- The other race: a process that dies here has committed, and deletes nothing.
  if settings.delete then cache.del(key) end
end
