// The client that Galley serves at /galley.js, in Node and in a page of headless Chromium: node galley.mjs GALLEY CHROMIUM
// It starts servers itself, since it stops and starts them, and stands between them and the client to cut the connection.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, finish, ok, pause, rejects, same, until } from './check.mjs';
import { Server, folder, openBrowser, proxyTo } from './servers.mjs';

const token = 'sesame';
const server = await Server.start('--http-token', token, '--appendonly', 'no');
const proxy = await proxyTo(server);
const script = await fetch(`${proxy.url}/galley.js`).then((answer) => answer.text());
const file = join(folder, 'galley.mjs');
writeFileSync(file, script);
const { connect, GalleyError } = await import(pathToFileURL(file));

const rest = (...args) => fetch(`http://127.0.0.1:${server.httpPort}/`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(args) }).then((answer) => answer.json());
const opened = (galley, times = 1) => new Promise((done) => galley.on('open', () => --times === 0 && done()));
const fast = { token, backoffMs: 10, backoffMaxMs: 100, openMs: 2000 };

await check('commands, batches and their errors', async () => {
  const galley = connect(proxy.url, { token });
  // Asked for before there is a connection.
  same(await Promise.all([galley.command('SET', 'k', 'v'), galley.command('GET', 'k'), galley.command('GET', 'none')]), ['OK', 'v', null]);
  same(await galley.batch([['INCR', 'n'], ['INCR', 'k']]), [{ result: 1 }, { error: 'ERR value is not an integer or out of range' }]);
  same(await galley.batch([['INCR', 'n'], ['GET', 'n']], { atomic: true }), [{ result: 2 }, { result: '2' }]);
  await rejects(galley.command('INCR', 'k'), (error) => error instanceof GalleyError && error.code === 'ERR' && error.retry === false);
  same(galley.isOpen, true);
  await galley.command('WATCH', 'k');
  await rest('SET', 'k', 'changed');
  same(await galley.batch([['GET', 'k']], { atomic: true }), null);
  galley.close();
  await rejects(galley.command('PING'), { code: 'CLOSED' });
});
await check('subscriptions by channel and pattern, text, JSON and bytes', async () => {
  const galley = connect(proxy.url, { token });
  const heard = [];
  const text = galley.subscribe(['a', 'b'], (message) => heard.push(message));
  galley.psubscribe(['j*'], (message) => heard.push(message), { data: 'json' });
  galley.subscribe(['raw'], (message) => heard.push(message), { data: 'base64' });
  const shard = galley.ssubscribe(['a'], (message) => heard.push(message));
  await galley.command('PING');
  await rest('PUBLISH', 'a', 'one');
  await rest('PUBLISH', 'j1', '{"x":[1]}');
  await rest('PUBLISH', 'raw', 'hi');
  await until(() => heard.length === 3, 'three messages');
  same(heard, [{ channel: 'a', data: 'one', n: 1 }, { pattern: 'j*', channel: 'j1', data: { x: [1] }, n: 1 }, { channel: 'raw', data: new Uint8Array([104, 105]), n: 1 }]);
  await rest('SPUBLISH', 'a', 'of a shard');
  await until(() => heard.length === 4, 'the message of the shard channel');
  same(heard[3], { channel: 'a', data: 'of a shard', n: 1 });
  text.close();
  shard.close();
  await galley.command('PING');
  same(await rest('PUBLISH', 'a', 'gone'), { result: 0 });
  same(await rest('SPUBLISH', 'a', 'gone'), { result: 0 });
  galley.close();
});
await check('a cut: what was under way fails, what comes later waits, subscriptions come back', async () => {
  const galley = connect(proxy.url, fast);
  const heard = [], closes = [];
  galley.on('close', (detail) => closes.push(detail));
  galley.subscribe(['news'], ({ data, n }) => heard.push([data, n]));
  await galley.command('PING');
  await rest('PUBLISH', 'news', 'before');
  await until(() => heard.length === 1);
  const back = opened(galley);
  const underWay = galley.command('SET', 'cut', '1');
  proxy.cut();
  await rejects(underWay, { code: 'DISCONNECTED', retry: true });
  await until(() => closes.length === 1);
  same([closes[0].code, closes[0].wasOpen, closes[0].willReconnect], [1006, true, true]);
  const later = galley.command('ECHO', 'later');
  await back;
  same(await later, 'later');
  await rest('PUBLISH', 'news', 'after');
  await until(() => heard.length === 2);
  same(heard, [['before', 1], ['after', 1]]);
  galley.close();
});
await check('a restart of the server', async () => {
  const galley = connect(proxy.url, fast);
  const heard = [], closes = [];
  galley.on('close', ({ code, willReconnect }) => closes.push([code, willReconnect]));
  galley.subscribe(['news'], ({ data }) => heard.push(data));
  await galley.command('PING');
  await server.stop();
  await until(() => closes.length > 0);
  same(closes[0], [1001, true]);
  const waiting = galley.command('ECHO', 'there again');
  await server.start();
  same(await waiting, 'there again');
  await rest('PUBLISH', 'news', 'after');
  await until(() => heard.length === 1);
  galley.close();
});
await check('a wrong token ends it for good', async () => {
  const galley = connect(proxy.url, { ...fast, token: 'wrong' });
  const closes = [], errors = [];
  galley.on('close', ({ code, willReconnect }) => closes.push([code, willReconnect]));
  galley.on('error', (error) => errors.push(error));
  await rejects(galley.command('PING'), /refuses: WRONGPASS invalid or missing auth token \(4500\)/);
  await until(() => closes.length === 1 && errors.length === 1);
  same(closes, [[4500, false]]);
  same(errors[0].code, 'REFUSED');
  await pause(300);
  same(closes.length, 1);
});
await check('a ticket for every connection, and what it does not allow', async () => {
  let issued = 0;
  const ticket = async () => {
    issued++;
    const answer = await fetch(`${proxy.url}/v1/ws-tickets`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify({ channels: ['mine:*'], readOnly: true }) });
    return (await answer.json()).ticket;
  };
  const galley = connect(proxy.url, { ...fast, token: undefined, ticket });
  const heard = [], errors = [];
  galley.on('error', (error) => errors.push(error));
  galley.psubscribe(['mine:*'], ({ data }) => heard.push(data));
  const denied = galley.subscribe(['yours'], () => {});
  await rejects(galley.command('SET', 'k', 'v'), { code: 'NOPERM' });
  await until(() => errors.length === 1);
  same([errors[0].code, errors[0].subscription], ['NOPERM', denied.id]);
  const back = opened(galley);
  proxy.cut();
  await back;
  await galley.command('GET', 'k');
  same(issued, 2);
  await rest('PUBLISH', 'mine:1', 'ticketed');
  await until(() => heard.length === 1);
  galley.close();
});
await check('a silent link is given up, a gap is told, a listener that throws is in nobody\'s way', async () => {
  const made = [];
  class Fake {
    constructor(url, protocols) {
      Object.assign(this, { url, protocols, sent: [] });
      made.push(this);
    }
    send(text) { this.sent.push(JSON.parse(text)); }
    close() { this.isClosed = true; }
    say(frame) { this.onmessage({ data: JSON.stringify(frame) }); }
  }
  const galley = connect('https://host.example', { token: 'ünï', WebSocket: Fake, silenceMs: 80, backoffMs: 1 });
  const gaps = [], heard = [];
  galley.on('gap', (gap) => gaps.push(gap));
  const sub = galley.subscribe(['c'], ({ data }) => heard.push(data), { onSlow: 'drop-oldest' });
  await until(() => made.length === 1);
  same(made[0].url, 'wss://host.example/v1/ws');
  same(made[0].protocols, ['galley.v1.json', 'galley.bearer.w7xuw68']);
  made[0].say({ type: 'hello' });
  same(made[0].sent, [{ id: sub.id, type: 'subscribe', channels: ['c'], onSlow: 'drop-oldest' }]);
  made[0].say({ type: 'gap', id: sub.id, dropped: 3 });
  same(gaps, [{ subscription: sub.id, dropped: 3 }]);
  const uncaught = new Promise((done) => process.once('uncaughtException', done));
  galley.on('gap', () => { throw new Error('mine'); });
  made[0].say({ type: 'gap', id: sub.id, dropped: 1 });
  made[0].say({ type: 'message', id: sub.id, channel: 'c', data: 'x', n: 5 });
  same(heard, ['x']);
  same((await uncaught).message, 'mine');
  const lost = rejects(galley.command('PING'), { code: 'DISCONNECTED' });
  await until(() => made.length === 2, 'another connection');
  await lost;
  ok(made[0].isClosed && made[0].sent.some((frame) => frame.type === 'ping'));
  galley.close();
  ok(made[1].isClosed);
});

