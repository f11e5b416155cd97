// The cases of protocol.rs. Each returns pairs: what it found, and what it expected.

const base = "http://app.test";
const text = new TextEncoder();

/** Answers each request with the next function, and after the last one with that again. Returns the requests. */
const serve = (...answers) => {
  const requests = [];
  globalThis.fetch = async (url, { headers, method, signal, cache }) => {
    requests.push({ url: String(url), method, cache, headers: Object.fromEntries(new Headers(headers)), at: performance.now() });
    return answers[Math.min(requests.length, answers.length) - 1](signal);
  };
  return requests;
};

const answer = (status, body, headers = {}) => () => new Response(body, { status, headers });
const json = (body, headers) => answer(200, JSON.stringify(body), headers);

/** A response of these chunks, which then ends. */
const chunks = (type, parts, held) => (signal) => {
  const start = (controller) => {
    for (const part of parts) controller.enqueue(typeof part === "string" ? text.encode(part) : part);
    if (!held) controller.close();
    signal.addEventListener("abort", () => held && controller.error(signal.reason));
  };
  return new Response(new ReadableStream({ start }), { headers: { "Content-Type": type } });
};
const events = (...parts) => chunks("text/event-stream; charset=utf-8", parts, false);
const heldEvents = (...parts) => chunks("text/event-stream", parts, true);
const lines = (...parts) => chunks("text/plain", parts, true);

const until = async (condition) => {
  while (!condition()) await new Promise((resolve) => realSetTimeout(resolve, 5));
};
const realSetTimeout = globalThis.setTimeout;
const realRandom = Math.random;

let number = 0;
/** Connects, and returns what it heard, with the connection. */
const open = (endpoints, options = {}) => {
  const name = `case${number++}`;
  follow(name, endpoints, { base, ...options });
  return Object.assign(heard[name], { connection: connections[name] });
};
const only = (all, kind) => all.filter(([what]) => what === kind).map(([, ...rest]) => rest);
const messagesOf = (all) => only(all, "message").flat();

/** Records the delays between attempts, and lets them pass at once. */
const delays = () => {
  const all = [];
  globalThis.setTimeout = (callback, delay, ...rest) => {
    if (delay >= 5000) return realSetTimeout(callback, Math.min(delay, 2 ** 31 - 1), ...rest);
    all.push(delay);
    return realSetTimeout(callback, 0, ...rest);
  };
  return all;
};

