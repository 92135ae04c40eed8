-- Restates "Bloom filter": { "guards": [{"bloom-filter": {"bits": 1000}}] }; a false positive is a choice
function read(key)
  if not memory.get("filter:" .. key) and choose(2) == 1 then return nil end
  local row = cache.get(key)
  if row then return row end
  row = db.read(key)
  if row then cache.set(key, row) end
  return row
end

function write(key)
  memory.set("filter:" .. key, true)
  db.write(key)
  cache.del(key)
end

function on_start(key, start)
  if start ~= "absent" then memory.set("filter:" .. key, true) end
  if start == "warm" then read(key) end
end
