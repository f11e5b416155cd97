/** A value of a path parameter or of the query. */
export type ParameterValue = string | number | boolean;

/** The query of a request. A parameter that is `undefined` is left out. */
export type QueryValues = Readonly<Record<string, ParameterValue | undefined>>;

/** The request of an endpoint, with its path parameters and its query. */
export interface Target {
  /** The HTTP method. */
  readonly method: string;
  /** The path, percent-encoded, and the query. */
  readonly path: string;
}

/** An endpoint that holds connections, with its path parameters and its query. {@link connect} opens a connection to it. */
export interface Endpoint<Received, Sent = never> extends Target {
  /** The function that opens one connection. */
  readonly transport: Transport;
  /** The rest of what the client knows of the endpoint. */
  readonly settings: EndpointSettings;
  /** The type of what a client receives. The field exists for the compiler alone. */
  readonly received?: Received;
  /** The type of what a client sends. The field exists for the compiler alone. */
  readonly sent?: Sent;
}

/** The properties of an endpoint that change how a client speaks to it. */
export interface EndpointSettings {
  /** `true` if the endpoint names the type of what a client receives, so that it is JSON. */
  readonly json?: boolean;
  /** `true` if the endpoint names the type of what a client sends, so that it is JSON. */
  readonly sendsJson?: boolean;
  /** `true` if a client that comes back receives what it missed. */
  readonly history?: boolean;
  /** The parameter of the query that counts as `Last-Event-ID`. */
  readonly idQuery?: string;
  /** The time without a byte after which the connection counts as lost, in milliseconds. */
  readonly silence?: number;
  /** The limit of a message to the server, in bytes. */
  readonly maxSent?: number;
  /** The subprotocols that the client offers. */
  readonly subprotocols?: readonly string[];
}

/** The type of what an endpoint sends to its clients. */
export type ReceivedFrom<E> = E extends Endpoint<infer Received, unknown> ? Received : never;

/** The type of what a client sends to an endpoint. */
export type SentTo<E> = E extends Endpoint<unknown, infer Sent> ? Sent : never;

/** A message as a WebSocket takes it. */
export type RawMessage = string | ArrayBuffer | ArrayBufferView<ArrayBuffer> | Blob;

/**
 * The states of a connection:
 *
 * - `connecting`: an attempt runs;
 * - `open`: the server holds the connection. A client cannot see that a long poll is held, so one counts as open after a second;
 * - `waiting`: the connection is lost or did not open, and the next attempt comes after a delay;
 * - `closed`: the connection has ended, by `close()`, its signal, the server or an error that is final. It does not open again.
 */
export type ConnectionState = "connecting" | "open" | "waiting" | "closed";

/** The properties of a message beside its data. */
export interface MessageInfo {
  /** The message as it came: a text, or an `ArrayBuffer` for a binary message of a WebSocket. */
  readonly raw: string | ArrayBuffer;
  /** The id of the event, or of the response of a long poll. */
  readonly id: string | undefined;
}

