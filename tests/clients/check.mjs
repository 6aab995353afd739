// A dozen lines of test runner: each check prints one line, and the process ends with 1 if one of them failed.
// `newer` checks are for what redis-server 7.0.15 does not know; with ORACLE=1 (the script is being tried on it) they rest.
import assert from 'node:assert/strict';

let failed = 0;
let passed = 0;
const limitMs = 15_000;

export const same = assert.deepStrictEqual;
export const ok = assert.ok;
export const rejects = assert.rejects;
export const near = (value, wanted, by) => ok(Math.abs(value - wanted) <= by, `${value} is not near ${wanted}`);
export const sorted = (list) => [...list].sort();
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function check(name, run) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`took more than ${limitMs} ms`)), limitMs); });
  try {
    await Promise.race([run(), late]);
    passed++;
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.stack ?? error}`);
  } finally {
    clearTimeout(timer);
  }
}

export async function newer(name, run) {
  if (process.env.ORACLE !== '1') await check(name, run);
}

/** Waits until a condition holds: messages arrive when they arrive. */
export async function until(condition, what = 'it') {
  for (let waited = 0; waited < 5000; waited += 10) {
    if (await condition()) return;
    await pause(10);
  }
  throw new Error(`${what} did not happen`);
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