const browser = await openBrowser();
const page = await browser.newPage();
const opens = (count) => page.waitForFunction((c) => window.opens === c, count, { timeout: 10_000 });
const hears = async (text) => {
  await page.evaluate(() => window.galley.command('PING'));
  // The server may hear of the cut a moment after the page has come back.
  for (let tries = 0; tries < 100; tries++) {
    const { result } = await rest('PUBSUB', 'NUMSUB', 'page');
    if (result[1] === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  same(await rest('PUBLISH', 'page', text), { result: 1 });
  await page.waitForFunction((t) => window.heard.at(-1) === t, text, { timeout: 5000 });
};
await check('a page subscribes', async () => {
  await page.goto(`${proxy.url}/livez`);
  await page.evaluate(async (secret) => {
    const { connect } = await import('/galley.js');
    window.heard = [];
    window.opens = 0;
    window.galley = connect(location.origin, { token: secret, backoffMs: 10, backoffMaxMs: 100 });
    window.galley.on('open', () => window.opens++);
    window.galley.subscribe(['page'], ({ data }) => window.heard.push(data));
  }, token);
  await hears('first');
});
await check('it hears on after a cut', async () => {
  proxy.cut();
  await opens(2);
  await hears('after the cut');
});
await server.stop('SIGKILL');
await server.start();
await check('and after a restart of the server', async () => {
  await opens(3);
  await hears('after the restart');
  same(await page.evaluate(() => window.heard), ['first', 'after the cut', 'after the restart']);
});
await check('a page with a wrong token learns it', async () => {
  const code = await page.evaluate(async () => {
    const { connect } = await import('/galley.js');
    return connect(location.origin, { token: 'wrong' }).command('PING').catch((error) => error.code);
  });
  same(code, 'REFUSED');
});
await browser.close();
await server.stop();
proxy.close();
rmSync(folder, { recursive: true, force: true });
finish();
