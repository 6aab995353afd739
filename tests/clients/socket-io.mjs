// The adapters of Socket.IO, with two servers each, that meet in Redis alone: node socket-io.mjs PORT
import { createAdapter as createPubSubAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Server } from 'socket.io';
import { io as connectTo } from 'socket.io-client';
import { check, finish, ok, same, sorted, until } from './check.mjs';

const port = Number(process.argv[2]);
const clients = [];

async function nodeRedis() {
  const client = createClient({ socket: { port, host: '127.0.0.1' } });
  client.on('error', (error) => console.log(`client: ${error}`));
  clients.push(client);
  await client.connect();
  return client;
}

async function ioredis() {
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true });
  client.on('error', (error) => console.log(`client: ${error}`));
  clients.push(client);
  await client.connect();
  return client;
}

/** Two servers, each with an adapter and Redis clients of its own, and three sockets: two on the first, one on the second. */
async function house(makeAdapter, options = {}) {
  const servers = [];
  for (let i = 0; i < 2; i++) servers.push(new Server(0, { adapter: await makeAdapter(), ...options }));
  const urls = servers.map((server) => `http://127.0.0.1:${server.httpServer.address().port}`);
  for (const server of servers) {
    server.on('connection', (socket) => {
      socket.on('join', async (room, done) => { await socket.join(room); done(); });
      socket.on('whisper', (room, text) => socket.to(room).emit('heard', text));
    });
  }
  const sockets = [urls[0], urls[0], urls[1]].map((url) => connectTo(url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 50 }));
  const heard = sockets.map(() => []);
  sockets.forEach((socket, i) => socket.on('heard', (text) => heard[i].push(text)));
  await until(() => sockets.every((socket) => socket.connected), 'three connections');
  // The servers find each other by what they publish: only then does one wait for the other's answers.
  await eventually(async () => (await servers[0].fetchSockets()).length === 3 && (await servers[1].fetchSockets()).length === 3);
  return { servers, urls, sockets, heard, close: () => close(servers, sockets) };
}

/** A check in a house that is closed whatever comes of it. */
const checkIn = (name, makeAdapter, run, options) => check(name, async () => {
  const rooms = await house(makeAdapter, options);
  try { await run(rooms); } finally { await rooms.close(); }
});

