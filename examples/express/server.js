// A profile behind a cache: read cache-aside, written to the database and then deleted from the cache.
const express = require('express');
const Redis = require('ioredis');
const { Pool } = require('pg');

const cache = new Redis(process.env.REDIS_URL);
const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const app = express();
app.use(express.json());

app.get('/health', (request, response) => response.send('ok'));

app.get('/users/:id', async (request, response) => {
  const key = `user:${request.params.id}`;
  const cached = await cache.get(key);
  if (cached !== null) return response.json(JSON.parse(cached));
  const found = await pool.query('SELECT name FROM users WHERE id = $1', [request.params.id]);
  const user = { name: found.rows[0].name };
  await cache.set(key, JSON.stringify(user));
  response.json(user);
});

app.put('/users/:id', async (request, response) => {
  await pool.query('UPDATE users SET name = $1 WHERE id = $2', [request.body.name, request.params.id]);
  await cache.del(`user:${request.params.id}`);
  response.json({ saved: true });
});

app.listen(process.env.PORT);
