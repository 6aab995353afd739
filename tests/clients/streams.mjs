// Streams and groups by the client that Galley serves at /galley.js: node streams.mjs GALLEY CHROMIUM
// Connections are cut and the server is killed while entries come; at the end each is counted.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, finish, ok, pause, rejects, same, until } from './check.mjs';
import { Server, folder, openBrowser, proxyTo } from './servers.mjs';

const token = 'sesame';
const server = await Server.start('--http-token', token, '--appendonly', 'yes', '--appendfsync', 'always');
const proxy = await proxyTo(server);
const file = join(folder, 'galley.mjs');
writeFileSync(file, await fetch(`${proxy.url}/galley.js`).then((answer) => answer.text()));
const { connect } = await import(pathToFileURL(file));

const rest = (...args) => fetch(`http://127.0.0.1:${server.httpPort}/`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(args) }).then((answer) => answer.json());
const fast = { token, backoffMs: 10, backoffMaxMs: 100, openMs: 2000 };
const opened = (galley, times = 1) => new Promise((done) => galley.on('open', () => --times === 0 && done()));
const numbers = (count, from = 1) => Array.from({ length: count }, (_, i) => from + i);
const numberOf = ({ fields: [[, value]] }) => Number(value);

/** Adds an entry once, whether or not the server answers: its id is given, and is refused the second time. */
async function add(stream, number) {
  for (let i = 0; i < 500; i++) {
    const { result, error } = await rest('XADD', stream, `${number}-0`, 'n', number).catch(() => ({}));
    if (result || /equal or smaller/.test(error ?? '')) return;
    await pause(20);
  }
  throw new Error(`${number} could not be added`);
}

async function addAll(stream, all) {
  for (const number of all) await add(stream, number);
}

/** Waits until nothing is pending in a group. */
async function settled(stream, group) {
  for (let i = 0; (await rest('XPENDING', stream, group)).result[0] > 0; i++) {
    ok(i < 500, 'pending still');
    await pause(10);
  }
}

await check('a stream from its beginning, in order, one at a time, and its end', async () => {
  const galley = connect(proxy.url, fast);
  await addAll('s1', numbers(20));
  const seen = [];
  let underWay = 0;
  const reading = galley.stream('s1', async (entry) => {
    same(++underWay, 1);
    await pause(1);
    seen.push(entry);
    underWay--;
  }, { from: '0', credit: 4 });
  await until(() => seen.length === 20, 'twenty entries');
  same(seen.map(numberOf), numbers(20));
  same(seen[0], { stream: 's1', id: '1-0', fields: [['n', '1']] });
  await until(() => reading.position.s1 === '20-0');
  reading.close();
  await galley.command('XADD', 's1', '21-0', 'n', 21);
  await galley.command('PING');
  same(seen.length, 20);
  galley.close();
});
await check('JSON, bytes, several streams, and a handler that throws', async () => {
  const galley = connect(proxy.url, fast);
  const seen = [], errors = [];
  galley.on('error', (error) => errors.push(error));
  const reading = galley.stream(['j1', 'j2'], (entry) => {
    seen.push([entry.stream, ...entry.fields[0]]);
    if (seen.length === 1) throw new Error('mine');
  }, { from: { j1: '0' }, data: 'json' });
  await galley.command('PING');
  await rest('XADD', 'j1', '*', 'a', '{"x":[1]}');
  await until(() => seen.length === 1);
  await fetch(`http://127.0.0.1:${server.httpPort}/xadd/j2/*/k`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: new Uint8Array([255]) });
  await until(() => seen.length === 2);
  same(seen, [['j1', 'a', { x: [1] }], ['j2', new Uint8Array([107]), new Uint8Array([255])]]);
  same([errors.length, errors[0].message, errors[0].subscription], [1, 'mine', reading.id]);
  galley.close();
});
await check('what has been trimmed is told', async () => {
  const galley = connect(proxy.url, fast);
  await addAll('t', numbers(5));
  await rest('XTRIM', 't', 'MAXLEN', 2);
  const errors = [], gaps = [], seen = [];
  galley.on('error', (error) => errors.push(error));
  galley.on('gap', (gap) => gaps.push(gap));
  const refused = galley.stream('t', () => {}, { from: '1-0' });
  const skipping = galley.stream('t', (entry) => seen.push(numberOf(entry)), { from: '1-0', onGap: 'skip' });
  await until(() => errors.length === 1 && seen.length === 2);
  same([errors[0].code, errors[0].subscription, errors[0].requested, errors[0].first], ['GAP', refused.id, '1-0', '4-0']);
  same(gaps, [{ subscription: skipping.id, stream: 't', requested: '1-0', first: '4-0' }]);
  galley.close();
});
await check('a group: done is acknowledged, thrown comes again, others\' is claimed', async () => {
  const galley = connect(proxy.url, fast);
  const seen = [], errors = [];
  galley.on('error', (error) => errors.push(error));
  const work = galley.group('g1', 'w', 'c1', async (entry) => {
    seen.push([numberOf(entry), entry.deliveries]);
    if (numberOf(entry) === 2 && entry.deliveries < 3) throw new Error('not yet');
  }, { create: { at: '0', mkstream: true }, retryDelay: ({ deliveries }) => deliveries * 20 });
  await addAll('g1', numbers(3));
  await until(() => seen.length === 5);
  same(seen.filter(([n]) => n === 2), [[2, 1], [2, 2], [2, 3]]);
  same([errors.length, errors[0].message, errors[0].entry.id], [2, 'not yet', '2-0']);
  await settled('g1', 'w');
  work.close();
  await addAll('g1', [4]);
  await rest('XREADGROUP', 'GROUP', 'w', 'gone', 'STREAMS', 'g1', '>');
  const again = galley.group('g1', 'w', 'c1', (entry) => seen.push([numberOf(entry), entry.deliveries]));
  same(await again.claim({ minIdle: 0 }), { cursor: '0-0', deleted: [], count: 1 });
  await until(() => seen.length === 6);
  ok(seen.at(-1)[0] === 4 && seen.at(-1)[1] >= 2);
  const gone = galley.group('none', 'w', 'c', () => {});
  await until(() => errors.length === 3);
  same([errors[2].code, errors[2].subscription], ['NOGROUP', gone.id]);
  galley.close();
  await rejects(again.claim(), { code: 'DISCONNECTED' });
});
await check('an acknowledgement that is lost with the connection is made up for, and its entry not handled again', async () => {
  const galley = connect(proxy.url, fast);
  const seen = [];
  let let1;
  galley.group('g2', 'w', 'c', async (entry) => {
    seen.push(numberOf(entry));
    if (numberOf(entry) === 1) await new Promise((done) => { let1 = done; });
  }, { create: { at: '0', mkstream: true }, credit: 2 });
  await addAll('g2', numbers(2));
  await until(() => let1 && seen.length === 2);
  const back = opened(galley);
  proxy.cut();
  let1();
  await back;
  await addAll('g2', [3]);
  await until(() => seen.length === 3);
  await settled('g2', 'w');
  same(seen, [1, 2, 3]);
  galley.close();
});
await check('two consumers and two tails, cut again and again while entries come', async () => {
  const all = numbers(600), byConsumer = [], tails = [[], []], galleys = [];
  for (const consumer of ['c1', 'c2']) {
    const galley = connect(proxy.url, fast);
    galleys.push(galley);
    galley.group('h', 'w', consumer, async (entry) => {
      await pause(Math.random() * 3);
      byConsumer.push(numberOf(entry));
    }, { create: { at: '0', mkstream: true }, credit: 8 });
    galley.stream('h', (entry) => tails[galleys.indexOf(galley)].push(numberOf(entry)), { from: '0', credit: 16 });
  }
  const adding = addAll('h', all);
  for (let i = 0; i < 8; i++) {
    await pause(50 + Math.random() * 100);
    proxy.cut();
  }
  await adding;
  await until(() => byConsumer.length >= 600 && tails.every((tail) => tail.length >= 600), 'all of them');
  await settled('h', 'w');
  same(tails, [all, all]);
  same(byConsumer.toSorted((a, b) => a - b), all);
  galleys.forEach((galley) => galley.close());
});

