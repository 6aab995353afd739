// What people run on scripts: queues, locks and limiters, each doing its main job. node queues.mjs PORT [HTTP_PORT]
import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';
import Bull from 'bull';
import BeeQueue from 'bee-queue';
import Redlock from 'redlock';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis as Upstash } from '@upstash/redis';
import Redis from 'ioredis';
import { check, finish, ok, same, sorted, until } from './check.mjs';

const port = Number(process.argv[2]);
const httpPort = process.argv[3];
const host = '127.0.0.1';
const connection = { host, port, maxRetriesPerRequest: null };
const direct = new Redis({ host, port });
await direct.flushall();
const closing = [];
const own = (thing) => { closing.push(() => thing.close()); return thing; };

await check('BullMQ: jobs are added, processed in order, and their results kept', async () => {
  const queue = own(new Queue('mail', { connection }));
  const seen = [];
  const worker = own(new Worker('mail', async (job) => { seen.push(job.data.n); return job.data.n * 2; }, { connection }));
  const events = own(new QueueEvents('mail', { connection }));
  await events.waitUntilReady();
  const jobs = await queue.addBulk([1, 2, 3, 4, 5].map((n) => ({ name: 'send', data: { n } })));
  const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 10_000)));
  same(results, [2, 4, 6, 8, 10]);
  same(seen, [1, 2, 3, 4, 5]);
  same(await queue.getJobCounts('completed', 'failed', 'waiting', 'active'), { completed: 5, failed: 0, waiting: 0, active: 0 });
  await worker.pause();
});

await check('BullMQ: a job that fails is tried again, with backoff, and then fails', async () => {
  const queue = own(new Queue('flaky', { connection }));
  let tries = 0;
  own(new Worker('flaky', async (job) => {
    tries++;
    if (job.data.always || tries < 3) throw new Error(`no ${tries}`);
    return 'done';
  }, { connection }));
  const job = await queue.add('x', {}, { attempts: 3, backoff: { type: 'fixed', delay: 20 } });
  await until(async () => await job.getState() === 'completed', 'the third try');
  same(tries, 3);
  const hopeless = await queue.add('x', { always: true }, { attempts: 2, backoff: 10 });
  await until(async () => await hopeless.getState() === 'failed', 'the failure');
  const found = await queue.getJob(hopeless.id);
  same(found.attemptsMade, 2);
  ok(found.failedReason.startsWith('no '));
  await found.retry();
});

await check('BullMQ: delays, priorities, and removal', async () => {
  const queue = own(new Queue('later', { connection }));
  const seen = [];
  await queue.add('slow', { n: 'delayed' }, { delay: 150 });
  await queue.add('low', { n: 'low' }, { priority: 10 });
  await queue.add('high', { n: 'high' }, { priority: 1 });
  const gone = await queue.add('gone', { n: 'gone' }, { priority: 5 });
  await gone.remove();
  same(await queue.getJobCounts('delayed', 'prioritized'), { delayed: 1, prioritized: 2 });
  own(new Worker('later', async (job) => { seen.push(job.data.n); }, { connection }));
  await until(() => seen.length === 3, 'three jobs');
  same(seen, ['high', 'low', 'delayed']);
});

await check('BullMQ: repeated jobs, and rate limits', async () => {
  const queue = own(new Queue('often', { connection }));
  let count = 0;
  own(new Worker('often', async () => { count++; }, { connection, limiter: { max: 100, duration: 1000 } }));
  await queue.upsertJobScheduler('tick', { every: 100 }, { name: 'tick', data: {} });
  await until(() => count >= 3, 'three ticks');
  same((await queue.getJobSchedulers()).map((s) => s.key), ['tick']);
  ok(await queue.removeJobScheduler('tick'));
});

