-- Restates "write-behind, volatile": { "write": "write-behind" }; an entry is { row, queued, timer }: what is queued is lost with it
function read(key)
  local entry = cache.get(key)
  if entry then return entry.row end
  local row = db.read(key)
  if row then
    cache.atomic(function(c)                            -- what is queued stays queued under a fill
      local old = c.get(key) or {}
      c.set(key, { row = row, queued = old.queued, timer = old.timer })
    end)
  end
  return row
end

local function flush(key)
  sleep(settings.interval)
  while true do
    local answered, row
    cache.atomic(function(c)                            -- queue.take; the timer stops when it finds nothing
      local entry = c.get(key) or {}
      answered, row = true, entry.queued
      if entry.row and not row then c.set(key, { row = entry.row }, { keepttl = true }) end
    end)
    if answered and not row then return end
    if answered and pcall(db.write, key, { row = row }) then
      cache.atomic(function(c)                          -- cache.clean, unless it was written again
        local entry = c.get(key) or {}
        if entry.queued == row then c.set(key, { row = entry.row, timer = true }, { keepttl = true }) end
      end)
    else
      sleep(settings.interval)
    end
  end
end

function write(key)
  local timer
  cache.atomic(function(c)                              -- cache.write
    timer = (c.get(key) or {}).timer
    local row = new_row(key)
    c.set(key, { row = row, queued = row, timer = true })
  end)
  if not timer then
    spawn(function() flush(key) end, { durable = true })
  end
end