const browser = await openBrowser();
const page = await browser.newPage();
const inPage = (condition, argument) => page.waitForFunction(condition, argument, { timeout: 10_000 });
await check('a page that listens, tails and works', async () => {
  await page.goto(`${proxy.url}/livez`);
  await page.evaluate(async (secret) => {
    const { connect } = await import('/galley.js');
    Object.assign(window, { heard: [], tail: [], work: [], closes: 0, opens: 0 });
    window.galley = connect(location.origin, { token: secret, backoffMs: 10, backoffMaxMs: 100 });
    window.galley.on('open', () => window.opens++);
    window.galley.on('close', () => window.closes++);
    window.galley.subscribe(['bell'], ({ data }) => window.heard.push(data));
    window.reading = window.galley.stream('orders', ({ fields }) => window.tail.push(Number(fields[0][1])), { from: '$' });
    window.galley.group('orders', 'packers', 'page', async ({ fields }) => {
      await new Promise((done) => { setTimeout(done, 2); });
      window.work.push(Number(fields[0][1]));
    }, { create: { at: '0', mkstream: true }, credit: 10 });
    await window.galley.command('PING');
  }, token);
  await addAll('orders', numbers(100));
  await inPage(() => window.tail.length === 100 && window.work.length === 100);
});
await check('loses its connection while entries come', async () => {
  const adding = addAll('orders', numbers(200, 101));
  await pause(100);
  proxy.cut();
  await adding;
  await inPage(() => window.opens === 2);
});
await check('and its server, which is killed and comes back', async () => {
  const adding = addAll('orders', numbers(200, 301));
  await pause(100);
  await server.stop('SIGKILL');
  await pause(100);
  await server.start();
  await adding;
  await inPage(() => window.opens >= 3);
});
await check('and has lost nothing, nor handled anything twice', async () => {
  await inPage(() => window.tail.length >= 500 && window.work.length >= 500);
  await page.evaluate(() => window.galley.command('PING'));
  same(await page.evaluate(() => window.tail), numbers(500));
  same((await page.evaluate(() => window.work)).toSorted((a, b) => a - b), numbers(500));
  same(await page.evaluate(() => window.reading.position.orders), '500-0');
  await settled('orders', 'packers');
  same((await rest('XLEN', 'orders')).result, 500);
  same(await rest('PUBLISH', 'bell', 'still there'), { result: 1 });
  await inPage(() => window.heard.at(-1) === 'still there');
});
await browser.close();
await server.stop();
proxy.close();
rmSync(folder, { recursive: true, force: true });
finish();
