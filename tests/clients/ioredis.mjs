// The package `ioredis`: node ioredis.mjs PORT
import { Redis } from 'ioredis';
import { check, finish, near, newer, ok, rejects, same, sorted, until } from './check.mjs';

const port = Number(process.argv[2]);
const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true });
redis.on('error', (error) => console.log(`client: ${error}`));
await redis.connect();
await redis.flushall();

await check('strings', async () => {
  same(await redis.set('k', 'v'), 'OK');
  same(await redis.get('k'), 'v');
  same(await redis.set('k', 'w', 'NX'), null);
  same(await redis.set('k', 'w', 'EX', 100, 'GET'), 'v');
  near(await redis.ttl('k'), 100, 2);
  same(await redis.setex('s', 100, 'v'), 'OK');
  same(await redis.psetex('s', 100_000, 'v'), 'OK');
  same(await redis.setnx('s', 'w'), 0);
  same(await redis.getset('s', 'w'), 'v');
  same(await redis.getex('s', 'PERSIST'), 'w');
  same(await redis.getdel('s'), 'w');
  same(await redis.append('a', 'Hello'), 5);
  same(await redis.strlen('a'), 5);
  same(await redis.getrange('a', 1, -2), 'ell');
  same(await redis.substr('a', 0, 1), 'He');
  same(await redis.setrange('a', 0, 'J'), 5);
  same(await redis.lcs('a', 'a', 'LEN'), 5);
});
await check('counters', async () => {
  same(await redis.incr('n'), 1);
  same(await redis.incrby('n', 41), 42);
  same(await redis.decr('n'), 41);
  same(await redis.decrby('n', 1), 40);
  same(await redis.incrbyfloat('n', 0.5), '40.5');
  await rejects(redis.incr('n'), /ERR value is not an integer or out of range/);
});
await check('many keys', async () => {
  same(await redis.mset({ a: '1', b: '2' }), 'OK');
  same(await redis.mset(new Map([['c', '3']])), 'OK');
  same(await redis.mget('a', 'absent', 'b'), ['1', null, '2']);
  same(await redis.msetnx('a', '1', 'd', '4'), 0);
  same(await redis.exists('a', 'b', 'absent'), 2);
  same(await redis.touch('a', 'b'), 2);
  same(await redis.type('a'), 'string');
  same(await redis.del('a', 'absent'), 1);
  same(await redis.unlink('b', 'c'), 2);
});
await check('expiry', async () => {
  await redis.set('t', 'v');
  same(await redis.expire('t', 100), 1);
  same(await redis.expire('t', 50, 'GT'), 0);
  same(await redis.pexpire('t', 100_000, 'XX'), 1);
  same(await redis.expireat('t', 33177117420), 1);
  same(await redis.expiretime('t'), 33177117420);
  same(await redis.pexpireat('t', 33177117420000), 1);
  same(await redis.pexpiretime('t'), 33177117420000);
  same(await redis.persist('t'), 1);
  same(await redis.pttl('t'), -1);
});
await check('rename, copy, move, databases', async () => {
  await redis.set('r', 'v');
  same(await redis.rename('r', 's'), 'OK');
  same(await redis.renamenx('s', 'r'), 1);
  same(await redis.copy('r', 's'), 1);
  same(await redis.move('r', 2), 1);
  same(await redis.swapdb(2, 3), 'OK');
  same(await redis.select(3), 'OK');
  same(await redis.get('r'), 'v');
  same(await redis.select(0), 'OK');
});
await check('keys and scans', async () => {
  await redis.flushdb();
  same(await redis.randomkey(), null);
  const pipeline = redis.pipeline();
  for (let i = 0; i < 300; i++) pipeline.set(`scan:${i}`, i);
  same((await pipeline.exec()).length, 300);
  same(await redis.dbsize(), 300);
  same((await redis.keys('scan:1?')).length, 10);
  const seen = new Set();
  for await (const keys of redis.scanStream({ match: 'scan:*', count: 20, type: 'string' })) keys.forEach((k) => seen.add(k));
  same(seen.size, 300);
  same((await redis.scan(0, 'COUNT', 1000))[1].length, 300);
  ok((await redis.randomkey()).startsWith('scan:'));
});
await check('objects', async () => {
  await redis.set('o', '12');
  await redis.set('text', 'no small integer, which redis shares');
  same(await redis.object('ENCODING', 'o'), 'int');
  near(await redis.object('IDLETIME', 'text'), 0, 5);
  same(typeof await redis.object('REFCOUNT', 'o'), 'number');
});
await check('transactions and pipelines', async () => {
  same(await redis.multi().set('tx', '1').incr('tx').get('tx').exec(), [[null, 'OK'], [null, 2], [null, '2']]);
  const [[, first], [second]] = await redis.multi().set('tx', 'v').incr('tx').exec();
  same(first, 'OK');
  ok(/not an integer/.test(second.message));
  same(await redis.pipeline().set('p', 'v').get('p').exec(), [[null, 'OK'], [null, 'v']]);
  await rejects(redis.multi().call('BOGUS').exec(), /EXECABORT/);
});
await check('WATCH', async () => {
  const other = redis.duplicate();
  await redis.watch('w');
  await other.set('w', '1');
  same(await redis.multi().get('w').exec(), null);
  await redis.watch('w');
  await redis.unwatch();
  same(await redis.multi().get('w').exec(), [[null, '1']]);
  await other.quit();
});
await check('publish and subscribe', async () => {
  const subscriber = redis.duplicate();
  const heard = [];
  subscriber.on('message', (channel, message) => heard.push(`${channel} ${message}`));
  subscriber.on('pmessage', (pattern, channel, message) => heard.push(`${pattern} ${channel} ${message}`));
  same(await subscriber.subscribe('c', 'd'), 2);
  same(await subscriber.psubscribe('p.*'), 3);
  same(await redis.publish('c', 'one'), 1);
  same(await redis.publish('p.x', 'two'), 1);
  await until(() => heard.length === 2, 'two messages');
  same(heard, ['c one', 'p.* p.x two']);
  same(sorted(await redis.pubsub('CHANNELS')), ['c', 'd']);
  same(await redis.pubsub('NUMSUB', 'c'), ['c', 1]);
  same(await redis.pubsub('NUMPAT'), 1);
  same(await subscriber.unsubscribe('c', 'd'), 1);
  same(await subscriber.punsubscribe('p.*'), 0);
  await subscriber.quit();
});
await check('binary keys and values', async () => {
  const key = Buffer.from([0, 255, 1]);
  const value = Buffer.from([13, 10, 0, 128]);
  same(await redis.set(key, value), 'OK');
  same(await redis.getBuffer(key), value);
});
await check('connection and server', async () => {
  same(await redis.ping(), 'PONG');
  same(await redis.ping('x'), 'x');
  same(await redis.echo('x'), 'x');
  ok(await redis.client('ID') > 0);
  same(await redis.client('SETNAME', 'me'), 'OK');
  same(await redis.client('GETNAME'), 'me');
  ok((await redis.client('LIST')).includes('name=me'));
  ok((await redis.client('INFO')).includes('name=me'));
  ok((await redis.info('server')).includes('redis_version:'));
  same(await redis.config('GET', 'databases'), ['databases', '16']);
  same(await redis.config('SET', 'timeout', '0'), 'OK');
  same((await redis.time()).length, 2);
  ok(await redis.command('COUNT') > 50);
  same(await redis.command('GETKEYS', 'SET', 'k', 'v'), ['k']);
  await rejects(redis.call('BOGUS'), /unknown command 'BOGUS'/);
  await rejects(redis.call('GET'), /wrong number of arguments for 'get' command/);
});
await check('streams', async () => {
  same(await redis.xadd('x', '1-1', 'f', 'v'), '1-1');
  same(await redis.xadd('x', '2-*', 'f', 'v', 'g', 'w'), '2-0');
  ok(/^\d+-\d+$/.test(await redis.xadd('x', 'MAXLEN', '~', 1000, '*', 'f', 'v')));
  same(await redis.xadd('absent', 'NOMKSTREAM', '*', 'f', 'v'), null);
  same(await redis.xlen('x'), 3);
  same(await redis.xrange('x', '-', '+', 'COUNT', 2), [['1-1', ['f', 'v']], ['2-0', ['f', 'v', 'g', 'w']]]);
  same((await redis.xrevrange('x', '(2-0', '-'))[0][0], '1-1');
  same(await redis.xread('COUNT', 1, 'STREAMS', 'x', '0'), [['x', [['1-1', ['f', 'v']]]]]);
  same(await redis.xread('STREAMS', 'x', '$'), null);
  same(await redis.xdel('x', '1-1', '9-9'), 1);
  same(await redis.xtrim('x', 'MAXLEN', 1), 1);
  same(await redis.xtrim('x', 'MINID', '18446744073709551615'), 1);
  same(await redis.xsetid('x', '9999999999999-0'), 'OK');
  const info = await redis.xinfo('STREAM', 'x');
  same(info[info.indexOf('last-generated-id') + 1], '9999999999999-0');
  await rejects(redis.xadd('x', '5-5', 'f', 'v'), /equal or smaller/);
});
await check('consumer groups', async () => {
  same(await redis.xgroup('CREATE', 'jobs', 'g', '$', 'MKSTREAM'), 'OK');
  await rejects(redis.xgroup('CREATE', 'jobs', 'g', '$'), /BUSYGROUP/);
  for (const id of ['1-1', '2-1', '3-1']) await redis.xadd('jobs', id, 'job', id);
  same(await redis.xreadgroup('GROUP', 'g', 'bob', 'COUNT', 2, 'STREAMS', 'jobs', '>'), [['jobs', [['1-1', ['job', '1-1']], ['2-1', ['job', '2-1']]]]]);
  same(await redis.xpending('jobs', 'g'), [2, '1-1', '2-1', [['bob', '2']]]);
  same((await redis.xpending('jobs', 'g', '-', '+', 10, 'bob')).map(([id, name, , times]) => [id, name, times]), [['1-1', 'bob', 1], ['2-1', 'bob', 1]]);
  same(await redis.xack('jobs', 'g', '1-1'), 1);
  same(await redis.xclaim('jobs', 'g', 'alice', 0, '2-1'), [['2-1', ['job', '2-1']]]);
  same(await redis.xautoclaim('jobs', 'g', 'carol', 0, '0', 'JUSTID'), ['0-0', ['2-1'], []]);
  same(await redis.xreadgroup('GROUP', 'g', 'carol', 'STREAMS', 'jobs', '0'), [['jobs', [['2-1', ['job', '2-1']]]]]);
  same((await redis.xinfo('CONSUMERS', 'jobs', 'g')).length, 3);
  same((await redis.xinfo('GROUPS', 'jobs'))[0].slice(0, 2), ['name', 'g']);
  same(await redis.xgroup('DELCONSUMER', 'jobs', 'g', 'carol'), 1);
  same(await redis.xgroup('DESTROY', 'jobs', 'g'), 1);
});
await check('workers that wait for jobs', async () => {
  await redis.xgroup('CREATE', 'work', 'g', '0', 'MKSTREAM');
  const done = [];
  const workers = ['ann', 'ben', 'cyd'].map(async (name) => {
    const own = redis.duplicate();
    for (;;) {
      const [[, jobs]] = await own.xreadgroup('GROUP', 'g', name, 'COUNT', 1, 'BLOCK', 0, 'STREAMS', 'work', '>');
      const [id, [, job]] = jobs[0];
      await own.xack('work', 'g', id);
      if (job === 'stop') break;
      done.push(Number(job));
    }
    await own.quit();
  });
  for (let i = 0; i < 300; i++) await redis.xadd('work', '*', 'job', i);
  for (let i = 0; i < workers.length; i++) await redis.xadd('work', '*', 'job', 'stop');
  await Promise.all(workers);
  same([...done].sort((a, b) => a - b), Array.from({ length: 300 }, (_, i) => i));
  same((await redis.xpending('work', 'g'))[0], 0);
});
await newer('what is newer', async () => {
  await redis.set('k', 'Hello world');
  same(await redis.call('DIGEST', 'k'), 'b6acb9d84a38ff74');
  same(await redis.call('DELEX', 'k', 'IFEQ', 'nope'), 0);
  same(await redis.call('DELIFEQ', 'k', 'Hello world'), 1);
  same(await redis.call('MSETEX', 1, 'k', 'v', 'EX', 100), 1);
  same(await redis.call('INCREX', 'i'), [1, 1]);
});
await check('automatic pipelining', async () => {
  const auto = redis.duplicate({ enableAutoPipelining: true });
  await Promise.all(Array.from({ length: 1000 }, (_, i) => auto.set(`many:${i}`, i)));
  same(await Promise.all(Array.from({ length: 1000 }, (_, i) => auto.get(`many:${i}`))), Array.from({ length: 1000 }, (_, i) => `${i}`));
  await auto.quit();
});
await check('flush and goodbye', async () => {
  same(await redis.flushall(), 'OK');
  same(await redis.dbsize(), 0);
  same(await redis.quit(), 'OK');
});
finish();
