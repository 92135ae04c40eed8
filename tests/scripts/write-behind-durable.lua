-- Restates "write-behind, durable": { "write": {"write-behind": {"queue": "durable"}} }; the queue is a list of { key, row }, the oldest first
function read(key)
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

local function queued(queue, key, row)                  -- coalesced: one place in the queue for each key
  local new, found = {}, false
  for i, item in ipairs(queue or {}) do
    if item.key == key then
      item, found = { key = key, row = row }, true
    end
    new[i] = item
  end
  if not found then new[#new + 1] = { key = key, row = row } end
  return new
end

local function without(queue, done)                     -- unless it was written again meanwhile
  local new = {}
  for _, item in ipairs(queue) do
    if item.key ~= done.key or item.row ~= done.row then new[#new + 1] = item end
  end
  return new
end

local function flush()
  local queue
  repeat
    sleep(settings.interval)
    for _ = 1, settings.batch do
      local item = (memory.get("queue") or {})[1]                           -- queue.take
      if not item then break end
      db.write(item.key, { row = item.row })
      memory.update("queue", function(old)                                  -- cache.clean
        queue = without(old, item)
        return queue
      end)
      if #queue == 0 then return end
    end
  until not queue or #queue == 0
end

function write(key)
  local row, was_empty
  memory.update("queue", function(old)                                      -- queue.append
    row, was_empty = new_row(key), not old or #old == 0
    return queued(old, key, row)
  end)
  if was_empty then spawn(flush, { durable = true }) end
  cache.set(key, row)
end
