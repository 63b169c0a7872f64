/* Wagtail's editor saves drafts by itself (w-autosave). A button that is pressed while a draft is on its way waits for its answer:
   a new page gets its address from that answer, and sent before it the page would be made a second time and refused, because "another
   page" has its address already. Once the form is sent no draft follows it. On a fast line nobody notices; on a weak one it is seconds. */

/* No answer for so long: send all the same, and let drafts be saved again. */
const PATIENCE = 10_000;
const ofForm = (event) => event.target instanceof HTMLFormElement && event.target.matches('[data-controller~="w-autosave"]');

let draft = false;
let waiting = null;
let sent = 0;
let timer = 0;

function send() {
  clearTimeout(timer);
  const { form, button } = waiting;
  waiting = null;
  draft = false;
  if (!button) return form.requestSubmit();
  /* Wagtail disables the pressed button; what is disabled is not sent. */
  const { disabled } = button;
  button.disabled = false;
  form.requestSubmit(button);
  button.disabled = disabled;
}

function giveUp() {
  clearTimeout(timer);
  waiting?.button?.setAttribute('data-w-progress-loading-value', 'false');
  waiting = null;
}

document.addEventListener('w-autosave:save', (event) => {
  if (!ofForm(event)) return;
  if (waiting || Date.now() - sent < PATIENCE) {
    event.preventDefault();
    event.stopPropagation();
  } else {
    draft = true;
  }
}, true);

for (const name of ['w-autosave:success', 'w-autosave:error']) {
  document.addEventListener(name, (event) => {
    if (!ofForm(event)) return;
    draft = false;
    if (!waiting) return;
    /* Somebody else has saved the page meanwhile: Wagtail's dialogue asks what is to become of it. */
    if (event.detail?.type === 'invalid_revision') giveUp();
    else setTimeout(() => { if (waiting) send(); });
  });
}

document.addEventListener('submit', (event) => {
  if (!ofForm(event)) return;
  if (draft || waiting) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting) return;
    waiting = { form: event.target, button: event.submitter };
    timer = setTimeout(send, PATIENCE);
  } else {
    sent = Date.now();
  }
}, true);

/* Back from the next page, kept as it was left. */
window.addEventListener('pageshow', (event) => { if (event.persisted) { sent = 0; giveUp(); } });
