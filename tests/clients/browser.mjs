// A page in headless Chromium: node browser.mjs CHROMIUM HTTP_PORT RESP_PORT
// Galley's own page, a fetch, a WebSocket; and a page from elsewhere, which must not reach it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { createClient } from 'redis';
import { check, finish, ok, same } from './check.mjs';

const [executablePath, httpPort, respPort] = process.argv.slice(2);
const home = `http://127.0.0.1:${httpPort}`;
const profile = mkdtempSync(join(tmpdir(), 'galley-chromium-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP elsewhere.test 127.0.0.1'],
});
const resp = createClient({ socket: { port: Number(respPort), host: '127.0.0.1' } });
await resp.connect();
const page = await browser.newPage();

await check('a page fetches what RESP wrote, and the other way round', async () => {
  await resp.set('from-resp', 'ahoy');
  await page.goto(`${home}/livez`);
  same(await page.evaluate(() => fetch('/get/from-resp').then((r) => r.json())), { result: 'ahoy' });
  const body = JSON.stringify([['SET', 'from-page', 'hello'], ['INCR', 'n']]);
  same(await page.evaluate((b) => fetch('/pipeline', { method: 'POST', body: b }).then((r) => r.json()), body), [{ result: 'OK' }, { result: 1 }]);
  same(await resp.get('from-page'), 'hello');
});
await check('a WebSocket subscribes, hears RESP, and sends commands', async () => {
  await page.evaluate((port) => new Promise((done, fail) => {
    window.heard = [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, 'galley.v1.json');
    window.socket = socket;
    socket.onmessage = (event) => window.heard.push(JSON.parse(event.data));
    socket.onerror = () => fail(new Error('the WebSocket failed'));
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: 'subscribe', id: 's1', channels: ['news'] }));
      socket.send(JSON.stringify({ type: 'psubscribe', id: 'p1', patterns: ['n*'] }));
      done();
    };
  }), httpPort);
  const waitFor = (type) => page.waitForFunction((t) => window.heard.find((m) => m.type === t), type, { timeout: 5000 }).then((h) => h.jsonValue());
  same((await waitFor('hello')).type, 'hello');
  same((await waitFor('subscribed')).channels, ['news']);
  await page.waitForFunction(() => window.heard.filter((m) => m.type === 'subscribed' || m.type === 'psubscribed').length === 2);
  same(await resp.publish('news', 'land ho'), 2);
  same((await waitFor('message')).data, 'land ho');
  same((await waitFor('pmessage')).pattern, 'n*');
  await page.evaluate(() => window.socket.send(JSON.stringify({ type: 'cmd', id: 'x1', args: ['SET', 'from-socket', 'v'] })));
  same((await waitFor('reply')).result, 'OK');
  same(await resp.get('from-socket'), 'v');
});
await check('a page from elsewhere neither fetches nor opens a socket', async () => {
  const stranger = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<p>elsewhere</p>'));
  await new Promise((listening) => stranger.listen(0, '127.0.0.1', listening));
  const other = await browser.newPage();
  await other.goto(`http://elsewhere.test:${stranger.address().port}/`);
  const fetched = await other.evaluate((url) => fetch(url, { method: 'POST', mode: 'no-cors', body: '["SET","stolen","1"]' }).then(() => 'sent', () => 'failed'), home);
  ok(['sent', 'failed'].includes(fetched));
  const opened = await other.evaluate((port) => new Promise((done) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`, 'galley.v1.json');
    socket.onopen = () => done('opened');
    socket.onerror = () => done('refused');
  }), httpPort);
  same(opened, 'refused');
  same(await resp.get('stolen'), null);
  stranger.close();
});
await check('the description page shows itself', async () => {
  const answer = await page.goto(`${home}/swagger/index.html`);
  same(answer.status(), 200);
});
await resp.close();
await browser.close();
rmSync(profile, { recursive: true, force: true });
finish();
