// A client of Galley's WebSocket that comes back: commands, batches, and subscriptions that outlive the connection.
//
//   import { connect } from '/galley.js';
//   const galley = connect('http://localhost:7379', { token });
//   await galley.command('SET', 'greeting', 'ahoy');
//   const news = galley.subscribe(['news'], ({ channel, data }) => console.log(channel, data));
//
// A command under way when the connection dies fails, and is never sent again: only its caller knows whether it may run
// twice. The types are in galley.d.ts.

const SUBPROTOCOL = 'galley.v1.json';
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
    else if (type === 'gap') this.#emit('gap', { subscription: id, dropped: frame.dropped });
    else if (type === 'reply') command?.resolve(frame.result);
    else if (type === 'error') {
      const error = new GalleyError(frame.code, frame.message, frame.retry);
      if (command) command.reject(error);
      else this.#emit('error', this.#subscriptions.delete(id) ? Object.assign(error, { subscription: id }) : error);
    }
    if (type === 'reply' || type === 'error') this.#commands.delete(id);
  }

  #welcome(hello) {
    this.#isOpen = true;
    this.#attempts = 0;
    for (const { frame } of this.#subscriptions.values()) this.#send(frame);
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
    this.#reject(unanswered, new GalleyError('DISCONNECTED', `connection lost (${code} ${reason}): the command may have run`, true));
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

// http://host and ws://host/v1/ws are the same.
function addressOf(url) {
  const address = new URL(url, globalThis.location?.href);
  if (address.pathname === '/') address.pathname = '/v1/ws';
  return address.href.replace(/^http/, 'ws');
}

// Payloads that are no text come as base64.
function messageOf({ type, id, enc, ...message }) {
  if (enc === 'b64') message.data = Uint8Array.from(atob(message.data), (c) => c.charCodeAt(0));
  return message;
}

function base64Url(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
