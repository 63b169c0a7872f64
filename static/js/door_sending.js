/* Sending what waits on the device, in batches, until the server has answered for it; and asking for the list meanwhile. */
const EVERY = 15_000;
const BATCH = 100;

function post(url, items) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const actions = items.map(({ key, at, action }) => ({ ...action, key, at }));
  return fetch(url, {
    method: "POST", credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(20_000),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
    body: JSON.stringify({ actions, sent_at: Date.now() }),
  });
}

/* `changed` is told that the state is another one; `done` gets the new list after each attempt, or null. States: starting, saved, sending,
   offline (no network), signedOut, server (an answer that makes no sense), stopped (everything was deleted). */
export function sender({ store, device, changed, done }) {
  let state = "starting";
  let busy = false;
  let again = false;
  let timer = 0;

  function turn(next) {
    if (state !== "stopped") state = next;
    changed();
  }

  async function deliver(url, waiting) {
    const keys = waiting.map((item) => item.key);
    const items = await store.tried(keys, true);
    const wasOffline = !navigator.onLine;
    let answer;
    try {
      answer = await post(url, items);
    } catch {
      /* Without any network nothing has left the device: what was entered by mistake can still simply be forgotten. */
      if (wasOffline && !navigator.onLine) await store.tried(keys, false);
      turn("offline");
      return null;
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) turn("signedOut");
    else if (!answer.ok) turn("server");
    else {
      const { results, state: fresh } = await answer.json();
      if (state === "stopped") return null;
      await store.clean(Date.now(), fresh.user);
      await store.settle(fresh, results, items, Date.parse(fresh.until) > Date.now());
      turn("saved");
      return fresh.session === device.session ? fresh : null;
    }
    return null;
  }

  async function round() {
    const waiting = await store.queue();
    if (waiting.length) turn("sending");
    /* Another session's door may have been closed before its actions were sent. */
    let fresh = null;
    for (const url of new Set([device.sync, ...waiting.map((item) => item.url)])) {
      fresh = (await deliver(url, waiting.filter((item) => item.url === url).slice(0, BATCH))) ?? fresh;
    }
    if (state === "saved" && (await store.queue()).length) again = true;
    return fresh;
  }

  async function send() {
    if (state === "stopped") return;
    again = true;
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    let fresh = null;
    try {
      while (again) {
        again = false;
        fresh = (await round()) ?? fresh;
        if (state !== "saved") break;
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

  return {
    get state() { return state; },
    send,
    lost: () => turn("offline"),
    stop() {
      clearTimeout(timer);
      turn("stopped");
    },
  };
}
