// A client of Galley's WebSocket that comes back: commands, batches, and subscriptions that outlive the connection.
// Streams go on where they were: of those nothing is lost.
//
//   import { connect } from '/galley.js';
//   const galley = connect('http://localhost:7379', { token });
//   await galley.command('SET', 'greeting', 'ahoy');
//   const news = galley.subscribe(['news'], ({ channel, data }) => console.log(channel, data));
//   const orders = galley.stream('orders', async ({ id, fields }) => show(id, fields), { from: '$' });
//   const work = galley.group('orders', 'packers', 'packer-7', async ({ fields }) => pack(fields), { create: { at: '0' } });
//
// A stream's entries are handled in order, one at a time, and each once, however often the connection is lost. A group's
// are handled at least once: by this client each once, unless its handler throws; but what another consumer claims
// meanwhile, or what a page was doing when it was closed, is done twice.
//
// A command under way when the connection dies fails, and is never sent again: only its caller knows whether it may run
// twice. The types are in galley.d.ts.

const SUBPROTOCOL = 'galley.v1.json';
const ACKS_MAX = 1000; // In one frame.
const FINAL_CODE = 4500; // From this close code on another try would be refused, too.

export class GalleyError extends Error {
  constructor(code, message, retry = false) {
    super(message);
    Object.assign(this, { name: 'GalleyError', code, retry });
  }
}

export const connect = (url, options) => new Galley(url, options);

class Galley {
  #url;
  #options = { backoffMs: 250, backoffMaxMs: 30_000, openMs: 10_000, silenceMs: 60_000, waitingMax: 10_000 };
  #socket;
  #isOpen = false;
  #isClosed = false;
  #attempts = 0;
  #lastId = 0;
  #lastHeardAt;
  #retryTimer;
  #watchdog;
  #commands = new Map(); // id -> { frame, isSent, resolve, reject }
  #subscriptions = new Map(); // id -> { frame, onMessage }
  #readers = new Map(); // id -> StreamReader or GroupReader
  #listeners = { open: new Set(), close: new Set(), error: new Set(), gap: new Set() };

