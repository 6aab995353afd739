// The package `redis` (node-redis) with a cache of its own, which the server keeps right: node caching.mjs PORT
import { createClient, createClientPool, BasicClientSideCache, BasicPooledClientSideCache } from 'redis';
import { check, finish, pause, same, until } from './check.mjs';

const port = Number(process.argv[2]);
const socket = { port, host: '127.0.0.1' };
const cache = new BasicClientSideCache({ ttl: 0, maxEntries: 1000, evictPolicy: 'LRU' });
const client = createClient({ socket, RESP: 3, clientSideCache: cache });
const other = createClient({ socket, RESP: 3 });
for (const one of [client, other]) {
  one.on('error', (error) => console.log(`client: ${error}`));
  await one.connect();
}
await other.flushAll();

/** How many reads the cache has answered, and how many the server, while something was done. */
async function reads(run) {
  const before = cache.stats();
  await run();
  const after = cache.stats();
  return { hits: after.hitCount - before.hitCount, misses: after.missCount - before.missCount };
}
const invalidated = (key, run) => new Promise((done, fail) => {
  const listener = (name) => {
    if (name?.toString() !== key) return;
    cache.off('invalidate', listener);
    done();
  };
  cache.on('invalidate', listener);
  run().catch(fail);
});

await check('what was read once is not asked for again', async () => {
  await other.set('k', 'one');
  same(await reads(async () => {
    same(await client.get('k'), 'one');
    same(await client.get('k'), 'one');
    same(await client.get('k'), 'one');
  }), { hits: 2, misses: 1 });
});
await check('what another client changes is asked for again', async () => {
  await invalidated('k', () => other.set('k', 'two'));
  same(await reads(async () => {
    same(await client.get('k'), 'two');
    same(await client.get('k'), 'two');
  }), { hits: 1, misses: 1 });
});
await check('what one changes oneself is asked for again', async () => {
  await invalidated('k', () => client.set('k', 'three'));
  same(await client.get('k'), 'three');
});
await check('what expires is gone', async () => {
  await invalidated('e', async () => {
    await other.set('e', 'v', { expiration: { type: 'PX', value: 200 } });
    await client.get('e');
  });
  same(await client.get('e'), null);
});
await check('keys of several types, and several at once', async () => {
  await other.hSet('h', { a: '1', b: '2' });
  await other.zAdd('z', [{ score: 1, value: 'a' }]);
  same({ ...await client.hGetAll('h') }, { a: '1', b: '2' });
  same(await client.zRange('z', 0, -1), ['a']);
  same(await client.mGet(['k', 'm']), ['three', null]);
  await invalidated('m', () => other.mSet({ k: 'four', m: 'x' }));
  await invalidated('h', () => other.hIncrBy('h', 'a', 1));
  await invalidated('z', () => other.zAdd('z', [{ score: 2, value: 'b' }]));
  same({ ...await client.hGetAll('h') }, { a: '2', b: '2' });
  same(await client.zRange('z', 0, -1), ['a', 'b']);
  same(await client.mGet(['k', 'm']), ['four', 'x']);
});
await check('a transaction of another client', async () => {
  await client.mGet(['t1', 't2']);
  await invalidated('t2', () => other.multi().set('t1', 'a').set('t2', 'b').exec());
  same(await client.mGet(['t1', 't2']), ['a', 'b']);
});
await check('FLUSHALL empties the cache', async () => {
  await client.get('k');
  await other.flushAll();
  await until(() => cache.size() === 0, 'an empty cache');
  same(await client.get('k'), null);
});
await check('a thousand keys, and none is stale', async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `many:${i}`);
  for (const value of ['a', 'b', 'c']) {
    await Promise.all(names.map((name) => other.set(name, value)));
    // The invalidations of all that was changed have come before this reply.
    await client.ping();
    same(await Promise.all(names.map((name) => client.get(name))), names.map(() => value));
  }
});
await check('clients of a pool share a cache', async () => {
  const shared = new BasicPooledClientSideCache({ ttl: 0, maxEntries: 1000, evictPolicy: 'LRU' });
  const pool = createClientPool({ socket, RESP: 3 }, { clientSideCache: shared, minimum: 3 });
  pool.on('error', (error) => console.log(`pool: ${error}`));
  await pool.connect();
  await other.set('p', '1');
  same(await pool.get('p'), '1');
  const hits = shared.stats().hitCount;
  same(await Promise.all(Array.from({ length: 10 }, () => pool.get('p'))), Array(10).fill('1'));
  same(shared.stats().hitCount - hits, 10);
  const gone = new Promise((done) => shared.once('invalidate', done));
  await other.set('p', '2');
  await gone;
  same(await pool.get('p'), '2');
  await pool.close();
});
await check('the server knows who caches', async () => {
  same((await client.clientTrackingInfo()).flags.includes('on'), true);
  await client.close();
  const clients = async () => Number(/tracking_clients:(\d+)/.exec(await other.info('clients'))[1]);
  for (let tries = 0; tries < 100 && await clients() > 0; tries++) await pause(20);
  same(await clients(), 0);
  await other.close();
});
finish();
