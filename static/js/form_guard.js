/* Forms marked data-guard: a second tap does not send twice, and leaving a half-filled form is asked about first.
   Nothing is stored in the browser: phones and computers here are shared. */
for (const form of document.querySelectorAll("form[data-guard]")) {
  let sent = false;
  let changed = false;

  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const button = event.submitter || form.querySelector("[type=submit]");
    if (button && button.dataset.sending) {
      button.setAttribute("aria-disabled", "true");
      button.textContent = button.dataset.sending;
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) event.preventDefault();
  });
  /* Back from the next page: the form may be sent again. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) sent = false; });
}
