local copies = {}

function read(key)
  copies[key] = copies[key] or db.read(key)
  return copies[key]
end

function write(key) db.write(key) end
