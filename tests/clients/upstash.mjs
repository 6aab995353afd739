// The package `@upstash/redis`, over HTTP: node upstash.mjs HTTP_PORT TOKEN READ_ONLY_TOKEN
import { Redis } from '@upstash/redis';
import { check, finish, near, ok, rejects, same } from './check.mjs';

const [httpPort, token, readOnlyToken] = process.argv.slice(2);
const url = `http://127.0.0.1:${httpPort}`;
const plain = new Redis({ url, token, enableTelemetry: false });
const raw = new Redis({ url, token, automaticDeserialization: false, enableAutoPipelining: false });
await plain.flushall();

await check('strings', async () => {
  same(await plain.set('k', 'v'), 'OK');
  same(await plain.get('k'), 'v');
  same(await plain.get('absent'), null);
  same(await plain.set('k', 'w', { nx: true }), null);
  same(await plain.set('k', 'w', { xx: true, get: true, ex: 100 }), 'v');
  near(await plain.ttl('k'), 100, 2);
  same(await plain.set('k', 'x', { keepTtl: true }), 'OK');
  near(await plain.pttl('k'), 100_000, 5000);
  same(await plain.setex('s', 100, 'v'), 'OK');
  same(await plain.psetex('s', 100_000, 'v'), 'OK');
  same(await plain.setnx('s', 'w'), 0);
  same(await plain.getset('s', 'w'), 'v');
  same(await plain.getex('s', { persist: true }), 'w');
  same(await plain.getdel('s'), 'w');
  same(await plain.append('a', 'Hello'), 5);
  same(await plain.strlen('a'), 5);
  same(await plain.getrange('a', 1, -2), 'ell');
  same(await plain.setrange('a', 0, 'J'), 5);
});
await check('values that are JSON', async () => {
  const value = { name: 'Ælfred', list: [1, 2.5, true, null], quote: '"\\\n' };
  same(await plain.set('json', value), 'OK');
  same(await plain.get('json'), value);
  same(await raw.get('json'), JSON.stringify(value));
  same(await plain.set('number', 12.5), 'OK');
  same(await plain.get('number'), 12.5);
  same(await raw.set('ok', 'OK'), 'OK');
  same(await raw.get('ok'), 'OK');
  same(await raw.set('unicode', 'grüße 🚢'), 'OK');
  same(await raw.get('unicode'), 'grüße 🚢');
  same(await raw.set('empty', ''), 'OK');
  same(await raw.get('empty'), '');
});
await check('counters', async () => {
  same(await plain.incr('n'), 1);
  same(await plain.incrby('n', 41), 42);
  same(await plain.decr('n'), 41);
  same(await plain.decrby('n', 1), 40);
  same(await plain.incrbyfloat('n', 0.5), 40.5);
  await rejects(plain.incr('n'), /ERR value is not an integer or out of range/);
  await raw.set('big', '9223372036854775806');
  same(await raw.incr('big'), '9223372036854775807');
});
await check('many keys', async () => {
  same(await plain.mset({ a: 1, b: 2 }), 'OK');
  same(await plain.mget('a', 'absent', 'b'), [1, null, 2]);
  same(await plain.msetnx({ a: 1, d: 4 }), 0);
  same(await plain.exists('a', 'b', 'absent'), 2);
  same(await plain.touch('a', 'b'), 2);
  same(await plain.type('a'), 'string');
  same(await plain.del('a', 'absent'), 1);
  same(await plain.unlink('b'), 1);
});
await check('expiry', async () => {
  await plain.set('t', 'v');
  same(await plain.expire('t', 100), 1);
  same(await plain.expire('t', 50, 'GT'), 0);
  same(await plain.pexpire('t', 100_000), 1);
  same(await plain.expireat('t', 33177117420), 1);
  same(await plain.pexpireat('t', 33177117420000), 1);
  same(await plain.persist('t'), 1);
  same(await plain.ttl('t'), -1);
});
await check('rename, copy', async () => {
  await plain.set('r', 'v');
  same(await plain.rename('r', 's'), 'OK');
  same(await plain.renamenx('s', 'r'), 1);
  same(await plain.copy('r', 's'), 'COPIED');
  await rejects(plain.rename('absent', 'x'), /no such key/);
});
await check('keys and scans', async () => {
  await plain.flushdb();
  same(await plain.randomkey(), null);
  const writes = plain.pipeline();
  for (let i = 0; i < 300; i++) writes.set(`scan:${i}`, i);
  same((await writes.exec()).length, 300);
  same(await plain.dbsize(), 300);
  same((await plain.keys('scan:1?')).length, 10);
  const seen = new Set();
  let cursor = '0';
  do {
    const [next, keys] = await plain.scan(cursor, { match: 'scan:*', count: 20, type: 'string' });
    same(typeof next, 'string');
    keys.forEach((k) => seen.add(k));
    cursor = next;
  } while (cursor !== '0');
  same(seen.size, 300);
  ok((await plain.randomkey()).startsWith('scan:'));
});
await check('pipeline', async () => {
  const pipeline = plain.pipeline();
  pipeline.set('p', 'v');
  pipeline.get('p');
  pipeline.incr('pn');
  same(await pipeline.exec(), ['OK', 'v', 1]);
  const spoilt = plain.pipeline();
  spoilt.set('p', 'v');
  spoilt.incr('p');
  spoilt.get('p');
  await rejects(spoilt.exec(), /Command 2 \[ incr \] failed: ERR value is not an integer/);
  const kept = plain.pipeline();
  kept.incr('p');
  kept.get('p');
  const [first, second] = await kept.exec({ keepErrors: true });
  ok(first.error.includes('ERR value is not an integer'));
  same(first.result, undefined);
  same(second.result, 'v');
  same(second.error, undefined);
});
await check('multi-exec', async () => {
  const multi = plain.multi();
  multi.set('tx', 1);
  multi.incr('tx');
  multi.get('tx');
  same(await multi.exec(), ['OK', 2, 2]);
});
await check('a thousand at once', async () => {
  await Promise.all(Array.from({ length: 1000 }, (_, i) => plain.set(`many:${i}`, i)));
  same(await Promise.all(Array.from({ length: 1000 }, (_, i) => plain.get(`many:${i}`))), Array.from({ length: 1000 }, (_, i) => i));
});
await check('a thousand at once, in two pipelines by themselves', async () => {
  // The client sends at most a thousand commands in one pipeline, and reads apart from writes.
  const counted = await Promise.all(Array.from({ length: 2500 }, () => plain.incr('auto')));
  same(new Set(counted).size, 2500);
  same(Math.max(...counted), 2500);
  const mixed = await Promise.all(Array.from({ length: 1000 }, (_, i) => (i % 2 ? plain.get(`many:${i}`) : plain.set(`mixed:${i}`, i))));
  mixed.forEach((answer, i) => same(answer, i % 2 ? i : 'OK'));
});
await check('an error in an automatic pipeline is one command\'s own', async () => {
  await plain.set('text', 'abc');
  const [set, incr, get] = await Promise.allSettled([plain.set('text2', 'x'), plain.incr('text'), plain.get('text')]);
  same(set.value, 'OK');
  same(get.value, 'abc');
  ok(/Command failed: ERR value is not an integer/.test(incr.reason.message), incr.reason.message);
});
await check('responses that are not base64', async () => {
  const bare = new Redis({ url, token, responseEncoding: false });
  const text = 'grüße "\\\n🚢 \u2028 \u0000';
  same(await bare.set('bare', text), 'OK');
  same(await bare.get('bare'), text);
  same(await bare.mget('bare', 'absent'), [text, null]);
  same(await bare.pipeline().get('bare').set('bare', 'OK').get('bare').exec(), [text, 'OK', 'OK']);
  await raw.set('big', '9223372036854775806');
  same(await bare.incr('big'), '9223372036854775807');
});
await check('a large value', async () => {
  const large = 'läärge '.repeat(100_000);
  same(await raw.set('large', large), 'OK');
  same(await raw.get('large'), large);
  const bare = new Redis({ url, token, responseEncoding: false, automaticDeserialization: false });
  same(await bare.get('large'), large);
});
await check('a read-only token', async () => {
  const reader = new Redis({ url, token: readOnlyToken, enableAutoPipelining: false });
  await plain.set('shown', 'v');
  same(await reader.get('shown'), 'v');
  same(await reader.mget('shown', 'absent'), ['v', null]);
  same(await reader.pipeline().get('shown').exists('shown').exec(), ['v', 1]);
  same(await reader.multi().get('shown').strlen('shown').exec(), ['v', 1]);
  await rejects(reader.set('shown', 'w'), /NOPERM this user has no permissions to run the 'set' command or its subcommand/);
  await rejects(reader.scan(0), /NOPERM .*'scan'/);
  await rejects(reader.keys('*'), /NOPERM .*'keys'/);
  await rejects(reader.flushall(), /NOPERM .*'flushall'/);
  same(await plain.get('shown'), 'v');
});
await check('another database', async () => {
  const seventh = new Redis({ url: `${url}/db/7/`, token });
  same(await seventh.set('only here', 1), 'OK');
  same(await seventh.pipeline().get('only here').exec(), [1]);
  same(await plain.get('only here'), null);
  await seventh.flushdb();
});
await check('what Upstash takes and Redis does not', async () => {
  await plain.flushdb();
  await plain.set('typed', 'v');
  same(await plain.scan('0', { withType: true }), ['0', [{ key: 'typed', type: 'string' }]]);
  same(await plain.copy('typed', 'typed'), 'NOT_COPIED');
  same(await plain.exec(['UNLINK']), 0);
});
await check('errors say what happened', async () => {
  await rejects(plain.exec(['GTE', 'k']), /unknown command 'GTE'.*Did you mean 'GET'\?.*command was: \["GTE","k"\]/);
  await rejects(plain.exec(['BLPOP', 'k', 0]), /Command is not available: 'BLPOP'\. See /);
  const multi = plain.multi();
  multi.set('typed', 'v');
  multi.incr('typed');
  await rejects(multi.exec(), /Command 2 \[ incr \] failed: ERR value is not an integer/);
});
await check('read your writes', async () => {
  const first = plain.readYourWritesSyncToken;
  await plain.set('token', 1);
  const second = plain.readYourWritesSyncToken;
  ok(second && second !== first, `${first} -> ${second}`);
  await plain.set('token', 2);
  const third = plain.readYourWritesSyncToken;
  ok(third !== second);
  await plain.pipeline().set('token', 3).exec();
  const fourth = plain.readYourWritesSyncToken;
  ok(fourth !== third);
  await plain.multi().set('token', 4).exec();
  ok(plain.readYourWritesSyncToken !== fourth);
});
await check('ping, echo, time, exec', async () => {
  same(await plain.ping(), 'PONG');
  same(await plain.echo('hello'), 'hello');
  same((await plain.time()).length, 2);
  same(await plain.exec(['SET', 'x', 1]), 'OK');
  await rejects(plain.exec(['BOGUS']), /unknown command/);
});
await check('publish', async () => same(await plain.publish('c', 'x'), 0));
// subscribe() needs the event stream of /subscribe, and follows with it.
await check('a wrong token', async () => {
  const stranger = new Redis({ url, token: 'wrong', enableAutoPipelining: false });
  await rejects(stranger.get('k'), /WRONGPASS invalid or missing auth token\. Send 'Authorization: Bearer TOKEN'/);
});
await check('flush', async () => {
  same(await plain.flushall(), 'OK');
  same(await plain.dbsize(), 0);
});
finish();
