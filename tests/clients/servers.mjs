// Servers that a script starts, stops and starts again, what stands between them and their clients, and a browser.
// A script that imports it is called with GALLEY CHROMIUM.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect as dial, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { pause } from './check.mjs';

// Node has had a WebSocket since 22, and before that one to ask for.
if (!globalThis.WebSocket) process.exit(spawnSync(process.execPath, ['--experimental-websocket', ...process.argv.slice(1)], { stdio: 'inherit' }).status);

const [galley, executablePath] = process.argv.slice(2);
// Servers run in a folder of their own.
const executable = resolve(galley);

/** Of the script, for its servers, its browser and its files. */
export const folder = mkdtempSync(join(tmpdir(), 'galley-js-'));

export const openBrowser = () => chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const freePort = () => new Promise((done) => {
  const listener = createServer().listen(0, '127.0.0.1', () => {
    const { port } = listener.address();
    listener.close(() => done(port));
  });
});

/** A server of the script's own, which it may stop and start again. */
export class Server {
  #process;

  static async start(...more) {
    const server = new Server();
    server.httpPort = await freePort();
    server.arguments = ['--port', '0', '--http-port', String(server.httpPort), '--save', '', '--dir', folder, ...more];
    await server.start();
    return server;
  }

  async start() {
    this.#process = spawn(executable, this.arguments, { cwd: folder, stdio: 'ignore' });
    const isUp = () => fetch(`http://127.0.0.1:${this.httpPort}/livez`).then(() => true, () => false);
    for (let i = 0; i < 1000 && !await isUp(); i++) await pause(20);
  }

  async stop(signal = 'SIGTERM') {
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill(signal);
    await ended;
  }
}

/** Stands between client and server; cut() ends all connections without a word. */
export async function proxyTo(server) {
  const links = new Set();
  const proxy = createServer((near) => {
    const far = dial(server.httpPort, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      links.add(one);
      one.pipe(other).on('error', () => {});
      one.on('error', () => {}).on('close', () => {
        links.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise((done) => proxy.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    cut: () => links.forEach((link) => link.destroy()),
    close: () => proxy.close(),
  };
}
