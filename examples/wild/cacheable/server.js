// A user's profile behind cacheable: read with getOrSet, written to the database and then deleted.
//
// The primary store is the package's default, the memory of this process; Redis is the secondary.
const express = require('express');
const { Cacheable } = require('cacheable');
const { default: KeyvRedis } = require('@keyv/redis');
const { Pool } = require('pg');

const app = express();
const cache = new Cacheable({ secondary: new KeyvRedis(process.env.REDIS_URL) });
const database = new Pool({ connectionString: process.env.DATABASE_URL });

async function load(id) {
  const { rows } = await database.query('SELECT id, name FROM users WHERE id = $1', [id]);
  return rows[0];
}

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', async (req, res) => {
  res.json(await cache.getOrSet(`user:${req.params.id}`, () => load(req.params.id)));
});

app.put('/users/:id', async (req, res) => {
  const sql = 'UPDATE users SET name = $1 WHERE id = $2';
  await database.query(sql, [req.body.name, req.params.id]);
  await cache.delete(`user:${req.params.id}`);
  res.sendStatus(204);
});

app.listen(process.env.PORT);
