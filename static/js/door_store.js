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

  return {
    list: (session) => promised(db.transaction("lists").objectStore("lists").get(session)),
    queue: async () => (await all("queue")).sort((a, b) => a.at - b.at),
    troubles: () => all("troubles"),

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

    /* The server's answer: the new list replaces the old one in the same step in which its actions leave the queue. */
    async settle(list, results, items, keep) {
      const work = db.transaction(["lists", "queue", "troubles"], "readwrite");
      if (keep) work.objectStore("lists").put(list);
      else work.objectStore("lists").delete(list.session);
      for (const result of results) {
        const item = items.find((one) => one.key === result.key);
        if (!item) continue;
        work.objectStore("queue").delete(result.key);
        if (result.state !== "done") work.objectStore("troubles").put({ key: result.key, item, result });
      }
      await finished(work);
    },

    /* Lists whose session is over, and lists that another person's account brought here. */
    async clean(now, user) {
      const work = db.transaction("lists", "readwrite");
      const lists = work.objectStore("lists");
      for (const list of await promised(lists.getAll())) {
        if (Date.parse(list.until) < now || (user && list.user !== user)) lists.delete(list.session);
      }
      await finished(work);
    },

    async wipe() {
      db.close();
      await promised(indexedDB.deleteDatabase(NAME));
    },
  };
}