  constructor(url, options) {
    this.#url = addressOf(url);
    Object.assign(this.#options, { WebSocket: globalThis.WebSocket }, options);
    if (!this.#options.WebSocket) throw new TypeError('no WebSocket: pass one as options.WebSocket');
    this.#open();
  }

  get isOpen() { return this.#isOpen; }

  command(...args) {
    return this.#ask({ args });
  }

  batch(commands, { atomic = false } = {}) {
    return this.#ask({ batch: commands, atomic });
  }

  subscribe(channels, onMessage, options) {
    return this.#listen({ type: 'subscribe', channels, ...options }, onMessage);
  }

  psubscribe(patterns, onMessage, options) {
    return this.#listen({ type: 'psubscribe', patterns, ...options }, onMessage);
  }

  ssubscribe(channels, onMessage, options) {
    return this.#listen({ type: 'ssubscribe', channels, ...options }, onMessage);
  }

  stream(keys, onEntry, options) {
    return this.#read((id, link) => new StreamReader(id, link, [keys].flat(), onEntry, options));
  }

  group(stream, group, consumer, onEntry, options) {
    return this.#read((id, link) => new GroupReader(id, link, { stream, group, consumer }, onEntry, options));
  }

  on(event, listener) {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  close() {
    this.#stop(new GalleyError('CLOSED', 'this client is closed'));
    this.#socket?.close(1000);
  }

  async #open() {
    const { token, ticket, WebSocket } = this.#options;
    try {
      const url = new URL(this.#url);
      if (ticket) url.searchParams.set('ticket', await ticket());
      if (this.#isClosed) return;
      // A page cannot set headers: the token travels as a subprotocol.
      const socket = new WebSocket(url.href, token ? [SUBPROTOCOL, `galley.bearer.${base64Url(token)}`] : [SUBPROTOCOL]);
      socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(JSON.parse(data));
      socket.onclose = ({ code, reason }) => socket === this.#socket && this.#lose(code, reason);
      // In older Node no close follows.
      socket.onerror = () => setTimeout(socket.onclose, 100, { code: 1006, reason: 'no connection' });
      this.#socket = socket;
      this.#watch(socket);
    } catch (error) {
      this.#emit('error', error);
      this.#lose(1006, error.message);
    }
  }

  #hear(frame) {
    this.#lastHeardAt = Date.now();
    const { type, id } = frame;
    const command = this.#commands.get(id);
    if (type === 'hello') this.#welcome(frame);
    else if (type.endsWith('message')) this.#call(this.#subscriptions.get(id)?.onMessage, messageOf(frame));
    else if (type === 'gap') this.#emit('gap', gapOf(frame));
    else if (this.#readers.has(id)) this.#hearReader(this.#readers.get(id), frame);
    else if (type === 'reply') command?.resolve(frame.result);
    else if (type === 'error') {
      const error = new GalleyError(frame.code, frame.message, frame.retry);
      if (command) command.reject(error);
      else this.#emit('error', this.#subscriptions.delete(id) ? Object.assign(error, { subscription: id }) : error);
    }
    if (type === 'reply' || type === 'error') this.#commands.delete(id);
  }

  #hearReader(reader, frame) {
    if (frame.type !== 'error') reader.hear(frame);
    else {
      const { code, message, retry, type, id, fatal, req, ...more } = frame;
      const error = Object.assign(new GalleyError(code, message, retry), { subscription: id }, more);
      if (req) reader.refuse(req, error);
      else if (retry) setTimeout(() => this.#readers.has(id) && this.#isOpen && reader.open(), this.#options.backoffMs);
      else this.#readers.delete(id) && reader.end(error);
      if (!retry) this.#emit('error', error);
    }
  }

  #welcome(hello) {
    this.#isOpen = true;
    this.#attempts = 0;
    for (const { frame } of this.#subscriptions.values()) this.#send(frame);
    for (const reader of this.#readers.values()) reader.open();
    for (const command of this.#commands.values()) this.#dispatch(command);
    this.#emit('open', hello);
  }

  #lose(code, reason) {
    const wasOpen = this.#isOpen;
    const willReconnect = code < FINAL_CODE && !this.#isClosed;
    this.#isOpen = false;
    this.#socket = undefined;
    clearInterval(this.#watchdog);
    const unanswered = [...this.#commands.values()].filter((command) => command.isSent);
    const lost = new GalleyError('DISCONNECTED', `connection lost (${code} ${reason}): the command may have run`, true);
    this.#reject(unanswered, lost);
    for (const reader of this.#readers.values()) reader.lose(lost);
    if (code >= FINAL_CODE) this.#stop(new GalleyError('REFUSED', `the server refuses: ${reason} (${code})`));
    this.#emit('close', { code, reason, wasOpen, willReconnect });
    if (willReconnect) this.#retryTimer = setTimeout(() => this.#open(), this.#delayMs());
  }

  // Half of it by chance: clients that lost their server together do not come back together.
  #delayMs() {
    const { backoffMs, backoffMaxMs } = this.#options;
    return Math.min(backoffMaxMs, backoffMs * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
  }

  #stop(error) {
    this.#isClosed = true;
    this.#isOpen = false;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#watchdog);
    this.#reject([...this.#commands.values()], error);
    for (const reader of this.#readers.values()) reader.end(error);
    this.#readers.clear();
    if (error.code === 'REFUSED') this.#emit('error', error);
  }

  // A page does not see the server's pings: it asks for a sign of life itself.
  #watch(socket) {
    const { openMs, silenceMs } = this.#options;
    this.#lastHeardAt = Date.now();
    this.#watchdog = setInterval(() => {
      const silentMs = Date.now() - this.#lastHeardAt;
      if (silentMs >= (this.#isOpen ? silenceMs : openMs)) {
        this.#lose(1006, `silent for ${silentMs} ms`);
        socket.close();
      } else if (this.#isOpen && silentMs > silenceMs / 2) this.#send({ type: 'ping' });
    }, Math.min(openMs, silenceMs) / 4);
  }

  #ask(request) {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new GalleyError('CLOSED', 'this client is closed');
      if (this.#commands.size >= this.#options.waitingMax) throw new GalleyError('LIMIT', 'too many wait', true);
      const id = `c${++this.#lastId}`;
      const command = { frame: { type: 'cmd', id, ...request }, isSent: false, resolve, reject };
      this.#commands.set(id, command);
      if (this.#isOpen) this.#dispatch(command);
    });
  }

  #dispatch(command) {
    command.isSent = true;
    this.#send(command.frame);
  }

  #listen(request, onMessage) {
    const id = `s${++this.#lastId}`;
    const frame = { id, ...request };
    this.#subscriptions.set(id, { frame, onMessage });
    if (this.#isOpen) this.#send(frame);
    return { id, close: () => this.#subscriptions.delete(id) && this.#isOpen && this.#send({ type: 'unsubscribe', id }) };
  }

  #read(make) {
    const id = `r${++this.#lastId}`;
    const link = {
      send: (frame) => {
        const isLinked = this.#isOpen && this.#readers.has(id);
        if (isLinked) this.#send({ ...frame, id });
        return isLinked;
      },
      fail: (error, entry) => this.#emit('error', Object.assign(error, { subscription: id, entry })),
    };
    const reader = make(id, link);
    this.#readers.set(id, reader);
    if (this.#isOpen) reader.open();
    const close = () => {
      link.send({ type: 'unsubscribe' });
      if (this.#readers.delete(id)) reader.end(new GalleyError('CLOSED', 'this reader is closed'));
    };
    return reader.face(close);
  }

  #reject(commands, error) {
    for (const { frame, reject } of commands) {
      this.#commands.delete(frame.id);
      reject(error);
    }
  }

  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  #emit(event, detail) {
    for (const listener of this.#listeners[event]) this.#call(listener, detail);
  }

  // What a listener throws is reported later.
  #call(listener, detail) {
    try {
      listener?.(detail);
    } catch (error) {
      queueMicrotask(() => { throw error; });
    }
  }
}

// Tails streams. What was received stays here until it is handled, whatever becomes of the connection: it is asked for
// what follows, and never for the same again.
class StreamReader {
  #id; #link; #onEntry; #options;
  #credit;
  #received = {}; // stream -> behind what to read on
  #handled = {}; // stream -> the last entry whose handler has ended
  #queue = [];
  #isRunning = false;
  #isEnded = false;
  #freed = 0;

  constructor(id, link, keys, onEntry, { from = '$', credit = 256, ...options } = {}) {
    this.#id = id;
    this.#link = link;
    this.#onEntry = onEntry;
    this.#credit = credit;
    this.#options = options;
    for (const key of keys) this.#received[key] = (typeof from === 'string' ? from : from[key]) ?? '$';
  }

  face(close) {
    return { id: this.#id, position: this.#handled, close };
  }

  open() {
    this.#freed = 0;
    const credit = Math.max(1, this.#credit - this.#queue.length);
    this.#link.send({ type: 'stream.read', streams: this.#received, credit, ...this.#options });
  }

  hear({ type, stream, at, entries }) {
    if (type === 'caughtup') this.#received[stream] = at;
    if (type !== 'entries') return;
    this.#received[stream] = entries.at(-1).id;
    this.#queue.push(...entries.map((entry) => entryOf(entry, stream)));
    if (!this.#isRunning) this.#run();
  }

  lose() {}

  refuse() {}

  end() {
    this.#isEnded = true;
  }

  async #run() {
    this.#isRunning = true;
    while (this.#queue.length > 0 && !this.#isEnded) {
      const entry = this.#queue[0];
      try {
        await this.#onEntry(entry);
      } catch (error) {
        this.#link.fail(error, entry);
      }
      this.#queue.shift();
      this.#handled[entry.stream] = entry.id;
      this.#refill();
    }
    this.#isRunning = false;
  }

  // Now and then, and not for each.
  #refill() {
    if (++this.#freed < this.#credit / 2) return;
    this.#link.send({ type: 'credit', n: this.#freed });
    this.#freed = 0;
  }
}

// Works for a group. Its entries are handled side by side, as many as there is credit; each is acknowledged when its
// handler has ended, and given back when that throws. After a reconnection the server sends again all that it does not
// know to be done; what is under way here, or done, is known by its id.
class GroupReader {
  #id; #link; #onEntry; #options; #retryDelay; #remembered;
  #lastRequest = 0;
  #hasOpened = false;
  #isEnded = false;
  #busy = new Set(); // ids under way
  #done = new Set(); // ids that were done, the last of them
  #acks = []; // ids to be sent
  #unconfirmed = new Map(); // request -> ids
  #claims = new Map(); // request -> { resolve, reject }

  constructor(id, link, names, onEntry, { retryDelay = 1000, remembered = 10_000, ...options } = {}) {
    this.#id = id;
    this.#link = link;
    this.#onEntry = onEntry;
    this.#retryDelay = retryDelay;
    this.#remembered = remembered;
    this.#options = { ...names, ...options };
  }

  face(close) {
    return { id: this.#id, close, claim: (options) => this.#claim(options) };
  }

  open() {
    // What was on its way when the connection was lost is pending.
    this.#link.send({ type: 'group.read', ...this.#options, ...(this.#hasOpened && { start: 'pending' }) });
    this.#hasOpened = true;
    for (const [req, ids] of this.#unconfirmed) this.#link.send({ type: 'ack', req, ids });
  }

  hear({ type, stream, entries, req, cursor, deleted }) {
    if (type === 'acked') this.#unconfirmed.delete(req);
    for (const entry of entries ?? []) this.#take(entryOf(entry, stream));
    if (type !== 'claimed') return;
    this.#claims.get(req)?.resolve({ cursor, deleted, count: entries.length });
    this.#claims.delete(req);
  }

  lose(error) {
    for (const { reject } of this.#claims.values()) reject(error);
    this.#claims.clear();
  }

  refuse(req, error) {
    this.#unconfirmed.delete(req);
    this.#claims.get(req)?.reject(error);
    this.#claims.delete(req);
  }

  end(error) {
    this.#isEnded = true;
    this.lose(error);
  }

  async #take(entry) {
    const { id } = entry;
    if (this.#busy.has(id)) return;
    if (this.#done.has(id)) {
      this.#acknowledge(id);
      return;
    }
    this.#busy.add(id);
    try {
      await this.#onEntry(entry);
      this.#busy.delete(id);
      this.#remember(id);
      if (this.#options.noack) this.#link.send({ type: 'credit', n: 1 });
      else this.#acknowledge(id);
    } catch (error) {
      this.#busy.delete(id);
      if (this.#options.noack) this.#link.send({ type: 'credit', n: 1 });
      else this.#link.send({ type: 'nack', req: this.#request(), ids: [id], delay: this.#delayOf(entry) });
      this.#link.fail(error, entry);
    }
  }

  #remember(id) {
    if (this.#options.noack) return;
    this.#done.add(id);
    if (this.#done.size > this.#remembered) this.#done.delete(this.#done.values().next().value);
  }

  // Those of one moment go together.
  #acknowledge(...ids) {
    if (this.#acks.length === 0 && ids.length > 0) queueMicrotask(() => this.#sendAcks());
    this.#acks.push(...ids);
  }

  #sendAcks() {
    while (this.#acks.length > 0 && !this.#isEnded) {
      const ids = this.#acks.splice(0, ACKS_MAX);
      const req = this.#request();
      this.#unconfirmed.set(req, ids);
      this.#link.send({ type: 'ack', req, ids });
    }
  }

  #delayOf(entry) {
    return Math.round(typeof this.#retryDelay === 'function' ? this.#retryDelay(entry) : this.#retryDelay);
  }

  #claim(options) {
    return new Promise((resolve, reject) => {
      const req = this.#request();
      if (!this.#link.send({ type: 'claim', req, ...options })) throw new GalleyError('DISCONNECTED', 'there is no connection', true);
      this.#claims.set(req, { resolve, reject });
    });
  }

  #request() {
    return `q${++this.#lastRequest}`;
  }
}

// http://host and ws://host/v1/ws are the same.
function addressOf(url) {
  const address = new URL(url, globalThis.location?.href);
  if (address.pathname === '/') address.pathname = '/v1/ws';
  return address.href.replace(/^http/, 'ws');
}

// Payloads that are no text come as base64.
function messageOf({ type, id, enc, ...message }) {
  if (enc === 'b64') message.data = bytesOf(message.data);
  return message;
}

function entryOf({ enc, fields, ...entry }, stream) {
  return { stream, ...entry, fields: enc === 'b64' ? fields.map((pair) => pair.map(bytesOf)) : fields };
}

function gapOf({ type, id, ...gap }) {
  return { subscription: id, ...gap };
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

function base64Url(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
