// A user's profile: read cache-aside, written to the database and then deleted from the cache.
const express = require('express');
const Redis = require('ioredis');
const { Pool } = require('pg');

const app = express();
const cache = new Redis(process.env.REDIS_URL);
const database = new Pool({ connectionString: process.env.DATABASE_URL });

const handle = (handler) => (req, res, next) => handler(req, res).catch(next);

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', handle(async (req, res) => {
  const key = `user:${req.params.id}`;
  const cached = await cache.get(key);
  if (cached !== null) return res.json(JSON.parse(cached));
  const sql = 'SELECT id, name FROM users WHERE id = $1';
  const { rows } = await database.query(sql, [req.params.id]);
  if (rows.length === 0) return res.sendStatus(404);
  await cache.set(key, JSON.stringify(rows[0]));
  res.json(rows[0]);
}));

app.put('/users/:id', handle(async (req, res) => {
  const { name } = req.body;
  await database.query('UPDATE users SET name = $1 WHERE id = $2', [name, req.params.id]);
  await cache.del(`user:${req.params.id}`);
  res.sendStatus(204);
}));

app.listen(process.env.PORT);
