/* Signing out empties the device: whoever has entries that were not sent yet, or that the server refused, is asked first. */
const question = document.querySelector("script[data-sign-out]").dataset.lose;

function unsent() {
  return new Promise((resolve) => {
    const request = indexedDB.open("ban-don-tiep");
    /* No door was ever opened here: do not leave an empty database behind. */
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => resolve(0);
    request.onsuccess = () => {
      const db = request.result;
      const work = db.transaction(["queue", "troubles"]);
      const queue = work.objectStore("queue").getAll();
      const troubles = work.objectStore("troubles").getAll();
      work.oncomplete = () => {
        db.close();
        const refused = troubles.result.filter((one) => one.result.state === "problem");
        resolve(queue.result.filter((one) => !one.settled).length + refused.length);
      };
      work.onerror = work.onabort = () => { db.close(); resolve(0); };
    };
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!new URL(form.action, location.href).pathname.endsWith("/logout/") || form.dataset.asked) return;
  event.preventDefault();
  const count = await unsent().catch(() => 0);
  if (count && !window.confirm(question.replace("%s", count))) return;
  form.dataset.asked = "1";
  form.requestSubmit(event.submitter);
}, true);
