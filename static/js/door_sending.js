/* Sending what waits on the device, in batches, until the server has answered for it; and asking what changed in the list. */
const EVERY = 15_000;
const BATCH = 100;
/* A tap must not wait for a dead line; the first list of a large class takes its time on a weak one, and comes in pieces. */
const PATIENCE = 20_000;
const PATIENCE_FOR_LIST = 60_000;

/* Returns {ok: the answer} or {state: why there is none}. The body is read in here: a line may break off in its midst. */
async function ask(url, items, known) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const actions = items.map(({ key, at, action }) => ({ ...action, key, at }));
  try {
    const answer = await fetch(url, {
      method: "POST", credentials: "same-origin", redirect: "manual",
      signal: AbortSignal.timeout(known ? PATIENCE_FOR_LIST : PATIENCE),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
      body: JSON.stringify({ actions, sent_at: Date.now(), known }),
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) return { state: "signedOut" };
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return { state: "server" };
    return { ok: await answer.json() };
  } catch {
    return { state: "offline" };
  }
}

/* `changed` is told that the state is another one; `done` gets the new list after each attempt, or null. States: starting, saved, sending,
   loading (the list, in pieces), offline (no network), signedOut, others (entries that this account may not send: see `blocked`), server (an answer that makes no sense),
   stopped (everything was deleted). */
export function sender({ store, device, changed, done }) {
  let state = "starting";
  let busy = false;
  let again = false;
  let timer = 0;
  let blocked = [];
  let attempt = Promise.resolve();

  function turn(next) {
    if (state !== "stopped") state = next;
    changed();
  }

  /* What was done is settled at once, whether or not the list arrives afterwards. */
  async function deliver(url, waiting) {
    const keys = waiting.map((item) => item.key);
    const items = await store.tried(keys, true);
    if (!items.length) return "saved";
    const wasOffline = !navigator.onLine;
    const { ok, state: trouble } = await ask(url, items, null);
    if (ok) {
      if (state !== "stopped") await store.settle(ok.results, items, device);
      return "saved";
    }
    /* Without any network nothing has left the device: what was entered by mistake can still simply be forgotten. */
    if (trouble === "offline" && wasOffline && !navigator.onLine) await store.tried(keys, false);
    return trouble;
  }

  /* Returns the new list as far as it came, and what went wrong. */
  async function fetchList() {
    /* What is settled by now is in every list that the server makes from now on. */
    const settled = (await store.queue()).filter((item) => item.settled).map((item) => item.key);
    let list = null;
    for (let more = true; more;) {
      const { ok, state: trouble } = await ask(device.sync, [], await store.known(device.session, device.user));
      if (!ok || state === "stopped") return { list, trouble };
      device.user = ok.state.user;
      await store.clean(Date.now(), device.user);
      list = await store.merge(ok.state, settled, Date.parse(ok.state.until) > Date.now());
      ({ more } = ok.state);
      if (more) turn("loading");
    }
    return { list };
  }

  async function round() {
    const waiting = (await store.queue()).filter((item) => !item.settled);
    if (waiting.length) turn("sending");
    blocked = [];
    /* Another session's door may have been closed before its actions were sent; this account may not be the one that made them. */
    for (const url of new Set(waiting.map((item) => item.url))) {
      const items = waiting.filter((item) => item.url === url);
      const result = await deliver(url, items.slice(0, BATCH));
      if (result === "saved") again ||= items.length > BATCH;
      else if (result === "signedOut" && url !== device.sync) blocked.push(...items);
      else {
        turn(result);
        return null;
      }
    }
    const { list, trouble } = await fetchList();
    turn(trouble ?? (blocked.length ? "others" : "saved"));
    return list;
  }

  async function work() {
    busy = true;
    clearTimeout(timer);
    let fresh = null;
    try {
      while (again) {
        again = false;
        fresh = (await round()) ?? fresh;
        if (!["saved", "others"].includes(state)) break;
      }
    } catch {
      turn("server");
    } finally {
      busy = false;
    }
    if (state === "stopped") return;
    await done(fresh);
    timer = setTimeout(send, EVERY);
  }

  function send() {
    if (state === "stopped") return attempt;
    again = true;
    if (!busy) attempt = work();
    return attempt;
  }

  return {
    get state() { return state; },
    get blocked() { return blocked; },
    send,
    /* When nothing is under way any more. */
    quiet: () => attempt,
    lost: () => turn("offline"),
    stop() {
      clearTimeout(timer);
      turn("stopped");
    },
  };
}
