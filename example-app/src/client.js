export const sse = (query) => ({
    ...targetOf("GET", "/sse", {}, query),
    transport: openSse,
    settings: { silence: 45000 },
});
export const stream = (query) => ({
    ...targetOf("GET", "/stream", {}, query),
    transport: openStream,
    settings: {},
});
export const response = (query) => ({
    ...targetOf("GET", "/response", {}, query),
    transport: openLongPoll,
    settings: { silence: 65000 },
});
export const ws = (query) => ({
    ...targetOf("GET", "/ws", {}, query),
    transport: openWebSocket,
    settings: {},
});
export const page = {
    page: (query) => targetOf("GET", "/", {}, query),
};
export const publish = {
    publish: (query) => targetOf("POST", "/publish", {}, query),
};
export class ConnectionError extends Error {
    constructor(kind, message, final = false, status, body, retryAfter = 0) {
        super(message);
        Object.assign(this, { name: "ConnectionError", kind, final, status, body, retryAfter });
    }
}
const STABLE = 5000;
const REMEMBERED = 1000;
const LONGEST = 2 ** 31 - 1;
export function connect(endpoints, options = {}) {
    const list = [endpoints].flat();
    const base = options.base ?? globalThis.location?.href;
    const { minDelay = 500, maxDelay = 30_000, fallbackAfter = 3, openTimeout = 20_000, maxReceived = 1e6 } = options;
    const { signal: closing, onMessage, onEvent, onState, onError, onReset } = options;
    const seen = new Set();
    let endpoint = list[0];
    if (!endpoint)
        throw new TypeError("connect needs an endpoint");
    new URL(endpoint.path, base);
    let state;
    const place = { id: options.lastEventId, retry: 0 };
    const over = new AbortController();
    let controller = new AbortController();
    let send;
    let wake = () => { };
    let failures = 0;
    let failuresHere = 0;
    const is = (other) => state === other;
    const enter = (next) => {
        if (is(next) || is("closed"))
            return;
        state = next;
        call(onState, next);
    };
    const report = (error) => {
        if (onError)
            call(onError, error);
        else if (error.final)
            globalThis.reportError(error);
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
        failuresHere = -1;
    };
    const receive = (raw, id, type = "message") => {
        const { json, history } = endpoint.settings;
        if (history && id) {
            if (seen.has(id))
                return;
            seen.add(id);
            const [oldest] = seen;
            if (seen.size > REMEMBERED)
                seen.delete(oldest);
        }
        const info = { raw, id };
        if (type !== "message")
            return call(onEvent, type, String(raw), info);
        let message = raw;
        try {
            if (json)
                message = JSON.parse(typeof raw === "string" ? raw : new TextDecoder().decode(raw));
        }
        catch {
            return report(new ConnectionError("invalid", `${endpoint.path} sent a message that is not JSON`));
        }
        call(onMessage, message, info);
    };
    const attempt = async () => {
        const { path, method, transport } = endpoint;
        const { idQuery, silence: usual } = endpoint.settings;
        const { silence = usual, headers, credentials = "same-origin" } = options;
        const url = new URL(path, base);
        const { signal } = (controller = new AbortController());
        const lost = (why) => controller.abort(new ConnectionError("lost", `${path} ${why}`));
        let quiet = setTimeout(lost, Math.min(openTimeout, LONGEST), "did not open in time");
        let stable;
        const current = {
            endpoint,
            url,
            signal,
            maxReceived,
            place,
            async fetch() {
                const made = typeof headers === "function" ? await unlessAborted((async () => headers())(), signal) : headers;
                const all = new Headers(made);
                if (place.id && idQuery && url.origin !== globalThis.location?.origin)
                    url.searchParams.set(idQuery, place.id);
                else if (place.id)
                    all.set("Last-Event-ID", headerValue(place.id));
                const response = await fetch(url, { method, headers: all, credentials, signal, cache: "no-store" });
                if (!response.ok)
                    throw await refusal(response, path);
                return response;
            },
            alive(how) {
                if (signal.aborted)
                    return;
                clearTimeout(quiet);
                if (silence)
                    quiet = setTimeout(lost, Math.min(silence, LONGEST), "was silent for too long");
                stable ??= setTimeout(succeed, STABLE);
                send ??= how;
                enter("open");
            },
            receive(raw, id, type) {
                if (signal.aborted)
                    return;
                succeed();
                receive(raw, id, type);
            },
            reset(reason) {
                if (signal.aborted)
                    return;
                seen.clear();
                call(onReset, reason);
            },
        };
        try {
            const ended = await transport(current);
            return ended ? undefined : new ConnectionError("lost", `${path} ended`);
        }
        catch (thrown) {
            const error = signal.aborted ? signal.reason : thrown;
            return error instanceof ConnectionError ? error : new ConnectionError("lost", `${path} is not reached: ${error}`);
        }
        finally {
            clearTimeout(quiet);
            clearTimeout(stable);
            send = undefined;
            controller.abort();
        }
    };
    const run = async () => {
        if (closing?.aborted)
            close();
        while (!is("closed")) {
            enter("connecting");
            if (is("closed"))
                return;
            const error = await attempt();
            if (is("closed"))
                return;
            if (!error || error.final) {
                close();
                if (error)
                    report(error);
                return;
            }
            let delay = Math.min(minDelay * 2 ** failures++, maxDelay) * (1 - Math.random() / 2);
            if (++failuresHere >= fallbackAfter && list.length > 1) {
                endpoint = list[(list.indexOf(endpoint) + 1) % list.length];
                failuresHere = 0;
                if (endpoint !== list[0])
                    delay = 0;
            }
            const asked = Math.max(place.retry, error.retryAfter);
            if (asked > delay)
                delay = Math.min(asked + minDelay * Math.random(), LONGEST);
            enter("waiting");
            report(error);
            if (is("closed"))
                return;
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, delay);
                wake = () => {
                    if (asked && !is("closed"))
                        return;
                    clearTimeout(timer);
                    resolve();
                };
            });
        }
    };
    globalThis.addEventListener?.("online", hurry, over);
    globalThis.document?.addEventListener("visibilitychange", hurry, over);
    closing?.addEventListener("abort", close, over);
    queueMicrotask(run);
    return {
        get state() { return state ?? "connecting"; },
        get lastEventId() { return place.id; },
        send(message) {
            const { sendsJson, maxSent = Infinity } = endpoint.settings;
            const raw = sendsJson && !isBinary(message) ? JSON.stringify(message) : message;
            const { size } = new Blob([raw]);
            if (size > maxSent)
                throw new RangeError(`the message has ${size} bytes, and the limit of ${endpoint.path} is ${maxSent}`);
            return send?.(raw) ?? false;
        },
        close,
    };
}
export async function request({ method, path }, { base = globalThis.location?.href, ...init } = {}) {
    const response = await fetch(new URL(path, base), { method, ...init });
    if (!response.ok)
        throw await refusal(response, path);
    return response;
}
function call(callback, ...given) {
    try {
        callback?.(...given);
    }
    catch (error) {
        globalThis.reportError(error);
    }
}
async function unlessAborted(promise, signal) {
    let abort = () => { };
    const aborted = new Promise((_, reject) => {
        abort = () => reject(signal.reason);
        if (signal.aborted)
            abort();
        signal.addEventListener("abort", abort);
    });
    try {
        return await Promise.race([promise, aborted]);
    }
    finally {
        signal.removeEventListener("abort", abort);
    }
}
function headerValue(text) {
    return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}
