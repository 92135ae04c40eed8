// A user's profile behind a cache that refuses a value read before the latest write.
//
// Each write raises the user's generation. A reader stores what it has read only if the generation
// is still the one that it saw before it asked the database.
const express = require('express');
const Redis = require('ioredis');
const { Pool } = require('pg');

const app = express();
const cache = new Redis(process.env.REDIS_URL);
const database = new Pool({ connectionString: process.env.DATABASE_URL });

const handle = (handler) => (req, res, next) => handler(req, res).catch(next);

const STORE_IF_UNCHANGED = `
if (redis.call('GET', KEYS[2]) or '0') == ARGV[2] then
  redis.call('SET', KEYS[1], ARGV[1])
end
`;
const INVALIDATE = `
redis.call('INCR', KEYS[2])
redis.call('DEL', KEYS[1])
`;

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', handle(async (req, res) => {
  const key = `user:${req.params.id}`, generationKey = `gen:${req.params.id}`;
  const [cached, generation] = await cache.mget(key, generationKey);
  if (cached !== null) return res.json(JSON.parse(cached));
  const sql = 'SELECT id, name FROM users WHERE id = $1';
  const { rows } = await database.query(sql, [req.params.id]);
  if (rows.length === 0) return res.sendStatus(404);
  const user = JSON.stringify(rows[0]);
  await cache.eval(STORE_IF_UNCHANGED, 2, key, generationKey, user, generation ?? '0');
  res.json(rows[0]);
}));

app.put('/users/:id', handle(async (req, res) => {
  const { name } = req.body;
  await database.query('UPDATE users SET name = $1 WHERE id = $2', [name, req.params.id]);
  await cache.eval(INVALIDATE, 2, `user:${req.params.id}`, `gen:${req.params.id}`);
  res.sendStatus(204);
}));

app.listen(process.env.PORT);
