/** A value that a command may have as an argument. */
export type Argument = string | number | boolean;

/** A reply: strings, numbers (strings beyond 2^53-1), null, and arrays of them. */
export type Reply = string | number | null | Reply[] | { error: string };

/** The outcome of one command of a batch. */
export type Row = { result: Reply; error?: undefined } | { error: string; result?: undefined };

export interface ConnectOptions {
  /** The value of http-token. In a page it can be read by whoever sees the page: prefer a ticket. */
  token?: string;
  /** Fetches a ticket, which a server of yours got from POST /v1/ws-tickets. Called for every connection. */
  ticket?: () => string | Promise<string>;
  /** The WebSocket to use where the platform has none. */
  WebSocket?: new (url: string, protocols: string[]) => WebSocketLike;
  /** Milliseconds before the first reconnection; each one waits twice as long as the one before. 250. */
  backoffMs?: number;
  /** Milliseconds that a reconnection waits at most. 30,000. */
  backoffMaxMs?: number;
  /** Milliseconds after which a connection that does not come about is given up. 10,000. */
  openMs?: number;
  /** Milliseconds without a word from the server after which the connection is given up. 60,000. */
  silenceMs?: number;
  /** Commands that may wait, for the connection or for their replies. 10,000. */
  waitingMax?: number;
}

/** What is asked of a WebSocket that is passed in. */
export interface WebSocketLike {
  send(text: string): void;
  close(code?: number): void;
  onmessage: ((event: any) => any) | null;
  onclose: ((event: any) => any) | null;
  onerror: ((event: any) => any) | null;
}

export interface SubscribeOptions {
  /** How payloads are read: as text (the default), as JSON where they are JSON, or as bytes. */
  data?: 'utf8' | 'json' | 'base64';
  /** What the server does when messages come faster than they are read: close the connection (the default), drop the oldest, or keep the newest of each channel. */
  onSlow?: 'close' | 'drop-oldest' | 'conflate';
}

export interface Message<Data = any> {
  channel: string;
  /** The pattern by which it was heard, if it was one. */
  pattern?: string;
  /** Bytes, where the payload is not text or bytes were asked for. */
  data: Data;
  /** Counts the messages of the subscription, from 1 after each connection: a hole shows messages that were dropped. */
  n: number;
}

export interface Subscription {
  readonly id: string;
  /** Hears no more. */
  close(): void;
}

/** The name or value of a field: text, JSON where it was asked for, or bytes where an entry is not all text. */
export type FieldText = string | Uint8Array;

export interface Entry<Value = any> {
  stream: string;
  id: string;
  /** In their order; a name may come more than once. */
  fields: [name: FieldText, value: Value][];
}

export interface GroupEntry<Value = any> extends Entry<Value> {
  /** How often it was given to somebody, this time included. */
  deliveries: number;
  /** Milliseconds for which nobody had touched it. */
  idle: number;
}

export interface StreamOptions {
  /** Behind what to begin: '$' (what is added from now on, the default), '0' (all that there is) or the id of an entry; for each stream, or for all. */
  from?: string | Record<string, string>;
  /** When entries behind that have been removed: end with the error GAP (the default), or go on, and tell by the event gap. */
  onGap?: 'error' | 'skip';
  /** Entries that the server sends ahead of the handler. 256. */
  credit?: number;
  data?: 'utf8' | 'json' | 'base64';
}

export interface StreamReading extends Subscription {
  /** The last entry of each stream that was handled: what a page keeps, to begin there another time. */
  readonly position: Readonly<Record<string, string>>;
}

