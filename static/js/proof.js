/* Elements marked data-proof hold a challenge (ALTCHA): the number is found here, while the form is being filled in, and takes the
   place of the plain question. Where this cannot run, the question stays. */
const TRIES_AT_ONCE = 250;

async function digest(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function solve({ challenge, maxnumber, salt }) {
  for (let first = 0; first <= maxnumber; first += TRIES_AT_ONCE) {
    const numbers = Array.from({ length: TRIES_AT_ONCE }, (_, step) => first + step);
    const digests = await Promise.all(numbers.map((number) => digest(salt + number)));
    const found = digests.indexOf(challenge);
    if (found >= 0) return numbers[found];
  }
  return null;
}

async function prove(box) {
  const task = JSON.parse(box.dataset.proof);
  const question = box.querySelector("[data-proof-question]");
  const state = box.querySelector("[data-proof-state]");
  const form = box.closest("form");
  let waiting = null;
  let working = true;

  function hold(event) {
    if (event.target !== form || !working) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = { submitter: event.submitter };
    state.scrollIntoView({ block: "nearest" });
  }

  question.hidden = true;
  state.hidden = false;
  state.textContent = state.dataset.working;
  document.addEventListener("submit", hold, true);
  let number = null;
  try {
    number = await solve(task);
  } finally {
    working = false;
    document.removeEventListener("submit", hold, true);
    if (number === null) {
      question.hidden = false;
      state.hidden = true;
    }
  }
  if (number === null) return;
  const { algorithm, challenge, salt, signature } = task;
  box.querySelector("input[name=proof]").value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
  state.textContent = state.dataset.done;
  if (waiting) form.requestSubmit(waiting.submitter);
}

if (globalThis.crypto?.subtle) {
  for (const box of document.querySelectorAll("[data-proof]")) prove(box);
}