function isBinary(message) {
    return message instanceof ArrayBuffer || ArrayBuffer.isView(message) || message instanceof Blob;
}
async function refusal(response, path) {
    const { status } = response;
    const refused = status >= 400 && status < 500;
    const body = await response.text().catch(() => "");
    const after = response.headers.get("Retry-After") ?? "";
    const delay = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
    return new ConnectionError(refused ? "refused" : "failed", `${path} answers ${status}: ${body.trim().slice(0, 500)}`, refused && ![408, 425, 429].includes(status), status, body, Math.max(delay || 0, 0));
}
function targetOf(method, template, parameters, query = {}) {
    const path = template.replace(/\{(\*?)([^}]*)\}/g, (_, rest, name) => {
        const value = String(parameters[name] ?? "");
        const segments = rest ? value.split("/") : [value];
        if (!value || segments.some((segment) => segment === "." || segment === "..")) {
            throw new TypeError(`the path parameter ${name} of ${template} cannot be ${JSON.stringify(value)}`);
        }
        return segments.map(encodeURIComponent).join("/");
    }).replace(/^\/\//, "/%2F");
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
        if (value !== undefined)
            search.set(name, String(value));
    return { method, path: String(search) ? `${path}?${search}` : path };
}
async function* linesOf({ body }, attempt) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    let afterCr = false;
    for (;;) {
        const { done, value } = await reader.read();
        if (done)
            break;
        attempt.alive();
        let text = decoder.decode(value, { stream: true });
        if (!text)
            continue;
        if (afterCr && text.startsWith("\n"))
            text = text.slice(1);
        afterCr = text.endsWith("\r");
        const lines = (rest + text).split(/\r\n|\r|\n/);
        rest = lines.pop();
        for (const line of lines) {
            attempt.signal.throwIfAborted();
            yield line;
        }
        checkLength(rest.length, attempt);
    }
    if (rest)
        yield rest;
}
function checkLength(length, { maxReceived, url }) {
    if (length > maxReceived)
        throw new ConnectionError("too_long", `${url.pathname} sent more than ${maxReceived} characters`, true);
}
async function openSse(attempt) {
    const response = await attempt.fetch();
    if (response.status === 204)
        return true;
    const contentType = response.headers.get("Content-Type");
    if (!contentType?.startsWith("text/event-stream")) {
        throw new ConnectionError("failed", `${attempt.url.pathname} answers ${contentType}, and not text/event-stream`);
    }
    attempt.alive();
    let data = [];
    let length = 0;
    let type = "";
    let id;
    for await (const line of linesOf(response, attempt)) {
        const [, field, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line);
        if (!line) {
            const text = data.join("\n");
            if (id !== undefined)
                attempt.place.id = id;
            if (data.length && type === "reset" && attempt.endpoint.settings.history)
                attempt.reset(JSON.parse(text).reason);
            else if (data.length)
                attempt.receive(text, id, type || undefined);
            data = [];
            length = 0;
            type = "";
            id = undefined;
        }
        else if (field === "data") {
            data.push(value);
            checkLength((length += value.length), attempt);
        }
        else if (field === "event")
            type = value;
        else if (field === "id" && !value.includes("\0"))
            id = value;
        else if (field === "retry" && /^\d+$/.test(value))
            attempt.place.retry = Number(value);
    }
    return false;
}
async function openStream(attempt) {
    const response = await attempt.fetch();
    attempt.alive();
    const { json } = attempt.endpoint.settings;
    for await (const line of linesOf(response, attempt)) {
        if (json && /^(event|id|retry)?:/.test(line))
            continue;
        const message = json ? line.replace(/^data:/, "") : line;
        if (message)
            attempt.receive(message);
    }
}
function fromHeader(value) {
    if (value === null)
        return undefined;
    return new TextDecoder().decode(Uint8Array.from(value, (char) => char.charCodeAt(0)));
}
async function openLongPoll(attempt) {
    let atOnce = 0;
    for (;;) {
        const start = Date.now();
        const held = setTimeout(attempt.alive, 1000);
        const response = await attempt.fetch().finally(() => clearTimeout(held));
        const body = await response.text();
        const id = fromHeader(response.headers.get("Last-Event-ID"));
        const reset = response.headers.get("History-Reset");
        attempt.alive();
        if (reset)
            attempt.reset(reset);
        const isNew = !id || id !== attempt.place.id || reset;
        if (id)
            attempt.place.id = id;
        if (body && isNew)
            attempt.receive(body, id);
        else if (Date.now() - start < 1000)
            return;
        atOnce = id || Date.now() - start >= 1000 ? 0 : atOnce + 1;
        if (atOnce >= 10)
            await new Promise((resolve) => setTimeout(resolve, 1000));
        attempt.signal.throwIfAborted();
    }
}
function openWebSocket(attempt) {
    return new Promise((resolve, reject) => {
        const { url, endpoint, signal } = attempt;
        const { idQuery, subprotocols = [] } = endpoint.settings;
        url.protocol = url.protocol.replace("http", "ws");
        if (idQuery && attempt.place.id)
            url.searchParams.set(idQuery, attempt.place.id);
        const socket = new WebSocket(url, [...subprotocols]);
        socket.binaryType = "arraybuffer";
        signal.addEventListener("abort", () => {
            socket.close();
            reject();
        });
        socket.onopen = () => attempt.alive((raw) => {
            if (socket.readyState !== socket.OPEN)
                return false;
            socket.send(raw);
            return true;
        });
        socket.onmessage = ({ data }) => {
            attempt.alive();
            attempt.receive(data);
        };
        socket.onclose = ({ code, reason }) => {
            const final = /^(100[2378]|1009|1010|4...)$/.test(String(code));
            if (code === 1000)
                resolve(true);
            else
                reject(new ConnectionError(final ? "closed" : "lost", `${endpoint.path} closed with ${code} ${reason}`, final, code, reason));
        };
    });
}