export interface GroupOptions {
  /** Begins with what is pending for the consumer (the default), or with what is new to the group. */
  start?: 'pending' | 'new';
  /** Entries that are handled side by side. 64. */
  credit?: number;
  /** Makes the group, where it is missing, behind an id, and the stream with it. */
  create?: { at?: string; mkstream?: boolean };
  /** Milliseconds after which entries that others have left alone are claimed. */
  claimIdle?: number;
  /** What is given counts as done: at most once. */
  noack?: boolean;
  data?: 'utf8' | 'json' | 'base64';
  /** Milliseconds after which an entry is given to somebody again whose handler has thrown. 1,000. */
  retryDelay?: number | ((entry: GroupEntry) => number);
  /** Entries that are known to be done, should they be sent again. 10,000. */
  remembered?: number;
}

export interface GroupReading extends Subscription {
  /** Takes over what others have left alone; the entries go to the handler. */
  claim(options?: { minIdle?: number; start?: string; count?: number }): Promise<{ cursor: string; deleted: string[]; count: number }>;
}

export interface Hello {
  session: string;
  user: string;
  /** Milliseconds between the server's pings. */
  heartbeat: number;
  maxFrame: number;
  maxSubs: number;
}

export interface Events {
  /** The connection is there, for the first time or again; subscriptions have been asked for anew. */
  open: Hello;
  /** The connection is gone. Messages published before the next open are not heard. */
  close: { code: number; reason: string; wasOpen: boolean; willReconnect: boolean };
  /** Something that belongs to no command: a refused subscription, a handler of entries that has thrown, a refused client. */
  error: Error & { subscription?: string; entry?: Entry; stream?: string; requested?: string; first?: string | null };
  /** A subscription with onSlow: 'drop-oldest' has missed messages, or a stream with onGap: 'skip' entries. */
  gap: { subscription: string; dropped?: number; stream?: string; requested?: string; first?: string | null };
}

/** An error of the server (code: the first word of its message), or of the connection (DISCONNECTED, REFUSED, CLOSED, LIMIT). */
export class GalleyError extends Error {
  readonly code: string;
  /** The same may work later. */
  readonly retry: boolean;
}

export interface Galley {
  /** Commands go out at once. */
  readonly isOpen: boolean;
  /** Runs one command. It fails when the connection dies before its reply, and is never sent twice. */
  command<Result = Reply>(...args: [name: string, ...args: Argument[]]): Promise<Result>;
  /** Runs several commands in order; atomic ones as MULTI and EXEC do (null: a watched key has changed). */
  batch(commands: Argument[][], options?: { atomic?: false }): Promise<Row[]>;
  batch(commands: Argument[][], options: { atomic: boolean }): Promise<Row[] | null>;
  subscribe<Data = any>(channels: string[], onMessage: (message: Message<Data>) => void, options?: SubscribeOptions): Subscription;
  psubscribe<Data = any>(patterns: string[], onMessage: (message: Message<Data>) => void, options?: SubscribeOptions): Subscription;
  /** Listens to shard channels, to which SPUBLISH publishes. */
  ssubscribe<Data = any>(channels: string[], onMessage: (message: Message<Data>) => void, options?: SubscribeOptions): Subscription;
  /**
   * Reads streams: entries in their order, one at a time. After a reconnection it goes on behind the last one received;
   * each entry is handed over once.
   */
  stream<Value = any>(keys: string | string[], onEntry: (entry: Entry<Value>) => unknown, options?: StreamOptions): StreamReading;
  /**
   * Works for a consumer of a group. An entry is acknowledged when its handler has ended, and given back when that
   * throws: at least once. Another reader for the same consumer ends this one (TAKEN).
   */
  group<Value = any>(
    stream: string, group: string, consumer: string, onEntry: (entry: GroupEntry<Value>) => unknown, options?: GroupOptions): GroupReading;
  /** Calls back on an event; gives a function that ends it. */
  on<Name extends keyof Events>(event: Name, listener: (detail: Events[Name]) => void): () => void;
  /** Ends the connection for good. */
  close(): void;
}

/**
 * Connects, and keeps connecting.
 * @param url The server, as https://host, or its WebSocket, as wss://host/v1/ws.
 */
export function connect(url: string, options?: ConnectOptions): Galley;
