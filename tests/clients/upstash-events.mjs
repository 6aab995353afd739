// The subscriptions of `@upstash/redis`, over server-sent events: node upstash-events.mjs HTTP_PORT TOKEN READ_ONLY_TOKEN
import { Redis } from '@upstash/redis';
import { check, finish, ok, same, until } from './check.mjs';

const [httpPort, token, readOnlyToken] = process.argv.slice(2);
const url = `http://127.0.0.1:${httpPort}`;
const redis = new Redis({ url, token, enableTelemetry: false });
const reader = new Redis({ url, token: readOnlyToken, enableTelemetry: false });
const payloads = ['text', 'one, two', { a: [1, 2.5, null] }, 12.5, 'one\ntwo\r\nthree', 'grüße 🚢', '', '"quoted"'];
const heardAs = ['text', 'one, two', { a: [1, 2.5, null] }, 12.5, 'one\ntwo\r\nthree', 'grüße 🚢', '', 'quoted'];

// What a subscription says, in its order.
function listen(subscriber, ...events) {
  const heard = [];
  for (const event of [...events, 'error']) subscriber.on(event, (detail) => heard.push([event, detail]));
  return heard;
}

const published = (channel, message) => redis.publish(channel, message);

// Until nobody listens any more: a stream ends when its client has gone.
async function silent(channel) {
  for (let i = 0; i < 500; i++) if ((await published(channel, 'anybody?')) === 0) return;
  throw new Error(`somebody still listens to ${channel}`);
}

await check('subscribe hears text and JSON, once each', async () => {
  const subscriber = redis.subscribe('news');
  const heard = listen(subscriber, 'subscribe', 'message', 'pmessage');
  await until(() => heard.length === 1, 'the confirmation');
  same(heard, [['subscribe', 1]]);
  for (const payload of payloads) same(await published('news', payload), 1);
  await until(() => heard.length > payloads.length, 'the last message');
  same(heard.slice(1), heardAs.map((message) => ['message', { channel: 'news', message }]));
  await subscriber.unsubscribe();
  await silent('news');
});
await check('JSON that was written over several lines is read as what it is', async () => {
  const subscriber = redis.subscribe('pretty');
  const heard = listen(subscriber, 'subscribe', 'message');
  await until(() => heard.length === 1);
  await published('pretty', JSON.stringify({ a: { b: 'c\nd' } }, null, 2));
  await until(() => heard.length === 2);
  same(heard[1][1].message, { a: { b: 'c\nd' } });
  await subscriber.unsubscribe();
});
await check('each channel of a subscription is a stream, and ends by itself', async () => {
  const subscriber = redis.subscribe(['a', 'b']);
  const heard = listen(subscriber, 'subscribe', 'message:b');
  await until(() => heard.length === 2, 'both confirmations');
  same(heard, [['subscribe', 1], ['subscribe', 1]]);
  await subscriber.unsubscribe(['a']);
  await silent('a');
  same(subscriber.getSubscribedChannels(), ['b']);
  same(await published('b', 'still here'), 1);
  await until(() => heard.length === 3);
  same(heard[2], ['message:b', { channel: 'b', message: 'still here' }]);
  await subscriber.unsubscribe();
  await silent('b');
});
await check('psubscribe hears text and JSON, with pattern and channel', async () => {
  const subscriber = redis.psubscribe(['user:*', 'other?']);
  const heard = listen(subscriber, 'psubscribe', 'pmessage', 'message');
  await until(() => heard.length === 2, 'both confirmations');
  for (const payload of payloads) same(await published('user:1', payload), 1);
  await until(() => heard.length === 2 + payloads.length, 'the last message');
  same(heard.slice(2), heardAs.map((message) => ['pmessage', { pattern: 'user:*', channel: 'user:1', message }]));
  await subscriber.unsubscribe();
  await silent('user:1');
});
await check('the read-only token listens', async () => {
  const subscriber = reader.subscribe('news');
  const heard = listen(subscriber, 'subscribe', 'message');
  await until(() => heard.length === 1);
  await published('news', 'for all');
  await until(() => heard.length === 2);
  await subscriber.unsubscribe();
});
await check('a wrong token is an error, not silence', async () => {
  const heard = listen(new Redis({ url, token: 'wrong' }).subscribe('news'), 'subscribe', 'message');
  await until(() => heard.length === 1, 'the error');
  same(heard[0][0], 'error');
  ok(/WRONGPASS/.test(heard[0][1].message), heard[0][1].message);
});
await check('names that are odd in an address', async () => {
  for (const name of ['100%', '%', 'a b', 'grüße', '%zz', 'a+b', 'a&b=c', "x'y\"z", '~!$()*;:@', '[x]{y}|^`<>']) {
    const subscriber = redis.subscribe(name);
    const heard = listen(subscriber, 'subscribe', 'message');
    await until(() => heard.length === 1, name);
    same(heard[0], ['subscribe', 1]);
    same(await published(name, 'x'), 1, name);
    await subscriber.unsubscribe();
  }
});
await check('monitor, by fetch', async () => {
  const ended = new AbortController();
  const response = await fetch(`${url}/monitor`, { method: 'POST', body: '[]', headers: { authorization: `Bearer ${token}` }, signal: ended.signal });
  same(response.status, 200);
  same(response.headers.get('content-type'), 'text/event-stream');
  let text = '';
  (async () => { for await (const part of response.body.pipeThrough(new TextDecoderStream())) text += part; })().catch(() => {});
  await until(() => text === 'data: "OK"\n\n', 'the first event');
  await redis.set('watched', 'yes');
  await until(() => /\n\ndata: \d+\.\d{6} \[0 127\.0\.0\.1:\d+\] "set" "watched" "yes"\n\n$/.test(text), text);
  ended.abort();
  same((await fetch(`${url}/monitor`, { method: 'POST', headers: { authorization: `Bearer ${readOnlyToken}` } })).status, 400);
});
await check('the events of a channel, by fetch with a ticket', async () => {
  const asked = await fetch(`${url}/v1/ws-tickets`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const { ticket } = await asked.json();
  const ended = new AbortController();
  const response = await fetch(`${url}/v1/channels/news/events?data=json&ticket=${ticket}`, { signal: ended.signal });
  let text = '';
  (async () => { for await (const part of response.body.pipeThrough(new TextDecoderStream())) text += part; })().catch(() => {});
  await until(() => text.startsWith('retry: '), 'the first event');
  await published('news', 'ahoy');
  await until(() => text.endsWith('\n\nevent: message\ndata: "ahoy"\n\n'), text);
  ended.abort();
});

finish();