const cases = {
  async events_are_parsed_wherever_they_are_cut() {
    const whole = text.encode(
      "\uFEFFid: 1\r\ndata: ä\r\ndata:b\r\n\r\n: comment\nevent: other\rdata\r\rdata:  c\nunknown: x\ndata x\n\n" +
        "id: 3\nevent: place\n\nid: a\0b\ndata: d\nretry: 1x\n\nevent: a\nevent: message\ndata: e:f\n\nid: 9\ndata: unfinished",
    );
    const wrong = [];
    for (let at = 1; at < whole.length; at++) {
      const requests = serve(events(whole.slice(0, at), whole.slice(at)), heldEvents());
      const all = [];
      const connection = connect(sse(), {
        base, minDelay: 0,
        onMessage: (data, { id }) => all.push(["message", data, id]),
        onEvent: (type, data, { id }) => all.push([type, data, id]),
      });
      await until(() => requests.length >= 2);
      const found = JSON.stringify([all, connection.lastEventId]);
      connection.close();
      const expected = JSON.stringify([
        [["message", "ä\nb", "1"], ["other", "", undefined], ["message", " c", undefined], ["message", "d", undefined], ["message", "e:f", undefined]],
        "3",
      ]);
      if (found !== expected) wrong.push([at, found]);
    }
    return [[wrong, []]];
  },

  async the_delay_doubles_up_to_its_limit() {
    const found = [];
    const limits = { minDelay: 50, maxDelay: 400 };
    for (const [random, options] of [[0, limits], [0.5, limits], [0, { minDelay: undefined, maxDelay: undefined }]]) {
      Math.random = () => random;
      const all = delays();
      serve(answer(500, "broken"));
      const heard = open(sse(), options);
      await until(() => all.length >= (options === limits ? 8 : 4));
      heard.connection.close();
      found.push(all.slice(0, 8));
    }
    return [
      [found[0], [50, 100, 200, 400, 400, 400, 400, 400]],
      [found[1], [37.5, 75, 150, 300, 300, 300, 300, 300]],
      [found[2].slice(0, 4), [500, 1000, 2000, 4000]],
    ];
  },

  async a_message_resets_the_delay() {
    Math.random = () => 0;
    const all = delays();
    serve(answer(500), answer(500), events("data: 1\n\n"), answer(500), heldEvents());
    const heard = open(sse());
    await until(() => heard.connection.state === "open" && all.length >= 4);
    return [[all, [50, 100, 50, 100]]];
  },

  async the_server_can_ask_for_a_longer_delay() {
    Math.random = () => 0;
    const all = delays();
    const date = new Date(Date.now() + 4000).toUTCString();
    serve(
      answer(503, "", { "Retry-After": "2" }), answer(429, "", { "Retry-After": date }), answer(503, "", { "Retry-After": "soon" }),
      answer(503, "", { "Retry-After": "-1" }), events("retry: 3000\n\n"), answer(500), heldEvents(),
    );
    const heard = open(sse());
    await until(() => heard.connection.state === "open" && all.length >= 6);
    const dated = all.splice(1, 1)[0];
    return [[all, [2000, 200, 400, 3000, 3000]], [dated > 2500 && dated <= 4000, true]];
  },

  async a_refusal_is_final_and_other_answers_are_not() {
    const found = [];
    for (const status of [400, 401, 403, 404, 405, 410, 413, 408, 425, 429, 500, 502, 503]) {
      const requests = serve(answer(status, "the reason\n"), heldEvents());
      const heard = open(sse());
      await until(() => heard.connection.state === "closed" || requests.length > 1);
      found.push([status, requests.length, ...only(heard, "error")[0].slice(0, 3)]);
      heard.connection.close();
    }
    const refused = [400, 401, 403, 404, 405, 410, 413].map((status) => [status, 1, "refused", true, status]);
    const later = [408, 425, 429].map((status) => [status, 2, "refused", false, status]);
    const failed = [500, 502, 503].map((status) => [status, 2, "failed", false, status]);
    return [[found, [...refused, ...later, ...failed]]];
  },

  async the_error_has_the_body() {
    serve(answer(403, '{"title":"no"}'));
    let error;
    connect(sse(), { base, onError: (given) => (error = given) });
    await until(() => error);
    return [[error instanceof ConnectionError, true], [error instanceof Error, true], [error.body, '{"title":"no"}'], [error.message, '/sse answers 403: {"title":"no"}']];
  },

  async an_error_that_no_function_takes_is_reported() {
    serve(answer(403, "no"));
    const reported = [];
    globalThis.reportError = (error) => reported.push(error.message);
    connect(sse(), { base });
    await until(() => reported.length);
    return [[reported, ["/sse answers 403: no"]]];
  },

  async what_is_no_event_stream_is_tried_again() {
    const requests = serve(answer(200, "<html>", { "Content-Type": "text/html" }), heldEvents("data: 1\n\n"));
    const heard = open(sse());
    await until(() => messagesOf(heard).length);
    return [[only(heard, "error").map(([kind, final]) => [kind, final]), [["failed", false]]], [requests.length, 2]];
  },

  async an_answer_without_content_ends_the_events() {
    const requests = serve(answer(204, null));
    const heard = open(sse());
    await until(() => heard.connection.state === "closed");
    return [[only(heard, "error"), []], [requests.length, 1]];
  },

  async an_event_of_a_history_comes_once() {
    const first = "id: 1\ndata: a\n\nid: 2\ndata: b\n\n";
    const requests = serve(events(first), events("id: 2\ndata: b\n\nid: 3\ndata: c\n\n"), heldEvents());
    const heard = open(goals());
    await until(() => requests.length >= 3);
    const ids = requests.map(({ headers }) => headers["last-event-id"]);
    serve(events(first), heldEvents("id: 2\ndata: b\n\n"));
    const plain = open(sse());
    await until(() => messagesOf(plain).length === 3);
    return [[messagesOf(heard), ["a", "b", "c"]], [ids, [undefined, "2", "3"]], [messagesOf(plain), ["a", "b", "b"]]];
  },

  async a_reset_forgets_the_ids() {
    serve(events("id: 1\ndata: a\n\n"), heldEvents('event: reset\ndata: {"reason":"unknown"}\n\nid: 1\ndata: b\n\n'));
    const heard = open(goals());
    await until(() => messagesOf(heard).length === 2);
    serve(heldEvents('event: reset\ndata: mine\n\n'));
    const plain = open(sse());
    await until(() => only(plain, "event").length);
    return [[messagesOf(heard), ["a", "b"]], [only(heard, "reset"), [["unknown"]]], [only(plain, "event"), [["reset", "mine"]]]];
  },

  async the_ids_that_are_remembered_are_limited() {
    const all = Array.from({ length: 1001 }, (_, id) => `id: ${id}\ndata: x\n\n`).join("");
    serve(heldEvents(all, "id: 1000\ndata: old\n\n", "id: 0\ndata: again\n\n"));
    const heard = open(goals());
    await until(() => messagesOf(heard).at(-1) === "again");
    return [[messagesOf(heard).length, 1002]];
  },

  async the_id_of_another_origin_is_in_the_query() {
    const requests = serve(events("id: a b\ndata: 1\n\n"), heldEvents());
    open(byQuery({ since: 1 }));
    await until(() => requests.length >= 2);
    return [[requests.map(({ url }) => url), [`${base}/byQuery?since=1`, `${base}/byQuery?since=1&lastEventId=a+b`]], [requests[1].headers, {}]];
  },

  async an_id_goes_in_utf_8() {
    const bytesOf = (id) => Array.from(text.encode(id), (byte) => String.fromCharCode(byte)).join("");
    const requests = serve(events("id: ü→🎉\ndata: 1\n\n"), heldEvents());
    open(sse());
    await until(() => requests.length >= 2);
    const polls = serve(answer(200, "a", { "Last-Event-ID": bytesOf("ü→🎉") }), () => new Promise(() => {}));
    const polled = open(poll());
    await until(() => polls.length >= 2);
    return [
      [requests[1].headers["last-event-id"], bytesOf("ü→🎉")],
      [[polled.connection.lastEventId, polls[1].headers["last-event-id"]], ["ü→🎉", bytesOf("ü→🎉")]],
    ];
  },

  async a_line_and_an_event_have_a_limit() {
    const found = [];
    for (const parts of [["data: ", "x".repeat(60), "x".repeat(60)], ["data: 0123456789\n".repeat(11)], ["data: 0123456789\n".repeat(10) + "\n"]]) {
      serve(heldEvents(...parts));
      const heard = open(sse(), { maxReceived: 100 });
      await until(() => heard.connection.state === "closed" || messagesOf(heard).length);
      found.push([only(heard, "error").map(([kind, final]) => [kind, final]), messagesOf(heard).length]);
      heard.connection.close();
    }
    const tooLong = [[["too_long", true]], 0];
    return [[found, [tooLong, tooLong, [[], 1]]]];
  },

  async a_message_that_is_not_json_is_an_error_and_the_next_one_comes() {
    serve(heldEvents("data: hello\n\n", 'data: {"a":1}\n\n', "event: greeting\ndata: hello\n\n"));
    const heard = open(typed());
    await until(() => only(heard, "event").length);
    return [
      [heard.filter(([what]) => what !== "state").map((one) => one.slice(0, 3)), [["error", "invalid", false], ["message", { a: 1 }], ["event", "greeting", "hello"]]],
    ];
  },

  async a_stream_is_lines() {
    serve(lines("one\n\ntw", "o\r", "\ndata: 3\nrest"));
    const raw = open(stream());
    await until(() => messagesOf(raw).length === 3);
    serve(lines('{"a":1}\n', ': x\nevent: e\nid: 1\nretry: 1\ndata: {"a":2}\n\n'));
    const json = open(typedStream());
    await until(() => messagesOf(json).length === 2);
    serve(chunks("text/plain", ["the end"], false), lines());
    const ended = open(stream());
    await until(() => messagesOf(ended).length === 1);
    return [[messagesOf(raw), ["one", "two", "data: 3"]], [messagesOf(json), [{ a: 1 }, { a: 2 }]], [messagesOf(ended), ["the end"]]];
  },

  async a_poll_that_brings_nothing_is_no_message() {
    const id = (value) => ({ "Last-Event-ID": value });
    const slow = (of) => async () => {
      await new Promise((resolve) => realSetTimeout(resolve, 1050));
      return of();
    };
    const requests = serve(
      answer(200, "a", id("1")), slow(answer(200, "[]", id("1"))), slow(answer(204, null)), answer(200, "b", { ...id("7"), "History-Reset": "expired" }),
      answer(200, "c", id("8")), () => new Promise(() => {}),
    );
    const heard = open(poll());
    await until(() => requests.length >= 6);
    return [
      [heard.filter(([what]) => what !== "state"), [["message", "a"], ["reset", "expired"], ["message", "b"], ["message", "c"]]],
      [requests.map(({ headers }) => headers["last-event-id"]), [undefined, "1", "1", "1", "7", "8"]],
      [requests.every(({ cache }) => cache === "no-store"), true],
      [only(heard, "state"), [["connecting"], ["open"]]],
    ];
  },

  async polls_that_the_server_does_not_hold_are_delayed() {
    Math.random = () => 0;
    const recorded = delays();
    const requests = serve(answer(200, ""));
    const heard = open(poll());
    await until(() => requests.length >= 4);
    heard.connection.close();
    return [[recorded.filter((delay) => delay !== 1000).slice(0, 3), [50, 100, 200]], [messagesOf(heard), []]];
  },

  async polls_that_are_all_answered_at_once_are_slowed_down() {
    const recorded = delays();
    const requests = serve(answer(200, "x"));
    const heard = open(poll());
    await until(() => requests.length >= 30);
    heard.connection.close();
    const before = recorded.filter((delay) => delay === 1000).length;
    // One is that after which a poll counts as open, and from the tenth answer on there is another.
    return [[before >= requests.length + (requests.length - 10) - 1, true], [messagesOf(heard)[0], "x"]];
  },

  async a_close_in_onState_makes_no_request() {
    const requests = serve(heldEvents("data: 1\n\n"));
    const found = [];
    for (const state of ["connecting", "waiting"]) {
      const heard = [];
      const count = requests.length;
      const connection = connect(sse(), {
        base, minDelay: 0, onMessage: (data) => heard.push(data), onState: (entered) => entered === state && connection.close(),
      });
      if (state === "waiting") serve(answer(500));
      await until(() => connection.state === "closed");
      await new Promise((resolve) => realSetTimeout(resolve, 20));
      found.push([requests.length - count, heard]);
    }
    return [[found, [[0, []], [0, []]]]];
  },

  async headers_that_never_come_end_the_attempt() {
    const requests = serve(heldEvents());
    const heard = open(sse(), { headers: () => new Promise(() => {}), openTimeout: 20, minDelay: 0, maxDelay: 0 });
    await until(() => only(heard, "error").length >= 2);
    heard.connection.close();
    return [[requests.length, 0], [only(heard, "error")[0].slice(0, 2), ["lost", false]]];
  },

  async headers_that_throw_are_an_error_of_the_attempt() {
    const requests = serve(heldEvents());
    const unhandled = [];
    const listener = (event) => {
      event.preventDefault();
      unhandled.push(String(event.reason));
    };
    addEventListener("unhandledrejection", listener);
    const heard = open(sse(), { headers: () => { throw new Error("no token"); } });
    await until(() => only(heard, "error").length >= 2);
    heard.connection.close();
    await new Promise((resolve) => realSetTimeout(resolve, 50));
    removeEventListener("unhandledrejection", listener);
    return [
      [only(heard, "error")[0], ["lost", false, null, "/sse is not reached: Error: no token"]],
      [[requests.length, unhandled], [0, []]],
    ];
  },

  async polls_leave_no_listeners() {
    const signals = new Map();
    const { addEventListener: add, removeEventListener: remove } = AbortSignal.prototype;
    const count = (signal, by) => signals.set(signal, (signals.get(signal) ?? 0) + by);
    AbortSignal.prototype.addEventListener = function (...given) { count(this, 1); return add.apply(this, given); };
    AbortSignal.prototype.removeEventListener = function (...given) { count(this, -1); return remove.apply(this, given); };
    try {
      let id = 0;
      const requests = serve(async () => {
        await new Promise((resolve) => realSetTimeout(resolve, 1));
        return new Response("x", { headers: { "Last-Event-ID": String(++id) } });
      });
      const heard = open(poll(), { headers: () => ({}) });
      await until(() => requests.length >= 20);
      heard.connection.close();
      return [[Math.max(0, ...signals.values()) < 5, true]];
    } finally {
      Object.assign(AbortSignal.prototype, { addEventListener: add, removeEventListener: remove });
    }
  },

  async no_reset_comes_after_a_close() {
    serve(answer(200, "a", { "Last-Event-ID": "1", "History-Reset": "expired" }));
    const heard = [];
    const connection = connect(poll(), {
      base, onMessage: (data) => heard.push(data), onReset: () => heard.push("reset"), onState: (state) => state === "open" && connection.close(),
    });
    await until(() => connection.state === "closed");
    await new Promise((resolve) => realSetTimeout(resolve, 20));
    return [[heard, []]];
  },

  async nothing_comes_after_a_close() {
    serve(heldEvents("id: 1\ndata: a\n\nid: 2\ndata: b\n\nevent: reset\ndata: {}\n\n"));
    const heard = [];
    const connection = connect(goals(), { base, onMessage: (data) => { heard.push(data); connection.close(); }, onReset: () => heard.push("reset") });
    await until(() => connection.state === "closed");
    await new Promise((resolve) => realSetTimeout(resolve, 20));
    return [[heard, ["a"]], [connection.lastEventId, "1"]];
  },

  async an_error_of_the_page_does_not_end_the_connection() {
    const reported = [];
    globalThis.reportError = (error) => reported.push(error.message);
    serve(heldEvents("data: 1\n\ndata: 2\n\n"));
    const got = [];
    const connection = connect(sse(), { base, onMessage: (data) => { got.push(data); throw new Error("of the page"); } });
    await until(() => got.length === 2);
    return [[reported, ["of the page", "of the page"]], [connection.state, "open"]];
  },

  async being_online_again_ends_the_delay_unless_the_server_asked_for_it() {
    const found = [];
    for (const first of [answer(500), answer(503, "", { "Retry-After": "3600" })]) {
      const requests = serve(first, heldEvents());
      const heard = open(sse(), { minDelay: 4000, maxDelay: 4000 });
      await until(() => heard.connection.state === "waiting");
      await new Promise((resolve) => realSetTimeout(resolve, 20));
      dispatchEvent(new Event("online"));
      document.dispatchEvent(new Event("visibilitychange"));
      await new Promise((resolve) => realSetTimeout(resolve, 50));
      found.push(requests.length);
      heard.connection.close();
    }
    return [[found, [2, 1]]];
  },

  async a_silent_connection_is_lost() {
    const requests = serve(heldEvents("data: 1\n\n"), heldEvents());
    const heard = open(sse(), { silence: 60 });
    await until(() => requests.length >= 2);
    heard.connection.close();
    const hangs = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const slow = serve(hangs);
    const never = open(sse(), { openTimeout: 60 });
    await until(() => slow.length >= 2);
    never.connection.close();
    return [
      [only(heard, "error")[0], ["lost", false, null, "/sse was silent for too long"]],
      [only(never, "error")[0], ["lost", false, null, "/sse did not open in time"]],
    ];
  },

  async five_seconds_of_being_open_reset_the_delay() {
    Math.random = () => 0;
    const all = delays();
    const recorded = globalThis.setTimeout;
    globalThis.setTimeout = (callback, delay, ...rest) => (delay === 5000 ? realSetTimeout(callback, 30) : recorded(callback, delay, ...rest));
    const endsAfter = (time) => () => {
      const start = (controller) => void realSetTimeout(() => controller.close(), time);
      return new Response(new ReadableStream({ start }), { headers: { "Content-Type": "text/event-stream" } });
    };
    serve(answer(500), endsAfter(1), endsAfter(80), answer(500), heldEvents());
    const heard = open(sse());
    await until(() => all.length >= 4);
    return [[all.slice(0, 4), [50, 100, 50, 100]], [messagesOf(heard), []]];
  },

  async an_empty_id_forgets_the_id() {
    const requests = serve(events("id: 1\ndata: a\n\n"), events("id:\ndata: b\n\n"), heldEvents());
    const heard = open(goals());
    await until(() => requests.length >= 3);
    return [[requests.map(({ headers }) => headers["last-event-id"]), [undefined, "1", undefined]], [messagesOf(heard), ["a", "b"]]];
  },

  async the_request_has_the_parameters() {
    const requests = serve(heldEvents());
    const headers = [];
    open(room({ room: "a/b ü?#%" }, { q: "x&y", n: 1, yes: true, no: undefined }), { headers: async () => ({ Authorization: `Bearer ${headers.push(1)}` }) });
    await until(() => requests.length);
    const thrown = (act) => { try { act(); return null; } catch (error) { return `${error.name}: ${error.message}`; } };
    return [
      [requests[0].url, `${base}/rooms/a%2Fb%20%C3%BC%3F%23%25?q=x%26y&n=1&yes=true`],
      [requests[0].headers, { authorization: "Bearer 1" }],
      [rest({ rest: "a/b c//d" }).path, "/files/a/b%20c//d"],
      [all({ rest: "/evil.test" }).path, "/%2Fevil.test"],
      [all({ rest: "//a" }).path, "/%2F/a"],
      [thrown(() => room({ room: ".." })), 'TypeError: the path parameter room of /rooms/{room} cannot be ".."'],
      [thrown(() => room({ room: "." })), 'TypeError: the path parameter room of /rooms/{room} cannot be "."'],
      [thrown(() => room({ room: "" })), 'TypeError: the path parameter room of /rooms/{room} cannot be ""'],
      [thrown(() => rest({ rest: "a/../b" })), 'TypeError: the path parameter rest of /files/{*rest} cannot be "a/../b"'],
      [room({ room: "..." }).path, "/rooms/..."],
      [room({ room: 7 }).path, "/rooms/7"],
    ];
  },

  async a_request_returns_the_answer_or_throws_the_refusal() {
    const requests = serve(answer(201, "made"), answer(409, "taken", { "Retry-After": "3" }));
    const made = await request(plain(), { base, body: "x" });
    const error = await request(plain(), { base }).catch((error) => error);
    return [
      [[made.status, await made.text()], [201, "made"]],
      [[error.kind, error.status, error.body, error.retryAfter], ["refused", 409, "taken", 3000]],
      [requests.map(({ method, url }) => `${method} ${url}`), [`PUT ${base}/plain`, `PUT ${base}/plain`]],
    ];
  },

  async a_websocket_sends_and_ends_by_its_code() {
    const sockets = [];
    globalThis.WebSocket = class {
      sent = [];
      OPEN = 1;
      readyState = 1;
      constructor(url, protocols) { Object.assign(this, { url: String(url), protocols }); sockets.push(this); }
      send(raw) { this.sent.push(raw); }
      close() { this.closed = true; }
    };
    const heard = open(talk(), { lastEventId: "5" });
    const { connection } = heard;
    await until(() => sockets.length);
    const early = connection.send({ say: "x" });
    sockets[0].onopen();
    sockets[0].onmessage({ data: '{"a":1}' });
    sockets[0].onmessage({ data: text.encode('{"a":2}').buffer });
    const sent = connection.send({ say: "ü" });
    const thrown = (act) => { try { act(); return null; } catch (error) { return `${error.name}: ${error.message}`; } };
    // 19 bytes in 15 characters.
    const tooLong = thrown(() => connection.send({ say: "üüüü1" }));
    const fits = connection.send({ say: "üüü12" });
    const bytes = text.encode("ü");
    const ofBytes = [bytes, bytes.buffer, new DataView(bytes.buffer), new Blob([bytes])];
    const sentBytes = ofBytes.map((one) => connection.send(one));
    const asTheyAre = sockets[0].sent.splice(-4).map((one, at) => one === ofBytes[at]);
    sockets[0].readyState = 2;
    const closing = connection.send({ say: "x" });
    sockets[0].readyState = 1;
    const ends = [];
    for (const code of [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4000, 4999]) {
      const of = open(talk());
      const count = sockets.length;
      await until(() => sockets.length > count);
      sockets.at(-1).onopen();
      sockets.at(-1).onclose({ code, reason: "why" });
      await until(() => of.connection.state !== "open");
      const [error] = only(of, "error");
      ends.push([code, of.connection.state, error?.slice(0, 3)]);
      of.connection.close();
    }
    const last = sockets.length;
    connection.close();
    const final = (code) => [code, "closed", ["closed", true, code]];
    const lost = (code) => [code, "waiting", ["lost", false, code]];
    return [
      [[sockets[0].url, sockets[0].protocols], ["ws://app.test/talk?after=5", ["v1.example"]]],
      [[early, sent, fits, closing], [false, true, true, false]],
      [sockets[0].sent, ['{"say":"ü"}', '{"say":"üüü12"}']],
      [[sentBytes, asTheyAre], [[true, true, true, true], [true, true, true, true]]],
      [tooLong, "RangeError: the message has 19 bytes, and the limit of /talk is 18"],
      [messagesOf(heard), [{ a: 1 }, { a: 2 }]],
      [ends.map(([code, state, error]) => [code, state, error]), [
        [1000, "closed", undefined], lost(1001), final(1002), final(1003), lost(1005), lost(1006), final(1007), final(1008), final(1009), final(1010),
        lost(1011), lost(1012), lost(1013), lost(3000), final(4000), final(4999),
      ]],
      [[sockets[0].closed, sockets.length], [true, last]],
    ];
  },

  async the_last_endpoint_of_a_list_is_followed_by_the_first() {
    Math.random = () => 0;
    const all = delays();
    const requests = serve(answer(500));
    const heard = open([sse(), stream(), poll()], { fallbackAfter: 2 });
    await until(() => requests.length >= 8);
    heard.connection.close();
    return [[requests.slice(0, 8).map(({ url }) => url.slice(base.length)), ["/sse", "/sse", "/stream", "/stream", "/poll", "/poll", "/sse", "/sse"]],
      // The next one is tried at once, and the first one again after a delay.
      [all.filter((delay) => delay !== 1000).slice(0, 7), [50, 0, 200, 0, 400, 400, 400]]];
  },

  async the_end_of_a_connection_that_worked_is_no_failure() {
    delays();
    const works = events("data: 1\n\n");
    const requests = serve(works, works, works, answer(500), works);
    const heard = open([sse(), stream()], { fallbackAfter: 1 });
    await until(() => requests.length >= 5);
    heard.connection.close();
    return [[requests.slice(0, 5).map(({ url }) => url.slice(base.length)), ["/sse", "/sse", "/sse", "/sse", "/stream"]]];
  },

  async a_connection_that_never_began_is_closed() {
    const requests = serve(heldEvents());
    const aborted = open(sse(), { signal: AbortSignal.abort() });
    const closed = open(sse());
    closed.connection.close();
    await new Promise((resolve) => realSetTimeout(resolve, 20));
    let thrown;
    try { connect([], { base }); } catch (error) { thrown = error.name; }
    let wrong;
    try { connect(sse()); } catch (error) { wrong = error.name; }
    return [[wrong, "TypeError"], [[...aborted], [["state", "closed"]]], [[...closed], [["state", "closed"]]], [requests.length, 0], [thrown, "TypeError"]];
  },
};

window.runCase = async (name) => {
  try {
    const pairs = await cases[name]();
    return pairs.filter(([found, expected]) => JSON.stringify(found) !== JSON.stringify(expected))
      .map(([found, expected]) => `found ${JSON.stringify(found)}\nexpected ${JSON.stringify(expected)}`);
  } catch (error) {
    return [`${error} ${error.stack}`];
  } finally {
    globalThis.setTimeout = realSetTimeout;
    Math.random = realRandom;
    for (const connection of Object.values(connections)) connection.close();
  }
};
window.caseNames = Object.keys(cases);