/** The functions that a connection calls, and its settings. All are optional. */
export interface ConnectOptions<Received> {
  /**
   * Takes each message. Its type is the one that the endpoint names, and is not checked at run time. Where the endpoint names none, the
   * message is the text, or the `ArrayBuffer` of a binary message.
   *
   * - Of server-sent events, those of the type `message` come here.
   * - Of a stream, each line that is not empty is a message. Where the endpoint names a type, the line may also be the `data` of an
   *   event, because that is how items are published by default.
   * - Of a long poll, each response with a body is a message, even the one at its timeout. With a history, a timeout is told from a
   *   message by its id, from the second response on.
   */
  readonly onMessage?: (message: Received, info: MessageInfo) => void;
  /** Takes each server-sent event of another type than `message`, with its data as text. */
  readonly onEvent?: (type: string, data: string, info: MessageInfo) => void;
  /** Takes each new state. */
  readonly onState?: (state: ConnectionState) => void;
  /** Takes each error. Without it, an error that is final goes to `reportError`, which logs it. */
  readonly onError?: (error: ConnectionError) => void;
  /**
   * Called when the history of the server does not know the last id of this client, with the reason `unknown`, or has dropped entries
   * after it, with `expired`. Everything that the history has follows, so discard what you have.
   */
  readonly onReset?: (reason: string) => void;
  /** Closes the connection when it aborts. */
  readonly signal?: AbortSignal;
  /** An address of the app. The default is the one of the page. */
  readonly base?: string | URL;
  /** The headers of each request, or a function that makes them for each. A browser cannot send them with a WebSocket. */
  readonly headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** The `credentials` of `fetch`: `same-origin` by default. A WebSocket always sends cookies. */
  readonly credentials?: RequestCredentials;
  /** The id after which to begin, such as {@link Connection.lastEventId} of an earlier connection. */
  readonly lastEventId?: string;
  /** The delay before the second attempt, in milliseconds: 500 by default. It doubles with each failure in a row. */
  readonly minDelay?: number;
  /** The limit of that delay, in milliseconds: 30,000 by default. */
  readonly maxDelay?: number;
  /** The number of failures in a row after which the next endpoint of a list is tried: 3 by default. */
  readonly fallbackAfter?: number;
  /** The limit of the time that an opening takes, in milliseconds: 20,000 by default. */
  readonly openTimeout?: number;
  /** The time without a byte after which the connection counts as lost, in milliseconds. 0 means that there is no limit. The default depends on the endpoint. */
  readonly silence?: number;
  /** The limit of a line or an event, in characters: 1,000,000 by default. A longer one is an error that is final. */
  readonly maxReceived?: number;
}

/** A connection, as {@link connect} returns it. */
export interface Connection<Sent> {
  /** The state. */
  readonly state: ConnectionState;
  /** The id of the newest event, or the one with which the connection began. */
  readonly lastEventId: string | undefined;
  /**
   * Sends a message over the WebSocket. Bytes go out as they are, also where messages are JSON. Returns `false` if none is open: the connection keeps no message for later.
   *
   * Throws a `RangeError` if the message is longer than the endpoint accepts.
   */
  send(message: Sent): boolean;
  /** Ends the connection. After that, `onState` is called once, and no other function is. */
  close(): void;
}

/**
 * The kinds of errors:
 *
 * - `refused`: a 4xx answer. The error has its status and its body. It is final, except for 408, 425 and 429;
 * - `failed`: an answer that is neither a 2xx nor a 4xx, or has the wrong type;
 * - `lost`: the connection did not open, broke off or ended;
 * - `closed`: the server closed the WebSocket. The error has the code and the reason, and is final;
 * - `invalid`: a message is not JSON, although the endpoint names a type. The connection goes on with the next message;
 * - `too_long`: a line or an event is longer than `maxReceived`. It is final.
 */
export type ErrorKind = "refused" | "failed" | "lost" | "closed" | "invalid" | "too_long";

/** An error of a connection or a request. */
export class ConnectionError extends Error {
  /** The kind. */
  declare readonly kind: ErrorKind;
  /** `true` if the connection has ended. Otherwise it tries again, or goes on. */
  declare readonly final: boolean;
  /** The status of the answer, or the code of the close. */
  declare readonly status: number | undefined;
  /** The body of the answer, or the reason of the close. */
  declare readonly body: string | undefined;
  /** The delay that the server asks for, in milliseconds. */
  declare readonly retryAfter: number;

  /** Makes an error. */
  constructor(kind: ErrorKind, message: string, final = false, status?: number, body?: string, retryAfter = 0) {
    super(message);
    Object.assign(this, { name: "ConnectionError", kind, final, status, body, retryAfter });
  }
}

/** One attempt to connect, as its transport sees it. */
export interface Attempt {
  /** The endpoint. */
  readonly endpoint: Endpoint<unknown, unknown>;
  /** The address. */
  readonly url: URL;
  /** Aborts when the attempt must end. */
  readonly signal: AbortSignal;
  /** The limit of a line or an event, in characters. */
  readonly maxReceived: number;
  /** The id of the newest event, and the delay that an event stream asks for, in milliseconds. The transport changes them. */
  readonly place: { id: string | undefined; retry: number };
  /** Sends the request. Throws a `ConnectionError` unless the answer is a 2xx. */
  fetch(): Promise<Response>;
  /**
   * Called when the connection is open, and when anything comes from the server. `send` is the function that sends, and returns
   * `false` if the connection is not open.
   */
  alive(send?: (raw: RawMessage) => boolean): void;
  /** Takes a message. */
  receive(raw: string | ArrayBuffer, id?: string, type?: string): void;
  /** Takes the reset of a history. */
  reset(reason: string): void;
}

