/* Signing out empties the device: whoever has check-ins that were not sent yet is asked first. */
const question = document.querySelector("script[data-sign-out]").dataset.lose;

function unsent() {
  return new Promise((resolve) => {
    const request = indexedDB.open("ban-don-tiep");
    /* No door was ever opened here: do not leave an empty database behind. */
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => resolve(0);
    request.onsuccess = () => {
      const db = request.result;
      const count = db.transaction("queue").objectStore("queue").count();
      count.onsuccess = () => { db.close(); resolve(count.result); };
      count.onerror = () => { db.close(); resolve(0); };
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
