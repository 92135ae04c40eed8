// A user's profile behind cache-manager: read with wrap, written to the database and then deleted.
//
// TIERS=redis keeps values in Redis alone; TIERS=memory,redis puts a memory store in front of it.
const express = require('express');
const { createCache } = require('cache-manager');
const { Keyv } = require('keyv');
const { default: KeyvRedis } = require('@keyv/redis');
const { Pool } = require('pg');

const app = express();
const database = new Pool({ connectionString: process.env.DATABASE_URL });

const makers = {
  memory: () => new Keyv(),
  redis: () => new Keyv({ store: new KeyvRedis(process.env.REDIS_URL) }),
};
const tiers = (process.env.TIERS ?? 'redis').split(',');
const cache = createCache({ stores: tiers.map((tier) => makers[tier]()) });

async function load(id) {
  const { rows } = await database.query('SELECT id, name FROM users WHERE id = $1', [id]);
  return rows[0];
}

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', async (req, res) => {
  res.json(await cache.wrap(`user:${req.params.id}`, () => load(req.params.id)));
});

app.put('/users/:id', async (req, res) => {
  const sql = 'UPDATE users SET name = $1 WHERE id = $2';
  await database.query(sql, [req.body.name, req.params.id]);
  await cache.del(`user:${req.params.id}`);
  res.sendStatus(204);
});

app.listen(process.env.PORT);