/** The function that opens a connection and serves it. Resolves or rejects when it ends, and resolves with `true` if the server does not want another. */
export type Transport = (attempt: Attempt) => Promise<boolean | void>;

/** The time that an attempt must stay open to count as a success without a message, in milliseconds. */
const STABLE = 5000;

/** The number of ids that a connection remembers, because an event of a history can come twice. */
const REMEMBERED = 1000;

/** The limit of a delay: that of a timer, about 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Opens a connection to an endpoint, and opens it again when it is lost, until `close()`.
 *
 * The endpoints of a list are alternatives, in order, such as a WebSocket and then a long poll. After 3 failures in a row at one of them
 * (`fallbackAfter`), the connection tries the next one at once, and after the last one the first one again. A failure is an attempt that brought
 * no message and was not open for 5 seconds. The connection stays with an endpoint that works.
 *
 * - The delay before the second attempt is 0.5 seconds. It doubles with each failure in a row, up to 30 seconds, and a random part of up to
 *   half of it is taken off. It ends early when the browser is online again or the page becomes visible.
 * - `Retry-After` of an answer and `retry` of an event stream make the delay longer, up to 24 days, and then it does not end early.
 * - A 4xx answer is final, except for 408, 425 and 429. 5xx answers and network errors are not.
 * - Of the closes of a WebSocket, 1000, 1002, 1003, 1007 to 1010 and 4000 to 4999 are final. A browser hides the reason why a WebSocket
 *   did not open, so a refusal looks like a network error there.
 * - The answer 204 ends server-sent events for good, as it ends an `EventSource`.
 * - A new attempt sends the last id in the header `Last-Event-ID`. To another origin it sends it in the query, if the endpoint has a
 *   parameter for it. An event of a history that comes twice is dropped.
 */
