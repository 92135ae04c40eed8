-- Follows includes/libs/objectcache/wancache/WANObjectCache.php of MediaWiki 1.39 and 1.40:
-- getWithSetCallback (fetchOrRegenerate, claimStampedeLock, setInterimValue), set, delete. Defaults: no
-- check keys, no lockTSE, no process cache. Rows are read from a replica, and the delete is issued
-- just before the commit, as delete() recommends.
-- Left out, because it needs a clock: set() refuses a value whose snapshot is older than 7 s.

function read(key)
  local found = cache.get(key)
  if found and not found.purged then return found.row end

  if not found then
    local row = db.read_replica(key)
    -- The race: the replica may lag behind a commit. A tombstone that is still there refuses the add.
    if row then cache.set(key, { row = row }, { nx = true, ttl = settings.ttl }) end
    return row
  end

  -- The key is tombstoned. What is loaded goes under another name, for a second.
  local interim, age = cache.get("interim:" .. key)
  if interim and interim.purged == found.purged and age ~= "soft" then return interim.row end
  local locked = cache.set("mutex:" .. key, 1, { nx = true, ttl = "10s" })
  if not locked and interim then return interim.row end
  local row = db.read_replica(key)
  if row then
    cache.set("interim:" .. key, { row = row, purged = found.purged }, { soft = "100ms", ttl = "1s" })
  end
  if locked then cache.del("mutex:" .. key) end  -- changeTTL into the past, whoever holds it
  return row
end

function write(key)
  db.transaction(function(tx)
    tx.write(key)
    cache.set(key, { purged = unique() }, { ttl = settings.holdoff })  -- the tombstone
  end)
end
