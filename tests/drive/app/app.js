// The same service for Node, whose clients share connections. The environment variable WAY says how
// it behaves. Packages are those of examples/express.
const http = require('node:http');
const Redis = require('ioredis');
const { Pool } = require('pg');

const way = process.env.WAY;
const cache = new Redis(process.env.REDIS_URL, {
  enableAutoPipelining: way === 'auto-pipelining',
});
const database = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: way === 'one-connection' ? 1 : 10,
});

function query(text, values) {
  const name = way === 'prepared' ? text.slice(0, 6) : undefined;
  return database.query({ name, text, values });
}

async function read(id) {
  const key = `user:${id}`;
  const held = await cache.get(key);
  if (held !== null) return held;
  const { rows } = await query('SELECT name FROM users WHERE id = $1', [id]);
  const value = JSON.stringify({ name: rows[0].name });
  if (way === 'promise-all') {
    await Promise.all([cache.set(key, value), cache.set(`copy:${id}`, value)]);
  } else {
    await cache.set(key, value);
  }
  return value;
}

async function write(id, name) {
  await query('UPDATE users SET name = $1 WHERE id = $2', [name, id]);
  if (way === 'promise-all') {
    await Promise.all([cache.del(`user:${id}`), cache.del(`copy:${id}`)]);
  } else if (way === 'multi') {
    await cache.multi().incr(`writes:${id}`).del(`user:${id}`).exec();
  } else {
    await cache.del(`user:${id}`);
  }
  return 'saved';
}

async function answer(request) {
  if (request.url === '/health') return 'ok';
  const id = Number(request.url.split('/')[2]);
  if (request.method === 'GET') return read(id);
  let body = '';
  for await (const part of request) body += part;
  return write(id, JSON.parse(body).name);
}

http.createServer(async (request, response) => {
  try {
    response.end(await answer(request));
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(process.env.PORT, '127.0.0.1');
