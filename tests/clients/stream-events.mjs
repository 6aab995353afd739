// The events of a stream, read as a page would, by fetch: node stream-events.mjs GALLEY
// Connections are cut and the server is killed while entries come; at the end each is counted.
import { rmSync } from 'node:fs';
import { check, finish, ok, pause, same, until } from './check.mjs';
import { Server, folder, proxyTo } from './servers.mjs';

const token = 'sesame';
const server = await Server.start('--http-token', token, '--appendonly', 'yes', '--appendfsync', 'always');
const proxy = await proxyTo(server);
const headers = { authorization: `Bearer ${token}` };
const rest = (...args) => fetch(`http://127.0.0.1:${server.httpPort}/`, { method: 'POST', headers, body: JSON.stringify(args) }).then((answer) => answer.json());

/** Adds entries, each once, whether or not the server answers: its id is given, and is refused the second time. */
async function addAll(stream, from, to) {
  for (let number = from; number <= to; number++) {
    for (let i = 0; ; i++) {
      ok(i < 500, `${number} could not be added`);
      const { result, error } = await rest('XADD', stream, `${number}-0`, 'n', number).catch(() => ({}));
      if (result || /equal or smaller/.test(error ?? '')) break;
      await pause(20);
    }
  }
}

/** What EventSource does: reads event by event, keeps the last id, and comes back with it. */
function tail(stream, query = '') {
  const reading = { seen: [], ids: [], events: [], opens: 0, lastId: '', stop: new AbortController() };
  const take = (event) => {
    const fields = event.split('\n').map((line) => line.split(/: (.*)/s));
    const of = (name) => fields.find(([field]) => field === name)?.[1];
    if (of('id')) reading.lastId = of('id');
    if (!of('data')) return;
    reading.events.push(of('event'));
    if (of('event') !== 'entry') return;
    const { id, fields: [[, value]] } = JSON.parse(of('data'));
    same(id, of('id'));
    reading.seen.push(Number(value));
  };
  const readOnce = async () => {
    const more = reading.lastId ? { 'last-event-id': reading.lastId } : {};
    const answer = await fetch(`${proxy.url}/v1/streams/${stream}/events${query}`, { headers: { ...headers, ...more }, signal: reading.stop.signal });
    same([answer.status, answer.headers.get('content-type')], [200, 'text/event-stream']);
    reading.opens++;
    let rest = '';
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      rest = events.pop();
      events.forEach(take);
    }
  };
  reading.over = (async () => {
    while (!reading.stop.signal.aborted) {
      await readOnce().catch((error) => { if (error.code === 'ERR_ASSERTION') throw error; });
      await pause(10);
    }
  })();
  return reading;
}

const numbers = (count) => Array.from({ length: count }, (_, i) => i + 1);

await check('tails, cut again and again while entries come: none is lost or doubled', async () => {
  const tails = [tail('s', '?from=0'), tail('s')];
  await until(() => tails.every((each) => each.lastId), 'the openings');
  same(tails.map((each) => each.lastId), ['0-0', '0-0']);
  const adding = addAll('s', 1, 400);
  for (let i = 0; i < 6; i++) {
    await pause(50 + Math.random() * 100);
    proxy.cut();
  }
  await adding;
  await until(() => tails.every((each) => each.lastId === '400-0'), 'the last entry');
  for (const each of tails) {
    same(each.seen, numbers(400));
    ok(each.opens > 1, 'was never cut');
    each.stop.abort();
  }
  await Promise.all(tails.map((each) => each.over));
});
await check('a server that is killed and comes back', async () => {
  const reading = tail('k');
  await until(() => reading.lastId === '0-0', 'the opening');
  const adding = addAll('k', 1, 100);
  await until(() => reading.seen.length > 20, 'the first ones');
  await server.stop('SIGKILL');
  await server.start();
  await adding;
  await until(() => reading.lastId === '100-0', 'the last entry');
  same(reading.seen, numbers(100));
  reading.stop.abort();
  await reading.over;
});
await check('what was trimmed while it was away is told', async () => {
  const reading = tail('t', '?from=0');
  await addAll('t', 1, 3);
  await until(() => reading.seen.length === 3);
  reading.stop.abort();
  await reading.over;
  await addAll('t', 4, 9);
  await rest('XTRIM', 't', 'MAXLEN', 2);
  const again = tail('t', `?lastEventId=${reading.lastId}`);
  await until(() => again.seen.length === 2);
  same([again.events, again.seen], [['gap', 'entry', 'entry'], [8, 9]]);
  again.stop.abort();
  await again.over;
});
await server.stop();
proxy.close();
rmSync(folder, { recursive: true, force: true });
finish();
