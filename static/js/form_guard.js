/* Forms marked data-guard: a second tap does not send twice, and leaving a half-filled form is asked about first.
   Nothing is stored in the browser: phones and computers here are shared. */

/* No answer for so long (a dead line, "Stop" in the browser): the form may be sent again. The server takes it once, however often it comes. */
const PATIENCE = 10_000;

for (const form of document.querySelectorAll("form[data-guard]")) {
  let sent = false;
  let changed = false;
  let timer = 0;
  let restore = () => {};

  function again() {
    clearTimeout(timer);
    sent = false;
    restore();
    restore = () => {};
  }

  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    timer = setTimeout(again, PATIENCE);
    const button = event.submitter || form.querySelector("[type=submit]");
    if (button && button.dataset.sending) {
      const label = button.textContent;
      restore = () => {
        button.textContent = label;
        button.removeAttribute("aria-disabled");
      };
      button.setAttribute("aria-disabled", "true");
      button.textContent = button.dataset.sending;
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault();
  });
  /* Back from the next page, kept as it was left: its timers stood still. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) again(); });
}
