-- Restates "write-behind, volatile": { "write": "write-behind" }; an entry is { row, dirty }, and what is dirty is the queue
local function dirty_row(c, key)
  local entry = c.get(key)
  if entry and entry.dirty then return entry.row end
  return c.get("dirty:" .. key)
end

function read(key)
  local entry = cache.get(key)
  if entry then return entry.row end
  local row = db.read(key)
  if row then
    cache.atomic(function(c)
      local old = c.get(key)
      if old and old.dirty then c.set("dirty:" .. key, old.row) end    -- stays queued under a fill
      c.set(key, { row = row, dirty = false })
    end)
  end
  return row
end

local function flush(key)
  local left
  repeat
    sleep(settings.interval)
    local row
    cache.atomic(function(c) row = dirty_row(c, key) end)               -- queue.take
    if not row then return end
    db.write(key, { row = row })
    cache.atomic(function(c)                                            -- cache.clean
      local now = dirty_row(c, key)
      left = now and now ~= row
      if now == row then
        local entry = c.get(key)
        if entry and entry.dirty then c.set(key, { row = row, dirty = false }, { keepttl = true }) end
        c.del("dirty:" .. key)
      end
    end)
  until not left
end

function write(key)
  local queued
  cache.atomic(function(c)                                              -- cache.write
    queued = dirty_row(c, key)
    c.del("dirty:" .. key)
    c.set(key, { row = new_row(key), dirty = true })
  end)
  if not queued then
    spawn(function() flush(key) end, { durable = true })
  end
end