export function connect<E extends Endpoint<unknown, unknown>>(
  endpoints: E | readonly E[],
  options: ConnectOptions<ReceivedFrom<E>> = {},
): Connection<SentTo<E>> {
  const list: readonly Endpoint<unknown, unknown>[] = [endpoints].flat();
  const base = options.base ?? globalThis.location?.href;
  const { minDelay = 500, maxDelay = 30_000, fallbackAfter = 3, openTimeout = 20_000, maxReceived = 1e6 } = options;
  const { signal: closing, onMessage, onEvent, onState, onError, onReset } = options;
  const seen = new Set<string>();
  let endpoint = list[0]!;
  if (!endpoint) throw new TypeError("connect needs an endpoint");
  // Throws where the caller sees it, if the address is none.
  new URL(endpoint.path, base);
  let state: ConnectionState | undefined;
  const place = { id: options.lastEventId, retry: 0 };
  // Its signal is the option that ends the listeners.
  const over = new AbortController();
  let controller = new AbortController();
  let send: ((raw: RawMessage) => boolean) | undefined;
  let wake = () => {};
  // The failures in a row: of all endpoints, and of this one.
  let failures = 0;
  let failuresHere = 0;

  const is = (other: ConnectionState) => state === other;
  const enter = (next: ConnectionState) => {
    if (is(next) || is("closed")) return;
    state = next;
    call(onState, next);
  };
  const report = (error: ConnectionError) => {
    if (onError) call(onError, error);
    else if (error.final) globalThis.reportError(error);
  };
  const close = () => {
    enter("closed");
    over.abort();
    controller.abort();
    wake();
  };
  const hurry = () => globalThis.document?.hidden || wake();
  const succeed = () => {
    failures = 0;
    // The end of each attempt adds 1. The end of this one is no failure, so it must come to 0.
    failuresHere = -1;
  };

  const receive = (raw: string | ArrayBuffer, id: string | undefined, type = "message") => {
    const { json, history } = endpoint.settings;
    if (history && id) {
      if (seen.has(id)) return;
      seen.add(id);
      const [oldest] = seen;
      if (seen.size > REMEMBERED) seen.delete(oldest!);
    }
    const info = { raw, id };
    if (type !== "message") return call(onEvent, type, String(raw), info);
    let message: unknown = raw;
    try {
      if (json) message = JSON.parse(typeof raw === "string" ? raw : new TextDecoder().decode(raw));
    } catch {
      return report(new ConnectionError("invalid", `${endpoint.path} sent a message that is not JSON`));
    }
    call(onMessage, message as ReceivedFrom<E>, info);
  };

  /** Makes one attempt. Returns the error that ended it, or `undefined` if the server does not want another. */
  const attempt = async (): Promise<ConnectionError | undefined> => {
    const { path, method, transport } = endpoint;
    const { idQuery, silence: usual } = endpoint.settings;
    const { silence = usual, headers, credentials = "same-origin" } = options;
    const url = new URL(path, base);
    const { signal } = (controller = new AbortController());
    const lost = (why: string) => controller.abort(new ConnectionError("lost", `${path} ${why}`));
    let quiet = setTimeout(lost, Math.min(openTimeout, LONGEST), "did not open in time");
    let stable: ReturnType<typeof setTimeout> | undefined;
    const current: Attempt = {
      endpoint,
      url,
      signal,
      maxReceived,
      place,
      async fetch() {
        const made = typeof headers === "function" ? await unlessAborted((async () => headers())(), signal) : headers;
        const all = new Headers(made);
        if (place.id && idQuery && url.origin !== globalThis.location?.origin) url.searchParams.set(idQuery, place.id);
        else if (place.id) all.set("Last-Event-ID", headerValue(place.id));
        const response = await fetch(url, { method, headers: all, credentials, signal, cache: "no-store" });
        if (!response.ok) throw await refusal(response, path);
        return response;
      },
      alive(how) {
        if (signal.aborted) return;
        clearTimeout(quiet);
        if (silence) quiet = setTimeout(lost, Math.min(silence, LONGEST), "was silent for too long");
        stable ??= setTimeout(succeed, STABLE);
        send ??= how;
        enter("open");
      },
      receive(raw, id, type) {
        if (signal.aborted) return;
        succeed();
        receive(raw, id, type);
      },
      reset(reason) {
        if (signal.aborted) return;
        seen.clear();
        call(onReset, reason);
      },
    };
    try {
      const ended = await transport(current);
      return ended ? undefined : new ConnectionError("lost", `${path} ended`);
    } catch (thrown) {
      const error: unknown = signal.aborted ? signal.reason : thrown;
      return error instanceof ConnectionError ? error : new ConnectionError("lost", `${path} is not reached: ${error}`);
    } finally {
      clearTimeout(quiet);
      clearTimeout(stable);
      send = undefined;
      controller.abort();
    }
  };

  const run = async () => {
    if (closing?.aborted) close();
    while (!is("closed")) {
      enter("connecting");
      // The page may have closed the connection in that call.
      if (is("closed")) return;
      const error = await attempt();
      if (is("closed")) return;
      if (!error || error.final) {
        close();
        if (error) report(error);
        return;
      }
      let delay = Math.min(minDelay * 2 ** failures++, maxDelay) * (1 - Math.random() / 2);
      if (++failuresHere >= fallbackAfter && list.length > 1) {
        endpoint = list[(list.indexOf(endpoint) + 1) % list.length]!;
        failuresHere = 0;
        if (endpoint !== list[0]) delay = 0;
      }
      const asked = Math.max(place.retry, error.retryAfter);
      // The random part keeps clients apart that got the same time.
      if (asked > delay) delay = Math.min(asked + minDelay * Math.random(), LONGEST);
      enter("waiting");
      report(error);
      if (is("closed")) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        wake = () => {
          if (asked && !is("closed")) return;
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  globalThis.addEventListener?.("online", hurry, over);
  globalThis.document?.addEventListener("visibilitychange", hurry, over);
  closing?.addEventListener("abort", close, over);
  // The caller has the connection before its functions are called.
  queueMicrotask(run);

  return {
    get state() { return state ?? "connecting"; },
    get lastEventId() { return place.id; },
    send(message) {
      const { sendsJson, maxSent = Infinity } = endpoint.settings;
      const raw = sendsJson && !isBinary(message) ? JSON.stringify(message) : (message as RawMessage);
      const { size } = new Blob([raw]);
      if (size > maxSent) throw new RangeError(`the message has ${size} bytes, and the limit of ${endpoint.path} is ${maxSent}`);
      return send?.(raw) ?? false;
    },
    close,
  };
}

/**
 * Sends a request to an endpoint, and returns the answer if it is a 2xx.
 *
 * `init` is that of `fetch`, and `base` in it is an address of the app. Throws a {@link ConnectionError} for any other answer, and what
 * `fetch` throws.
 */
export async function request(
  { method, path }: Target,
  { base = globalThis.location?.href, ...init }: RequestInit & { base?: string | URL } = {},
): Promise<Response> {
  const response = await fetch(new URL(path, base), { method, ...init });
  if (!response.ok) throw await refusal(response, path);
  return response;
}

/** Calls a function of the page. An error that it throws does not concern the connection. */
function call<A extends unknown[]>(callback: ((...given: A) => void) | undefined, ...given: A) {
  try {
    callback?.(...given);
  } catch (error) {
    globalThis.reportError(error);
  }
}

/** Waits for a promise. Throws the reason of the signal once that aborts. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Returns a text as the value of a header: its bytes in UTF-8, as an `EventSource` sends them. */
function headerValue(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** Returns `true` for a message that a WebSocket sends as binary. */
function isBinary(message: unknown): boolean {
  return message instanceof ArrayBuffer || ArrayBuffer.isView(message) || message instanceof Blob;
}

/** Returns the error for an answer that is not a 2xx. */
async function refusal(response: Response, path: string): Promise<ConnectionError> {
  const { status } = response;
  const refused = status >= 400 && status < 500;
  const body = await response.text().catch(() => "");
  const after = response.headers.get("Retry-After") ?? "";
  const delay = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return new ConnectionError(
    refused ? "refused" : "failed",
    `${path} answers ${status}: ${body.trim().slice(0, 500)}`,
    refused && ![408, 425, 429].includes(status),
    status,
    body,
    Math.max(delay || 0, 0),
  );
}

// #region sse stream long_poll web_socket plain
/** Returns a request with the path parameters in its path. */
function targetOf(method: string, template: string, parameters: QueryValues, query: QueryValues = {}): Target {
  const path = template.replace(/\{(\*?)([^}]*)\}/g, (_, rest: string, name: string) => {
    const value = String(parameters[name] ?? "");
    const segments = rest ? value.split("/") : [value];
    // A browser resolves segments of dots, even if they are percent-encoded.
    if (!value || segments.some((segment) => segment === "." || segment === "..")) {
      throw new TypeError(`the path parameter ${name} of ${template} cannot be ${JSON.stringify(value)}`);
    }
    return segments.map(encodeURIComponent).join("/");
    // A path that begins with two slashes would be another host.
  }).replace(/^\/\//, "/%2F");
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return { method, path: String(search) ? `${path}?${search}` : path };
}
// #endregion

// #region sse stream
/** Reads the lines of a response, which end with CR, LF or both. */
async function* linesOf({ body }: Response, attempt: Attempt): AsyncGenerator<string> {
  const reader = body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let afterCr = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    attempt.alive();
    let text = decoder.decode(value, { stream: true });
    if (!text) continue;
    if (afterCr && text.startsWith("\n")) text = text.slice(1);
    afterCr = text.endsWith("\r");
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop()!;
    for (const line of lines) {
      // The page may have closed the connection at the line before.
      attempt.signal.throwIfAborted();
      yield line;
    }
    checkLength(rest.length, attempt);
  }
  if (rest) yield rest;
}

/** Throws if a line or an event is too long. */
function checkLength(length: number, { maxReceived, url }: Attempt) {
  if (length > maxReceived) throw new ConnectionError("too_long", `${url.pathname} sent more than ${maxReceived} characters`, true);
}
// #endregion

// #region sse
/**
 * Reads server-sent events. An `EventSource` would hide the status and the reason of a refusal, and could not send the last id with its first
 * request, so this reads the response of a `fetch`.
 */
async function openSse(attempt: Attempt): Promise<boolean> {
  const response = await attempt.fetch();
  if (response.status === 204) return true;
  const contentType = response.headers.get("Content-Type");
  if (!contentType?.startsWith("text/event-stream")) {
    throw new ConnectionError("failed", `${attempt.url.pathname} answers ${contentType}, and not text/event-stream`);
  }
  attempt.alive();
  let data: string[] = [];
  let length = 0;
  let type = "";
  let id: string | undefined;
  for await (const line of linesOf(response, attempt)) {
    const [, field, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line)!;
    if (!line) {
      const text = data.join("\n");
      if (id !== undefined) attempt.place.id = id;
      if (data.length && type === "reset" && attempt.endpoint.settings.history) attempt.reset(JSON.parse(text).reason);
      else if (data.length) attempt.receive(text, id, type || undefined);
      data = [];
      length = 0;
      type = "";
      id = undefined;
    } else if (field === "data") {
      data.push(value);
      checkLength((length += value.length), attempt);
    } else if (field === "event") type = value;
    else if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "retry" && /^\d+$/.test(value)) attempt.place.retry = Number(value);
  }
  return false;
}

// #endregion

// #region stream
/** Reads the lines of a stream. */
async function openStream(attempt: Attempt): Promise<void> {
  const response = await attempt.fetch();
  attempt.alive();
  const { json } = attempt.endpoint.settings;
  for await (const line of linesOf(response, attempt)) {
    if (json && /^(event|id|retry)?:/.test(line)) continue;
    const message = json ? line.replace(/^data:/, "") : line;
    if (message) attempt.receive(message);
  }
}
// #endregion

// #region long_poll
/** Returns the text of a header whose value is UTF-8. */
function fromHeader(value: string | null): string | undefined {
  if (value === null) return undefined;
  return new TextDecoder().decode(Uint8Array.from(value, (char) => char.charCodeAt(0)));
}

/** Polls again and again. */
async function openLongPoll(attempt: Attempt): Promise<void> {
  // The answers in a row that came at once and without an id.
  let atOnce = 0;
  for (;;) {
    const start = Date.now();
    const held = setTimeout(attempt.alive, 1000);
    const response = await attempt.fetch().finally(() => clearTimeout(held));
    const body = await response.text();
    const id = fromHeader(response.headers.get("Last-Event-ID"));
    const reset = response.headers.get("History-Reset");
    attempt.alive();
    if (reset) attempt.reset(reset);
    const isNew = !id || id !== attempt.place.id || reset;
    if (id) attempt.place.id = id;
    if (body && isNew) attempt.receive(body, id);
    // Without a message, the server should have held the poll. The delay before the next attempt spares it.
    else if (Date.now() - start < 1000) return;
    atOnce = id || Date.now() - start >= 1000 ? 0 : atOnce + 1;
    // Such a server may answer every poll at once, for ever.
    if (atOnce >= 10) await new Promise((resolve) => setTimeout(resolve, 1000));
    attempt.signal.throwIfAborted();
  }
}
// #endregion

// #region web_socket
/** Opens a WebSocket. */
function openWebSocket(attempt: Attempt): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const { url, endpoint, signal } = attempt;
    const { idQuery, subprotocols = [] } = endpoint.settings;
    url.protocol = url.protocol.replace("http", "ws");
    if (idQuery && attempt.place.id) url.searchParams.set(idQuery, attempt.place.id);
    const socket = new WebSocket(url, [...subprotocols]);
    socket.binaryType = "arraybuffer";
    signal.addEventListener("abort", () => {
      socket.close();
      reject();
    });
    socket.onopen = () =>
      attempt.alive((raw) => {
        if (socket.readyState !== socket.OPEN) return false;
        socket.send(raw);
        return true;
      });
    socket.onmessage = ({ data }) => {
      attempt.alive();
      attempt.receive(data);
    };
    socket.onclose = ({ code, reason }) => {
      const final = /^(100[2378]|1009|1010|4...)$/.test(String(code));
      if (code === 1000) resolve(true);
      else reject(new ConnectionError(final ? "closed" : "lost", `${endpoint.path} closed with ${code} ${reason}`, final, code, reason));
    };
  });
}
// #endregion
