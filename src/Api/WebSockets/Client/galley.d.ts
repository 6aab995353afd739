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
  /** Something that belongs to no command: a refused subscription, a refused client. */
  error: Error & { subscription?: string };
  /** A subscription with onSlow: 'drop-oldest' has missed messages. */
  gap: { subscription: string; dropped: number };
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
