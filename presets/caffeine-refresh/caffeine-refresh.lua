-- Follows BoundedLocalCache.java of Caffeine 3.2.4: computeIfAbsent, refreshIfNeeded, remove; and, with
-- "discard" off, of Caffeine 2.9.3. A LoadingCache with refreshAfterWrite, in the process's own memory;
-- the writer calls cache.invalidate(key). expireAfterWrite is left out.
-- An entry is one table: its row, when it was written (a token), whether refreshAfterWrite is over
-- ("due"), and who refreshes it.

local function new_entry(row)
  return { row = row, written = unique(), due = false }
end

local function start_clock(key, written)
  spawn(function()
    sleep(settings.refresh_after_write)
    memory.update(key, function(now)
      if not now or now.written ~= written then return now end
      return { row = now.row, written = written, due = true, refresh = now.refresh }
    end)
  end)
end

local function reload(key, old, me)
  -- The race: somebody may invalidate the key after this has read the row.
  local row = db.read(key)
  if not row then return end
  local new = new_entry(row)
  local now = memory.update(key, function(now)  -- ConcurrentHashMap.compute
    if not now then
      if settings.discard then return nil end  -- since 3.0: an invalidation discards the refresh
      return new
    end
    if now.written == old.written and now.refresh == me then return new end
    return now
  end)
  if now and now.written == new.written then start_clock(key, new.written) end
end

function read(key)  -- cache.get(key)
  local entry = memory.get(key)
  if entry then
    if entry.due and not entry.refresh then
      local me = unique()
      local now = memory.update(key, function(now)
        if not now or now.written ~= entry.written or now.refresh then return now end
        return { row = now.row, written = now.written, due = true, refresh = me }
      end)
      if now and now.refresh == me then spawn(function() reload(key, entry, me) end) end
    end
    return entry.row
  end
  memory.lock("bin of " .. key)  -- loads inside compute: an invalidation waits for the load
  entry = memory.get(key)
  if not entry then
    local row = db.read(key)
    if row then
      entry = new_entry(row)
      memory.set(key, entry)
      start_clock(key, entry.written)
    end
  end
  memory.unlock("bin of " .. key)
  return entry and entry.row
end

function write(key)
  db.write(key)
  memory.lock("bin of " .. key)  -- cache.invalidate(key)
  memory.del(key)
  memory.unlock("bin of " .. key)
end
