// Compiled, and never run: what galley.d.ts says of galley.js, used as a program would.
import { connect, GalleyError, type Galley, type Row } from '../../src/Api/WebSockets/Client/galley.js';

async function program(galley: Galley): Promise<void> {
  const value = await galley.command<string | null>('GET', 'k');
  const length: number = value?.length ?? 0;
  await galley.command('SET', 'k', length, 'EX', 60);
  const rows: Row[] = await galley.batch([['GET', 'k'], ['INCR', 'n']]);
  const exec: Row[] | null = await galley.batch([['GET', 'k']], { atomic: true });
  for (const row of exec ?? rows) console.log(row.error === undefined ? row.result : row.error);

  const news = galley.subscribe<{ title: string }>(['news'], ({ channel, data }) => console.log(channel, data.title), { data: 'json', onSlow: 'conflate' });
  galley.psubscribe(['user:*'], ({ pattern, n }) => console.log(pattern, n));
  galley.ssubscribe(['orders'], ({ channel }) => console.log(channel)).close();
  news.close();

  const orders = galley.stream<string>(['orders', 'returns'], ({ stream, id, fields: [[name, value]] }) => console.log(stream, id, name, value.length), { from: { orders: '0' }, onGap: 'skip' });
  const seen: string | undefined = orders.position.orders;
  const work = galley.group('orders', 'packers', 'p1', async ({ deliveries }) => { if (deliveries > 3) throw new Error(seen); }, {
    create: { at: '0', mkstream: true }, claimIdle: 60_000, retryDelay: ({ deliveries }) => 100 * 2 ** deliveries,
  });
  const { cursor } = await work.claim({ minIdle: 1000 });
  work.close();
  // @ts-expect-error A position has one entry a stream.
  orders.position = cursor;

  const stop = galley.on('close', ({ code, willReconnect }) => console.log(code, willReconnect));
  galley.on('gap', ({ subscription, dropped, requested }) => console.log(subscription, dropped, requested));
  galley.on('error', (error) => console.log(error instanceof GalleyError && error.retry, error.subscription));
  galley.on('open', ({ session, heartbeat }) => console.log(session, heartbeat));
  stop();
  // @ts-expect-error There is no such event.
  galley.on('opened', () => {});
  // @ts-expect-error An object is no argument.
  await galley.command('SET', 'k', { a: 1 });
  galley.close();
}

void program(connect('https://galley.example', { ticket: async () => 'ticket' }));
void program(connect('ws://localhost:7379/v1/ws', { token: 'sesame', backoffMs: 100, WebSocket }));
