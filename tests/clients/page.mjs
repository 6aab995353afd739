// The pages in headless Chromium: node page.mjs CHROMIUM OPEN_HTTP_PORT GUARDED_HTTP_PORT TOKEN [FOLDER_FOR_PICTURES]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { check, finish, ok, same } from './check.mjs';

const [executablePath, openPort, guardedPort, token, pictures] = process.argv.slice(2);
const open = `http://127.0.0.1:${openPort}/`;
const guarded = `http://127.0.0.1:${guardedPort}/`;
const profile = mkdtempSync(join(tmpdir(), 'galley-chromium-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
await browser.grantPermissions(['clipboard-read', 'clipboard-write']);
const page = await browser.newPage();
const complaints = [];
page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
page.on('pageerror', (error) => complaints.push(String(error)));

const text = (selector) => page.locator(selector).innerText();
const picture = async (name) => { if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true }); };
const isNarrow = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
const post = (base, row) => fetch(base, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: JSON.stringify(row) });

await check('the page tells what runs here, without a complaint of the browser', async () => {
  await post(open, ['MSET', 'a', '1', 'b', '2']);
  await page.goto(open);
  await page.locator('#told').waitFor({ state: 'visible' });
  same(await text('#state'), 'Ready');
  same(await text('#keys'), '2');
  ok(/^\d+\.\d+/.test(await text('#version')));
  ok((await text('#resp-line')).startsWith('redis-cli'));
  same(await text('#rest-line'), `curl ${open}ping`);
  same(complaints, []);
  await picture('home');
});
await check('it stays up to date', async () => {
  await post(open, ['SET', 'c', '3']);
  await page.waitForFunction(() => document.getElementById('keys').textContent === '3', null, { timeout: 12_000 });
});
await check('it works by keyboard', async () => {
  await page.locator('body').press('Tab');
  const reached = [];
  for (let i = 0; i < 8; i++) {
    reached.push(await page.evaluate(() => document.activeElement.textContent));
    await page.keyboard.press('Tab');
  }
  for (const name of ['Copy', 'Take the tour', 'Swagger UI', 'openapi.yaml']) ok(reached.includes(name), `${name} in ${reached}`);
});
await check('a line is copied', async () => {
  await page.locator('button[data-copies=rest-line]').click();
  same(await page.evaluate(() => navigator.clipboard.readText()), `curl ${open}ping`);
});
await check('the tour names this server and its lines are copied', async () => {
  await page.getByText('Take the tour').click();
  const line = page.locator('.line', { hasText: '/get/greeting' });
  await line.getByRole('button').click();
  same(await page.evaluate(() => navigator.clipboard.readText()), `curl ${open}get/greeting`);
  same(complaints, []);
  await picture('tour');
});
await check('both pages fit a telephone', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  ok(await isNarrow(), 'the tour');
  await picture('tour-390');
  await page.goto(open);
  await page.locator('#told').waitFor({ state: 'visible' });
  ok(await isNarrow(), 'the page');
  await picture('home-390');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1280, height: 900 });
  await picture('home-dark');
});
await check('with a token there are no figures until it is typed', async () => {
  await page.goto(guarded);
  await page.locator('#ask').waitFor({ state: 'visible' });
  ok(!(await page.locator('#told').isVisible()));
  await picture('token');
  await page.locator('#secret').fill('wrong');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('refusal').textContent !== '');
  await page.locator('#secret').fill(token);
  await page.keyboard.press('Enter');
  await page.locator('#told').waitFor({ state: 'visible' });
  ok(!(await page.locator('#ask').isVisible()));
});
await check('the token is kept for this tab, and can be forgotten', async () => {
  await page.reload();
  await page.locator('#told').waitFor({ state: 'visible' });
  same(await page.evaluate(() => localStorage.length), 0);
  await page.locator('#forget').click();
  await page.locator('#ask').waitFor({ state: 'visible' });
  same(await page.evaluate(() => sessionStorage.length), 0);
});

await browser.close();
rmSync(profile, { recursive: true, force: true });
finish();