async function eventually(condition) {
  let last;
  for (let i = 0; i < 100; i++) {
    try { if (await condition()) return; } catch (error) { last = error; }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw last ?? new Error('it did not come to that');
}

async function close(servers, sockets) {
  sockets.forEach((socket) => socket.disconnect());
  for (const server of servers) await server.close();
}

async function worksAcross({ servers, sockets, heard }) {
  servers[1].emit('heard', 'to all');
  await until(() => heard.every((texts) => texts.length === 1), 'a broadcast');
  await sockets[0].emitWithAck('join', 'room');
  await sockets[2].emitWithAck('join', 'room');
  await sockets[2].emitWithAck('join', 'attic');
  servers[0].to('room').emit('heard', 'to the room');
  servers[0].to('attic').emit('heard', 'to the attic');
  servers[1].to('room').except('attic').emit('heard', 'but not to the attic');
  sockets[2].emit('whisper', 'room', 'from a socket');
  await until(() => heard[0].includes('from a socket'), 'a whisper');
  servers[1].emit('heard', 'and last');
  await until(() => heard.every((texts) => texts.includes('and last')), 'the last broadcast');
  same(sorted(heard[0]), sorted(['to all', 'to the room', 'but not to the attic', 'from a socket', 'and last']));
  same(sorted(heard[1]), sorted(['to all', 'and last']));
  same(sorted(heard[2]), sorted(['to all', 'to the room', 'to the attic', 'and last']));

  same(sorted((await servers[0].fetchSockets()).map((socket) => socket.id)), sorted(sockets.map((socket) => socket.id)));
  same((await servers[1].in('room').fetchSockets()).length, 2);
  same((await servers[0].in('attic').fetchSockets()).map((socket) => socket.id), [sockets[2].id]);
  servers[0].in(sockets[2].id).socketsJoin('cellar');
  await eventually(async () => (await servers[1].in('cellar').fetchSockets()).length === 1);
  servers[0].in('cellar').socketsLeave('cellar');
  await eventually(async () => (await servers[1].in('cellar').fetchSockets()).length === 0);

  sockets.forEach((socket, i) => socket.on('question', (number, answer) => answer(number + i)));
  same(sorted(await servers[0].timeout(5000).emitWithAck('question', 10)), [10, 11, 12]);
  servers[1].on('between', (word, answer) => answer(`${word} back`));
  same(await servers[0].serverSideEmitWithAck('between', 'there and'), ['there and back']);
  const large = 'x'.repeat(200_000);
  servers[0].to('attic').emit('heard', large);
  await until(() => heard[2].includes(large), 'a large one');
  const binary = [];
  sockets[2].on('bytes', (bytes) => binary.push(bytes));
  servers[0].emit('bytes', Buffer.from([0, 255, 13, 10]));
  await until(() => binary.length === 1, 'bytes');
  same([...binary[0]], [0, 255, 13, 10]);

  servers[0].in('room').disconnectSockets();
  await until(() => !sockets[0].connected && !sockets[2].connected && sockets[1].connected, 'two leave');
}

await checkIn('redis-adapter: rooms, broadcasts and questions over PUBLISH',
  async () => createPubSubAdapter(await nodeRedis(), await nodeRedis()), worksAcross);
await checkIn('redis-adapter with ioredis', async () => createPubSubAdapter(await ioredis(), await ioredis()), worksAcross);
await checkIn('redis-adapter: rooms, broadcasts and questions over SPUBLISH',
  async () => createShardedAdapter(await nodeRedis(), await nodeRedis(), { subscriptionMode: 'dynamic' }), worksAcross);
await checkIn('redis-streams-adapter: rooms, broadcasts and questions over a stream',
  async () => createStreamsAdapter(await nodeRedis(), { streamName: 'rooms' }), async (rooms) => {
    await worksAcross(rooms);
    same(await (await nodeRedis()).type('rooms'), 'stream');
  });
await checkIn('redis-streams-adapter with ioredis', async () => createStreamsAdapter(await ioredis(), { streamName: 'more-rooms' }), worksAcross);
await checkIn('redis-streams-adapter: a stream that is kept short',
  async () => createStreamsAdapter(await nodeRedis(), { streamName: 'short', maxLen: 100, readCount: 10 }), async ({ servers, heard }) => {
    // Not more at once than the stream holds: who reads too late has lost what was trimmed.
    for (let sent = 0; sent < 1000; sent += 50) {
      for (let i = sent; i < sent + 50; i++) servers[i % 2].emit('heard', i);
      await until(() => heard.every((texts) => texts.length === sent + 50), 'fifty broadcasts');
    }
    for (const texts of heard) same([...texts].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i));
    ok(await (await nodeRedis()).xLen('short') < 300);
  });
await checkIn('redis-streams-adapter: who comes back to the other server has missed nothing',
  async () => createStreamsAdapter(await nodeRedis(), { streamName: 'memory' }), async ({ servers, urls, sockets: [socket], heard: [heard] }) => {
    await socket.emitWithAck('join', 'room');
    servers[1].to('room').emit('heard', 'before');
    await until(() => heard.length === 1, 'the first message');
    const id = socket.id;
    socket.io.uri = urls[1];
    socket.io.engine.close();
    await until(() => !socket.connected, 'a lost connection');
    servers[0].to('room').emit('heard', 'while away 1');
    servers[1].emit('heard', 'while away 2');
    servers[1].to('elsewhere').emit('heard', 'not for it');
    await until(() => socket.connected, 'a connection again');
    await until(() => heard.length === 3, 'what was missed');
    same(sorted(heard), ['before', 'while away 1', 'while away 2']);
    ok(socket.recovered, 'the session was not restored');
    same(socket.id, id);
    servers[0].to('room').emit('heard', 'after');
    await until(() => heard.length === 4, 'a message after that');
  }, { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } });
for (const client of clients) await (client.disconnect?.() ?? client.quit());
finish();
