-- Follows activesupport/lib/active_support/cache.rb of Rails 8.2 (main): fetch, handle_expired_entry;
-- and redis_cache_store.rb: write_serialized_entry, delete_entry.
-- An entry knows when it expires ("soft" here), and Redis keeps it for longer, so that it can still
-- be put back. Rails keeps it for 5 minutes more, and deletes one that expired longer ago than
-- race_condition_ttl when it meets it; here Redis drops it at that moment.

function read(key)  -- Rails.cache.fetch(key, expires_in:, race_condition_ttl:) { User.find(7) }
  local value, age = cache.get(key)
  if value and age ~= "soft" then return value end
  if value then
    -- The race: the expired value is stored again, for the readers that come while we load. If the
    -- entry has been deleted since our GET, this brings it back.
    local again, twice = settings.race_condition_ttl, settings.twice_race_condition_ttl
    cache.set(key, value, { soft = again, ttl = twice })
  end
  value = db.read(key)
  if value then cache.set(key, value, { soft = settings.expires_in, ttl = settings.kept_for }) end
  return value
end

function write(key)  -- after_commit { Rails.cache.delete(key) }
  db.write(key)
  cache.del(key)
end
