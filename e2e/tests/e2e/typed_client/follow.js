window.heard = {};
window.connections = {};
window.follow = (name, endpoints, options = {}) => {
  const all = (heard[name] = []);
  connections[name] = connect(endpoints, {
    minDelay: 50,
    maxDelay: 400,
    onMessage: (message) => all.push(["message", typeof message === "string" ? message.trimEnd() : message]),
    onEvent: (type, data) => all.push(["event", type, data]),
    onState: (state) => all.push(["state", state]),
    onError: ({ kind, final, status, message }) => all.push(["error", kind, final, status ?? null, message]),
    onReset: (reason) => all.push(["reset", reason]),
    ...options,
  });
};
