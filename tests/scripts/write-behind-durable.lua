-- Restates "write-behind, durable": { "write": {"write-behind": {"queue": "durable"}} }
-- The queue is { timer, items }: whether a flush is coming, and { key, row } of each queued key, the oldest first.
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

local function append(items, key, row)                  -- coalesced: a key keeps its place
  local new, place = {}, #items + 1
  for i, item in ipairs(items) do
    new[i] = item
    if item.key == key then place = i end
  end
  new[place] = { key = key, row = row }
  return new
end

local function clean(items, key, row)                   -- unless it was written again meanwhile
  local new = {}
  for _, item in ipairs(items) do
    if item.key ~= key or item.row ~= row then new[#new + 1] = item end
  end
  return new
end

local function flush()
  while true do
    sleep(settings.interval)
    for i = 1, settings.batch do
      local item
      memory.update("queue", function(queue)            -- queue.take; the timer stops when it finds nothing
        item = queue.items[1]
        return { timer = item ~= nil, items = queue.items }
      end)
      if not item then return end
      if not pcall(db.write, item.key, { row = item.row }) then break end
      local over
      memory.update("queue", function(queue)            -- cache.clean; or when the batch ends with the last write
        local items = clean(queue.items, item.key, item.row)
        over = i == settings.batch and #items == 0
        return { timer = not over, items = items }
      end)
      if over then return end
    end
  end
end

function write(key)
  local row, timer
  memory.update("queue", function(queue)                -- queue.append
    queue = queue or { timer = false, items = {} }
    row, timer = new_row(key), queue.timer
    return { timer = true, items = append(queue.items, key, row) }
  end)
  if not timer then spawn(flush, { durable = true }) end
  cache.set(key, row)
end
