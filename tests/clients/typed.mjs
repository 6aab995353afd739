// A typed client made from openapi.yaml: node typed.mjs HTTP_PORT TOKEN
// The file must pass the linter; openapi-typescript makes types of it, tsc compiles a program against them, and it runs.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { check, finish, ok, same } from './check.mjs';

const [httpPort, token] = process.argv.slice(2);
const description = '../../openapi.yaml';
// A folder here, so that what is compiled finds node_modules; no version of it is kept.
const made = 'obj';
mkdirSync(made, { recursive: true });

/** Runs a tool of node_modules; a failure shows what it said. */
function run(tool, ...options) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/.bin/${tool}`, ...options],
    { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
  return { isGood: status === 0, said: stdout + stderr };
}

const lint = run('redocly', 'lint', description);
const types = run('openapi-typescript', description, '-o', `${made}/galley.d.ts`);
const compiled = run('tsc', '--project', 'typed/tsconfig.json');

await check('openapi.yaml passes the linter', () => ok(lint.isGood, lint.said));
await check('types are made of it', () => ok(types.isGood, types.said));
await check('a client compiles against them, and its mistakes do not', () => ok(compiled.isGood, compiled.said));
if (compiled.isGood) {
  const { cases } = await import(`./${made}/typed/client.js`);
  for (const [name, runCase] of cases(`http://127.0.0.1:${httpPort}`, token, same)) await check(name, runCase);
}
finish();
