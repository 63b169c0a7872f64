/* During a call: the line of seats is asked for again every 20 seconds while the page is looked at. */
const line = document.querySelector("[data-seats]");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(line.dataset.seats, { redirect: "error" });
    if (answer.ok) line.innerHTML = await answer.text();
  } catch {
    /* No network, or signed out: the line keeps the time it was true at. */
  }
}

if (line) {
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
}