await check('BullMQ: a flow waits for its children', async () => {
  const flow = own(new FlowProducer({ connection }));
  const events = own(new QueueEvents('parents', { connection }));
  await events.waitUntilReady();
  own(new Worker('children', async (job) => job.data.n, { connection }));
  own(new Worker('parents', async (job) => Object.values(await job.getChildrenValues()).reduce((a, b) => a + b, 0), { connection }));
  const { job } = await flow.add({
    name: 'sum', queueName: 'parents',
    children: [1, 2, 3].map((n) => ({ name: 'part', data: { n }, queueName: 'children' })),
  });
  same(await job.waitUntilFinished(events, 10_000), 6);
});

await check('BullMQ: obliterate takes everything away', async () => {
  const queue = own(new Queue('waste', { connection }));
  await queue.addBulk(Array.from({ length: 50 }, (_, n) => ({ name: 'x', data: { n } })));
  await queue.obliterate();
  same(await direct.keys('bull:waste:*'), []);
});

await check('bull: add, process, delay and retry', async () => {
  const queue = own(new Bull('old', { redis: { host, port } }));
  const done = [];
  let tries = 0;
  queue.process(async (job) => {
    if (job.data.fails && tries++ < 1) throw new Error('once');
    done.push(job.data.n);
    return job.data.n;
  });
  await queue.add({ n: 1 });
  await queue.add({ n: 2 }, { delay: 50 });
  await queue.add({ n: 3, fails: true }, { attempts: 2 });
  await until(() => done.length === 3, 'three jobs');
  same(sorted(done), [1, 2, 3]);
  same((await queue.getJobCounts()).completed, 3);
});

await check('bee-queue: save, process and report', async () => {
  const queue = own(new BeeQueue('bee', { redis: { host, port }, removeOnSuccess: true }));
  queue.process(async (job) => job.data.x + job.data.y);
  const job = await queue.createJob({ x: 2, y: 3 }).retries(2).save();
  same(await new Promise((done, fail) => job.on('succeeded', done).on('failed', fail)), 5);
});

await check('redlock: one holds it, the other waits, and it is released by its owner alone', async () => {
  const lock = new Redlock([direct], { retryCount: 20, retryDelay: 20, retryJitter: 5 });
  const first = await lock.lock('lock:a', 300);
  const started = Date.now();
  const second = await lock.lock('lock:a', 300);
  ok(Date.now() - started >= 200, 'the second has waited');
  await second.extend(500);
  await second.unlock();
  same(await direct.exists('lock:a'), 0);
  ok(first.value !== second.value);
});

await check('rate-limiter-flexible: five points, and no sixth', async () => {
  const limiter = new RateLimiterRedis({ storeClient: direct, points: 5, duration: 10, keyPrefix: 'rl' });
  for (let i = 4; i >= 0; i--) same((await limiter.consume('user')).remainingPoints, i);
  await limiter.consume('user').then(() => { throw new Error('a sixth'); }, (refusal) => same(refusal.remainingPoints, 0));
});

if (httpPort) {
  await check('@upstash/ratelimit over REST: fixed and sliding windows, and a bucket of tokens', async () => {
    const redis = new Upstash({ url: `http://${host}:${httpPort}`, token: 'x', enableTelemetry: false });
    for (const [prefix, limiter] of [
      ['fixed', Ratelimit.fixedWindow(3, '60 s')], ['sliding', Ratelimit.slidingWindow(3, '60 s')], ['bucket', Ratelimit.tokenBucket(3, '60 s', 3)],
    ]) {
      const limit = new Ratelimit({ redis, limiter, prefix, ephemeralCache: false });
      const answers = [];
      for (let i = 0; i < 5; i++) answers.push((await limit.limit('me')).success);
      same(answers, [true, true, true, false, false], prefix);
      ok((await limit.getRemaining('me')).remaining === 0);
      await limit.resetUsedTokens('me');
      ok((await limit.limit('me')).success);
    }
  });
}

for (const close of closing) await close().catch(() => {});
direct.disconnect();
finish();
