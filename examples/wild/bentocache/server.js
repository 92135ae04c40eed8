// A user's profile behind bentocache: read with getOrSet, written to the database and then deleted.
//
// LAYERS=redis is one layer; memory,redis are two; memory,redis,bus adds the bus. INSTANCES=2 reads
// through one instance and writes through another, as two processes of a service would: each has a
// memory of its own.
const express = require('express');
const { Pool } = require('pg');

const app = express();
const database = new Pool({ connectionString: process.env.DATABASE_URL });
const layers = (process.env.LAYERS ?? 'redis').split(',');

async function load(id) {
  const { rows } = await database.query('SELECT id, name FROM users WHERE id = $1', [id]);
  return rows[0];
}

async function makeCache() {
  const { BentoCache, bentostore } = await import('bentocache');
  const { memoryDriver } = await import('bentocache/drivers/memory');
  const { redisDriver, redisBusDriver } = await import('bentocache/drivers/redis');
  const url = new URL(process.env.REDIS_URL);
  const connection = { host: url.hostname, port: Number(url.port) };
  let store = bentostore().useL2Layer(redisDriver({ connection }));
  if (layers.includes('memory')) store = store.useL1Layer(memoryDriver({ maxSize: '10mb' }));
  if (layers.includes('bus')) store = store.useBus(redisBusDriver({ connection }));
  return new BentoCache({ default: 'users', stores: { users: store } });
}

async function main() {
  const reading = await makeCache();
  const writing = process.env.INSTANCES === '2' ? await makeCache() : reading;

  app.use(express.json());

  app.get('/health', (req, res) => res.send('ok'));

  app.get('/users/:id', async (req, res) => {
    const { id } = req.params;
    res.json(await reading.getOrSet({ key: `user:${id}`, ttl: '1h', factory: () => load(id) }));
  });

  app.put('/users/:id', async (req, res) => {
    const sql = 'UPDATE users SET name = $1 WHERE id = $2';
    await database.query(sql, [req.body.name, req.params.id]);
    await writing.delete({ key: `user:${req.params.id}` });
    res.sendStatus(204);
  });

  app.listen(process.env.PORT);
}

main();
