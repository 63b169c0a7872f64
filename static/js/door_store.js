/* What the door keeps on a device: the list of a session (until it is over) and the actions that the server has not confirmed. */
const NAME = "ban-don-tiep";

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export async function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("lists", { keyPath: "session" });
    request.result.createObjectStore("queue", { keyPath: "key" });
    request.result.createObjectStore("troubles", { keyPath: "key" });
  };
  const db = await promised(request);
  db.onversionchange = () => db.close();
  const all = (name) => promised(db.transaction(name).objectStore(name).getAll());

  const isTrouble = (trouble) => trouble.result.state === "problem";

  return {
    list: (session) => promised(db.transaction("lists").objectStore("lists").get(session)),
    /* With those that the server has done and that the list does not show yet (`settled`). */
    queue: async () => (await all("queue")).sort((a, b) => a.at - b.at),
    troubles: () => all("troubles"),

    /* What would be lost: entries that were not sent, and those that the server refused, which exist here only. */
    async unfinished() {
      const queue = await all("queue");
      const troubles = await all("troubles");
      return queue.filter((item) => !item.settled).length + troubles.filter(isTrouble).length;
    },

    /* The digests of the groups that are here, by group. */
    async known(session, user) {
      const list = await this.list(session);
      const groups = list?.user === user ? Object.entries(list.groups ?? {}) : [];
      return Object.fromEntries(groups.map(([name, group]) => [name, group.digest]));
    },

    async put(item) {
      const work = db.transaction("queue", "readwrite");
      work.objectStore("queue").put(item);
      await finished(work);
    },

    /* What is about to be sent may reach the server from now on, whatever becomes of the answer. Returns what is still to be sent. */
    async tried(keys, isTried) {
      const work = db.transaction("queue", "readwrite");
      const rows = work.objectStore("queue");
      const found = (await Promise.all(keys.map((key) => promised(rows.get(key))))).filter(Boolean);
      for (const item of found) rows.put({ ...item, tried: isTried });
      await finished(work);
      return found;
    },

    /* Take an entry back that was never sent; false where the server may know of it. */
    async takeBack(key) {
      const work = db.transaction("queue", "readwrite");
      const rows = work.objectStore("queue");
      const item = await promised(rows.get(key));
      const isMine = Boolean(item) && !item.tried;
      if (isMine) rows.delete(key);
      await finished(work);
      return isMine;
    },

    async dropTrouble(key) {
      const work = db.transaction("troubles", "readwrite");
      work.objectStore("troubles").delete(key);
      await finished(work);
    },

    /* A trouble that is sent again goes back to the queue in one step: it is never in neither place. */
    async retry(key, reason) {
      const work = db.transaction(["troubles", "queue"], "readwrite");
      const trouble = await promised(work.objectStore("troubles").get(key));
      if (trouble) {
        const item = { ...trouble.item, action: { ...trouble.item.action, reason } };
        work.objectStore("queue").put(item);
        work.objectStore("troubles").delete(key);
      }
      await finished(work);
    },

    /* The server has done, or refused, what was sent. What it has done stays as `settled` until the list shows it; of what went
       well but has to be read, only the words are kept. */
    async settle(results, items, { session, until, user }) {
      const work = db.transaction(["queue", "troubles"], "readwrite");
      for (const result of results) {
        const item = items.find((one) => one.key === result.key);
        if (!item) continue;
        if (result.state === "problem" || item.session !== session) work.objectStore("queue").delete(item.key);
        else work.objectStore("queue").put({ ...item, tried: true, settled: true });
        if (result.state === "done") continue;
        const { key, who, by } = item;
        const kept = { key, who, by, user: item.user ?? user, session: item.session, until, result };
        work.objectStore("troubles").put(result.state === "problem" ? { ...kept, item } : kept);
      }
      await finished(work);
    },

    /* The groups that changed replace the old ones in the same step in which `settled` actions leave. Returns the list. */
    async merge({ groups: fresh, more, ...head }, settled, keep) {
      const work = db.transaction(["lists", "queue"], "readwrite");
      const lists = work.objectStore("lists");
      const old = await promised(lists.get(head.session));
      const groups = old?.user === head.user ? { ...old.groups } : {};
      for (const [name, group] of Object.entries(fresh)) {
        if (group.people.length) groups[name] = group;
        else delete groups[name];
      }
      const list = { ...head, groups };
      if (keep) lists.put(list);
      else lists.delete(head.session);
      if (!more) settled.forEach((key) => work.objectStore("queue").delete(key));
      await finished(work);
      return list;
    },

    /* Lists whose session is over, and lists that another person's account brought here; and with a list the notes about what the
       server has done. What it refused stays until somebody has decided: it exists nowhere else. */
    async clean(now, user) {
      const work = db.transaction(["lists", "troubles"], "readwrite");
      const lists = work.objectStore("lists");
      const troubles = work.objectStore("troubles");
      for (const list of await promised(lists.getAll())) {
        if (Date.parse(list.until) < now || (user && list.user !== user)) lists.delete(list.session);
      }
      for (const trouble of await promised(troubles.getAll())) {
        const isOver = !(Date.parse(trouble.until) > now) || (user && trouble.user !== user);
        if (!isTrouble(trouble) && isOver) troubles.delete(trouble.key);
      }
      await finished(work);
    },

    async wipe() {
      db.close();
      await promised(indexedDB.deleteDatabase(NAME));
    },
  };
}
