// The package `redis` (node-redis): node node-redis.mjs PORT RESP
import { createClient, ErrorReply, WatchError } from 'redis';
import { check, finish, near, newer, ok, rejects, same, sorted, until } from './check.mjs';

const [port, resp] = process.argv.slice(2).map(Number);
const client = createClient({ socket: { port, host: '127.0.0.1' }, RESP: resp });
client.on('error', (error) => console.log(`client: ${error}`));
await client.connect();
await client.flushAll();
const future = new Date(33177117420000);

await check('set and get', async () => {
  same(await client.set('k', 'v'), 'OK');
  same(await client.get('k'), 'v');
  same(await client.get('absent'), null);
  same(await client.set('k', 'w', { NX: true }), null);
  same(await client.set('k', 'w', { XX: true, GET: true }), 'v');
  same(await client.set('k', 'x', { condition: 'XX', expiration: { type: 'EX', value: 100 } }), 'OK');
  near(await client.ttl('k'), 100, 2);
  same(await client.set('k', 'x', { expiration: 'KEEPTTL' }), 'OK');
  near(await client.pTTL('k'), 100_000, 2000);
});
await check('append, strLen, getRange, setRange', async () => {
  same(await client.append('a', 'Hello'), 5);
  same(await client.strLen('a'), 5);
  same(await client.getRange('a', 1, -2), 'ell');
  same(await client.setRange('a', 1, 'u'), 5);
  same(await client.get('a'), 'Hullo');
});
await check('counters', async () => {
  same(await client.incr('n'), 1);
  same(await client.incrBy('n', 41), 42);
  same(await client.decr('n'), 41);
  same(await client.decrBy('n', 1), 40);
  same(await client.incrByFloat('n', 0.5), '40.5');
  await rejects(client.incr('n'), (e) => e instanceof ErrorReply && e.message === 'ERR value is not an integer or out of range');
});
await check('getDel, getEx, getSet, setEx, pSetEx, setNX', async () => {
  same(await client.setEx('e', 100, 'v'), 'OK');
  same(await client.pSetEx('p', 100_000, 'v'), 'OK');
  same(await client.getEx('e', { type: 'PERSIST' }), 'v');
  same(await client.ttl('e'), -1);
  same(await client.getSet('e', 'w'), 'v');
  same(await client.getDel('e'), 'w');
  same(await client.setNX('e', 'v'), 1);
  same(await client.setNX('e', 'v'), 0);
});
await check('mSet, mGet, mSetNX', async () => {
  same(await client.mSet({ m1: 'a', m2: 'b' }), 'OK');
  same(await client.mGet(['m1', 'absent', 'm2']), ['a', null, 'b']);
  same(await client.mSetNX({ m1: 'x', m3: 'y' }), 0);
  same(await client.mSetNX({ m3: 'y' }), 1);
});
await check('lcs', async () => {
  await client.mSet({ x: 'ohmytext', y: 'mynewtext' });
  same(await client.lcs('x', 'y'), 'mytext');
  same(await client.lcsLen('x', 'y'), 6);
  same((await client.lcsIdx('x', 'y', { MINMATCHLEN: 4 })).matches, [[[4, 7], [5, 8]]]);
  same((await client.lcsIdxWithMatchLen('x', 'y')).len, 6);
});
await check('exists, type, touch, del, unlink', async () => {
  await client.mSet({ d1: '1', d2: '2', d3: '3' });
  same(await client.exists(['d1', 'd2', 'absent']), 2);
  same(await client.type('d1'), 'string');
  same(await client.type('absent'), 'none');
  same(await client.touch(['d1', 'd2']), 2);
  same(await client.del(['d1', 'absent']), 1);
  same(await client.unlink(['d2', 'd3']), 2);
});
await check('expiry', async () => {
  await client.set('t', 'v');
  same(await client.expire('t', 100), 1);
  same(await client.expire('t', 50, 'GT'), 0);
  same(await client.pExpire('t', 100_000), 1);
  same(await client.expireAt('t', future), 1);
  same(await client.expireTime('t'), 33177117420);
  same(await client.pExpireAt('t', future, 'XX'), 1);
  same(await client.pExpireTime('t'), 33177117420000);
  same(await client.persist('t'), 1);
  same(await client.pTTL('t'), -1);
});
await check('rename, renameNX, copy, move, swapDb', async () => {
  await client.set('r', 'v');
  same(await client.rename('r', 's'), 'OK');
  same(await client.renameNX('s', 'r'), 1);
  same(await client.copy('r', 's'), 1);
  same(await client.copy('r', 's', { DB: 1, REPLACE: true }), 1);
  same(await client.move('r', 2), 1);
  same(await client.swapDb(1, 2), 'OK');
  await client.select(1);
  same(await client.get('r'), 'v');
  await client.select(0);
});
await check('keys, scan, randomKey, dbSize', async () => {
  await client.flushDb();
  same(await client.randomKey(), null);
  for (let i = 0; i < 300; i++) await client.set(`scan:${i}`, `${i}`);
  same(await client.dbSize(), 300);
  same((await client.keys('scan:1?')).length, 10);
  const seen = new Set();
  for await (const keys of client.scanIterator({ MATCH: 'scan:*', COUNT: 20, TYPE: 'string' })) keys.forEach((k) => seen.add(k));
  same(seen.size, 300);
  ok((await client.randomKey()).startsWith('scan:'));
  same((await client.scan('0', { COUNT: 1000 })).keys.length, 300);
});
await check('objects', async () => {
  await client.set('o', '12');
  await client.set('text', 'no small integer, which redis shares');
  same(await client.objectEncoding('o'), 'int');
  same(typeof await client.objectRefCount('o'), 'number');
  near(await client.objectIdleTime('text'), 0, 5);
});
await check('a transaction', async () => {
  same(await client.multi().set('tx', '1').incr('tx').get('tx').exec(), ['OK', 2, '2']);
  await rejects(client.multi().set('tx', 'v').incr('tx').exec(), /errors during the MULTI\/EXEC|1 commands failed/);
  same(await client.multi().set('a', '1').get('a').execAsPipeline(), ['OK', '1']);
});
await check('WATCH', async () => {
  const other = client.duplicate();
  await other.connect();
  await client.watch('w');
  await other.set('w', '1');
  await rejects(client.multi().get('w').exec(), WatchError);
  await client.watch('w');
  await client.unwatch();
  same(await client.multi().get('w').exec(), ['1']);
  await other.close();
});
await check('publish and subscribe', async () => {
  const subscriber = client.duplicate();
  await subscriber.connect();
  const heard = [];
  await subscriber.subscribe('c', (message, channel) => heard.push(`${channel} ${message}`));
  await subscriber.pSubscribe('p.*', (message, channel) => heard.push(`${channel} ${message}`));
  same(await client.publish('c', 'one'), 1);
  same(await client.publish('p.x', 'two'), 1);
  same(await client.publish('nobody', 'three'), 0);
  await until(() => heard.length === 2, 'two messages');
  same(heard, ['c one', 'p.x two']);
  same(sorted(await client.pubSubChannels()), ['c']);
  same({ ...await client.pubSubNumSub(['c', 'd']) }, { c: 1, d: 0 });
  same(await client.pubSubNumPat(), 1);
  await subscriber.unsubscribe('c');
  await subscriber.pUnsubscribe();
  same(await client.publish('c', 'gone'), 0);
  await subscriber.close();
});
await check('binary values', async () => {
  const raw = client.withTypeMapping({ 36: Buffer });
  const bytes = Buffer.from([0, 255, 13, 10, 128]);
  await client.set('bin', bytes);
  same(await raw.get('bin'), bytes);
});
await check('connection and server', async () => {
  same(await client.ping(), 'PONG');
  same(await client.ping('hello'), 'hello');
  same(await client.echo('hello'), 'hello');
  ok(await client.clientId() > 0);
  same(await client.clientSetName('me'), 'OK');
  same(await client.clientGetName(), 'me');
  same((await client.clientInfo()).name, 'me');
  ok((await client.clientList()).length >= 1);
  ok((await client.info()).includes('redis_version:'));
  same({ ...await client.configGet('databases') }, { databases: '16' });
  same(await client.configSet('timeout', '0'), 'OK');
  ok(await client.time());
  ok(await client.commandCount() > 50);
  ok((await client.commandList()).includes('get'));
  same((await client.commandInfo(['get']))[0].arity, 2);
  same(await client.commandGetKeys(['MSET', 'a', '1', 'b', '2']), ['a', 'b']);
  same((await client.commandGetKeysAndFlags(['GET', 'a']))[0].key, 'a');
  await rejects(client.sendCommand(['BOGUS']), /unknown command 'BOGUS'/);
});
const plain = (value) => JSON.parse(JSON.stringify(value));
await check('streams', async () => {
  same(await client.xAdd('x', '1-1', { f: 'v' }), '1-1');
  same(await client.xAdd('x', '2-*', { f: 'v', g: 'w' }), '2-0');
  ok(/^\d+-\d+$/.test(await client.xAdd('x', '*', { f: 'v' }, { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: 1000 } })));
  same(await client.xAddNoMkStream('absent', '*', { f: 'v' }), null);
  same(await client.xLen('x'), 3);
  same(plain(await client.xRange('x', '-', '+', { COUNT: 2 })), [{ id: '1-1', message: { f: 'v' } }, { id: '2-0', message: { f: 'v', g: 'w' } }]);
  same((await client.xRevRange('x', '(2-0', '-'))[0].id, '1-1');
  same(await client.xDel('x', ['1-1', '9-9']), 1);
  same(await client.xTrim('x', 'MAXLEN', 1), 1);
  same(await client.xTrim('x', 'MINID', '18446744073709551615'), 1);
  same(await client.xSetId('x', '9999999999999-0'), 'OK');
  same((await client.xInfoStream('x'))['last-generated-id'], '9999999999999-0');
  await rejects(client.xAdd('x', '5-5', { f: 'v' }), /equal or smaller/);
});
await check('consumer groups', async () => {
  same(await client.xGroupCreate('jobs', 'g', '$', { MKSTREAM: true }), 'OK');
  await rejects(client.xGroupCreate('jobs', 'g', '$'), /BUSYGROUP/);
  same(await client.xGroupCreateConsumer('jobs', 'g', 'early'), 1);
  for (const id of ['1-1', '2-1', '3-1']) await client.xAdd('jobs', id, { job: id });
  same(plain(await client.xReadGroup('g', 'bob', { key: 'jobs', id: '>' }, { COUNT: 2 })),
    [{ name: 'jobs', messages: [{ id: '1-1', message: { job: '1-1' } }, { id: '2-1', message: { job: '2-1' } }] }]);
  const pending = await client.xPending('jobs', 'g');
  same([pending.pending, pending.firstId, pending.lastId], [2, '1-1', '2-1']);
  same((await client.xPendingRange('jobs', 'g', '-', '+', 10)).map((one) => [one.id, one.consumer, one.deliveriesCounter]), [['1-1', 'bob', 1], ['2-1', 'bob', 1]]);
  same(await client.xAck('jobs', 'g', '1-1'), 1);
  same(plain(await client.xClaim('jobs', 'g', 'alice', 0, '2-1')), [{ id: '2-1', message: { job: '2-1' } }]);
  same(plain(await client.xAutoClaim('jobs', 'g', 'carol', 0, '0')), { nextId: '0-0', messages: [{ id: '2-1', message: { job: '2-1' } }], deletedMessages: [] });
  same(sorted((await client.xInfoConsumers('jobs', 'g')).map((one) => one.name)), ['alice', 'bob', 'carol', 'early']);
  same((await client.xInfoGroups('jobs'))[0].name, 'g');
  same(await client.xGroupSetId('jobs', 'g', '0'), 'OK');
  same(await client.xGroupDelConsumer('jobs', 'g', 'carol'), 1);
  same(await client.xGroupDestroy('jobs', 'g'), 1);
});
await check('a reader that waits, and workers that wait for jobs', async () => {
  const reader = await client.duplicate().connect();
  const read = reader.xRead({ key: 'work', id: '$' }, { BLOCK: 0, COUNT: 1 });
  await until(async () => (await client.clientList()).some((one) => one.cmd === 'xread'), 'a waiting reader');
  await client.xGroupCreate('work', 'g', '0', { MKSTREAM: true });
  const done = [];
  const workers = ['ann', 'ben', 'cyd'].map(async (name) => {
    const own = await client.duplicate().connect();
    for (;;) {
      const [{ messages: [{ id, message: { job } }] }] = await own.xReadGroup('g', name, { key: 'work', id: '>' }, { COUNT: 1, BLOCK: 0 });
      await own.xAck('work', 'g', id);
      if (job === 'stop') break;
      done.push(Number(job));
    }
    await own.close();
  });
  for (let i = 0; i < 300; i++) await client.xAdd('work', '*', { job: `${i}` });
  for (let i = 0; i < workers.length; i++) await client.xAdd('work', '*', { job: 'stop' });
  await Promise.all(workers);
  same([...done].sort((a, b) => a - b), Array.from({ length: 300 }, (_, i) => i));
  same((await client.xPending('work', 'g')).pending, 0);
  same((await read)[0].messages[0].message.job, '0');
  await reader.close();
});
await newer('delEx, digest, mSetEx, increx', async () => {
  await client.set('k', 'Hello world');
  same(await client.digest('k'), 'b6acb9d84a38ff74');
  same(await client.delEx('k', { condition: 'IFEQ', matchValue: 'nope' }), 0);
  same(await client.delEx('k'), 1);
  same(await client.mSetEx(['a', '1', 'b', '2'], { expiration: { type: 'EX', value: 100 } }), 1);
  same(await client.set('c', '1', { condition: 'IFEQ', matchValue: 'x' }), null);
});
await check('a thousand at once', async () => {
  const got = await Promise.all(Array.from({ length: 1000 }, (_, i) => client.set(`many:${i}`, `${i}`).then(() => client.get(`many:${i}`))));
  same(got, Array.from({ length: 1000 }, (_, i) => `${i}`));
});
await check('flush and goodbye', async () => {
  same(await client.flushAll(), 'OK');
  same(await client.dbSize(), 0);
  await client.close();
});
finish();
