/* The door with a script: the list is on the device, every tap is kept there first and sent as soon as there is network. */
const parts = document.querySelector("[data-parts]").dataset;
const words = document.querySelector("[data-words]").dataset;
const device = JSON.parse(document.getElementById("door-device").textContent);
const root = document.querySelector("[data-door]");
const $ = (name) => document.querySelector(`[data-${name}]`);
const say = (text, ...values) => values.reduce((all, value) => all.replace("%s", value), text);

const [{ open }, people, { scan }, { sender }] = await Promise.all(
  [parts.store, parts.people, parts.scan, parts.sending].map((address) => import(address)),
);
const store = await open();
const line = sender({ store, device, changed: showLine, done: took });
const search = $("search");
const box = search.querySelector("input[type=search]");
let list = null;
let queue = [];
let unsent = 0;
let keeping = 0;
let view = null;
let show = "all";

/* --- showing --- */

function showLine() {
  const shown = $("line");
  /* What was tapped a moment ago may not be on its way yet: until it has arrived, not everything is saved. */
  const left = unsent + keeping;
  const state = line.state === "saved" && left ? "sending" : line.state;
  shown.hidden = ["starting", "stopped"].includes(state);
  shown.dataset.state = state;
  shown.textContent = state === "others"
    ? words.others.replace("%1", namesOf(line.blocked)).replace("%s", line.blocked.length)
    : say(words[state] ?? "", left);
  if (state === "signedOut") {
    const link = document.createElement("a");
    link.href = device.signIn;
    link.textContent = words.signIn;
    shown.append(" ", link);
  }
}

/* Who has to sign in for entries that wait here: an account of before names were kept has none. */
const namesOf = (items) => [...new Set(items.map((item) => item.by || words.someone))].join(", ");

function nameOf(one) {
  return one.name || words.person.replace("%1", one.position).replace("%2", one.contact);
}

function noteOf(one) {
  const notes = [];
  if (one.at) notes.push(say(words.since, people.clock(one.at)));
  else if (one.status === "waiting" || one.status === "pending") notes.push(words[one.status]);
  if (one.status === "cancelled" || one.status === "refused") notes.push(words.cancelled);
  if (one.unsent) notes.push(words.unsent);
  return notes.join(" · ");
}

function rowOf(one) {
  const row = document.getElementById("door-row").content.firstElementChild.cloneNode(true);
  const part = (name) => row.querySelector(`[data-${name}]`);
  const group = one.size > 1 ? words.group.replace("%1", one.position).replace("%2", one.size) : "";
  const facts = [one.organisation, one.code, one.digits && `…${one.digits}`, one.commune, group];
  row.dataset.person = one.key;
  row.dataset.state = one.at ? "present" : one.status === "waiting" ? "waiting" : "absent";
  row.querySelector("[data-slot=name]").textContent = nameOf(one);
  row.querySelector("[data-slot=facts]").textContent = facts.filter(Boolean).join(" · ");
  row.querySelector("[data-slot=note]").textContent = noteOf(one);
  const waits = one.status === "waiting" && !one.at;
  if (one.name || one.guest) part("naming").remove();
  if (one.guest) part("in").remove();
  if (!waits || !mayExceed()) part("reason").remove();
  if (one.at) part("in")?.remove();
  else if (!one.guest) {
    part("in").querySelector("span").textContent = waits ? words.letIn : words.in;
    part("undo").remove();
  }
  /* Who was entered here and not sent yet is taken back as a whole party, on the row of its contact. */
  if (one.guest && one.position > 1) row.querySelector("form").remove();
  row.querySelectorAll("input[id]").forEach((input) => {
    const id = `${input.id}${one.key}`;
    row.querySelector(`label[for="${input.id}"]`)?.setAttribute("for", id);
    input.id = id;
  });
  return row;
}

const mayExceed = () => (list ? list.may_exceed : "mayExceed" in root.dataset);

function render() {
  showLine();
  if (!list) return;
  view = people.withQueue(list, queue);
  for (const name of ["present", "expected", "waiting", "free"]) {
    document.querySelector(`[data-count=${name}]`).textContent = view.counts[name] ?? "–";
  }
  const text = box.value.trim();
  const found = people.find(view.people, text).filter((one) => show === "all" || Boolean(one.at) === (show === "present"));
  const shown = found.slice(0, device.shown);
  const held = document.activeElement?.closest?.("[data-person]")?.dataset.person;
  const typed = held && document.activeElement.matches("input") ? document.activeElement : null;
  if (typed?.value) return;
  $("list").replaceChildren(...shown.map(rowOf));
  if (held) document.querySelector(`[data-person="${CSS.escape(held)}"] button`)?.focus({ preventScroll: true });
  const more = found.length - shown.length;
  $("found").textContent = !found.length ? words.nobody : [text && say(words.found, found.length), more > 0 && say(words.more, more)].filter(Boolean).join(" ");
  for (const button of search.querySelectorAll("[name=show]")) button.setAttribute("aria-pressed", String(button.value === show));
}

function tell(text, tone = "success") {
  const last = $("last");
  last.hidden = false;
  last.className = `door-message door-message--${tone}`;
  last.textContent = text;
}

const seen = new Set();

async function showTroubles() {
  const all = await store.troubles();
  /* A note holds names: it is for whoever made the entry. Of the others only that there is something, and who has to look. */
  const troubles = all.filter((one) => !one.user || one.user === device.user);
  const others = all.filter((one) => !troubles.includes(one) && one.result.state === "problem");
  $("trouble").hidden = !troubles.length && !others.length;
  /* What was said of an entry when it was made is not true any more once it is refused. */
  if (troubles.some((one) => one.result.state === "problem" && !seen.has(one.key))) $("last").hidden = true;
  troubles.forEach((one) => seen.add(one.key));
  /* This runs after every answer of the server: a row that still says the same stays, with what is being typed in it. */
  const rows = $("trouble").querySelector("ul");
  const wanted = troubles.map(({ key, item, who = item?.who, result }) => {
    const text = `${who ? `${who}: ` : ""}${result.text}`;
    return rowFor(rows, key, text) ?? troubleRow(key, text, result);
  });
  if (others.length) {
    const text = words.othersTrouble.replace("%1", namesOf(others)).replace("%s", others.length);
    const row = rowFor(rows, "others", text) ?? document.createElement("li");
    row.textContent = text;
    row.dataset.about = "others";
    wanted.push(row);
  }
  for (const row of [...rows.children]) if (!wanted.includes(row)) row.remove();
  wanted.forEach((row, place) => { if (rows.children[place] !== row) rows.insertBefore(row, rows.children[place] ?? null); });
}

const rowFor = (rows, key, text) => [...rows.children].find(
  (row) => row.dataset.about === key && (row.querySelector("[data-slot=text]") ?? row).textContent === text,
);

function troubleRow(key, text, result) {
  const row = document.getElementById("door-trouble").content.firstElementChild.cloneNode(true);
  row.dataset.about = key;
  row.querySelector("[data-slot=text]").textContent = text;
  const repeat = row.querySelector("[data-again]");
  if (result.state !== "problem" || !["full", "closed", "party"].includes(result.trouble)) repeat.remove();
  else repeat.querySelector("button").addEventListener("click", async () => {
    seen.delete(key);
    row.remove();
    await keep(() => store.retry(key, repeat.querySelector("input").value.trim()));
  });
  row.querySelector("[data-drop]").addEventListener("click", async () => {
    await store.dropTrouble(key);
    await showTroubles();
  });
  return row;
}

/* --- doing and sending --- */

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* An entry is on the device only when its transaction is over; until then the line already counts it. */
async function keep(put) {
  keeping += 1;
  showLine();
  try {
    await put();
    await recount();
  } finally {
    keeping -= 1;
  }
  await refresh();
}

function act(action, who) {
  const { sync: url, session, user, userName: by } = device;
  return keep(() => store.put({ key: newKey(), url, session, user, by, at: Date.now(), who, action }));
}

async function recount() {
  const all = await store.queue();
  unsent = all.filter((item) => !item.settled).length;
  queue = all.filter((item) => item.session === device.session);
}

async function reread() {
  await recount();
  render();
  await showTroubles();
}

async function refresh() {
  await reread();
  line.send();
}

function take(stored) {
  list = stored?.groups ? { ...stored, people: people.inOrder(stored.groups) } : null;
}

/* The line has spoken with the server: `fresh` is the list as it is now, nothing where there was no answer. */
async function took(fresh) {
  if (fresh) take(fresh);
  await reread();
}

/* An entry that was never sent is forgotten; of one that may have arrived the server is told, in its turn. */
async function takeBack(one) {
  const [entry] = one.key.split(":");
  tell(say(words.withdrawn, nameOf(one)));
  /* Without network an attempt fails at once, and then it is known that nothing was sent. */
  if (!navigator.onLine) await line.quiet();
  return await store.takeBack(entry) ? reread() : act({ kind: "withdraw", entry }, nameOf(one));
}

function checkIn(one, way, reason = "") {
  if (one.at) return tell(say(words.wasIn, nameOf(one)), "warning");
  /* Seats may be held back for this person's commune, and the list here may be old: the server decides, and says so here. */
  if (one.status === "waiting" && view.counts.free === 0 && !reason) tell(say(words.maybe, nameOf(one)), "warning");
  else tell(say(words.isIn, nameOf(one)));
  return act({ kind: "check_in", person: one.key, way, reason }, nameOf(one));
}

/* --- what staff do --- */

search.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.name === "show") show = event.submitter.value;
  else if (people.readCode(box.value)) {
    const text = box.value;
    box.value = "";
    scanned(text);
  }
  render();
});
box.addEventListener("input", () => { if (!people.readCode(box.value)) render(); });

$("list").addEventListener("submit", (event) => {
  event.preventDefault();
  const one = view?.people.find((person) => person.key === event.target.closest("[data-person]").dataset.person);
  if (!one) return;
  const { value } = event.submitter;
  if (value === "check_in") checkIn(one, people.wayOf(box.value.trim(), one), event.target.elements.reason?.value.trim());
  else if (value === "undo" && one.guest) takeBack(one);
  else if (value === "undo") act({ kind: "undo", person: one.key, taps: one.taps }, nameOf(one));
  else if (value === "name") {
    const input = event.target.elements.name;
    const name = input.value.trim();
    input.value = "";
    if (/\p{L}/u.test(name)) act({ kind: "name", person: one.key, name }, name);
  }
});

$("guest").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const data = Object.fromEntries(new FormData(form));
  const action = {
    kind: data.kind, name: data.name.trim(), phone: data.phone.trim(), people: Number(data.people), commune: data.commune,
    reason: data.reason.trim(), agreed: data.agreed === "on",
  };
  if (action.kind === "by_phone" && !action.phone) return tell(words.phone, "error");
  const free = view?.counts.free ?? null;
  const isFull = action.kind === "walk_in" && free !== null && action.people > free && !action.reason;
  if (isFull) tell(say(words.maybe, action.name), "warning");
  else tell(say(words.entered, action.name));
  form.reset();
  $("new").open = false;
  await act(action, action.name);
  window.scrollTo({ top: 0 });
  return undefined;
});

function scanned(text) {
  const meant = people.readCode(text);
  if (!meant || !view) return tell(words.foreign, "error");
  const found = people.find(view.people, text);
  navigator.vibrate?.(80);
  if (!found.length) return tell(words.unknown, "error");
  if (found.length === 1) return checkIn(found[0], "qr");
  box.value = found[0].code;
  show = "all";
  return render();
}

let endScan = null;
function closeCamera() {
  endScan?.();
  endScan = null;
  $("camera").hidden = true;
}
$("scan").addEventListener("click", async () => {
  if (endScan) return closeCamera();
  $("camera").hidden = false;
  try {
    endScan = await scan($("video"), parts.decoder, (text) => {
      scanned(text);
      $("camera-text").textContent = $("last").textContent;
    });
  } catch {
    closeCamera();
    tell(words.noCamera, "error");
  }
  return undefined;
});
$("scan-end").addEventListener("click", closeCamera);

async function toWorker(message) {
  const worker = (await navigator.serviceWorker?.getRegistration(device.worker))?.active;
  if (!worker) return;
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    setTimeout(resolve, 5000);
    worker.postMessage(message, [port2]);
  });
}

$("wipe").addEventListener("click", async () => {
  await line.send();
  const left = await store.unfinished();
  if (left && !window.confirm(say(words.lose, left))) return;
  line.stop();
  closeCamera();
  await toWorker({ forget: true });
  await (await navigator.serviceWorker?.getRegistration(device.worker))?.unregister();
  await store.wipe();
  document.querySelector("main").textContent = words.wiped;
  document.querySelectorAll("[data-count]").forEach((one) => { one.textContent = "–"; });
});

/* --- beginning --- */

async function stay() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(device.worker);
  await navigator.serviceWorker.ready;
  const sheets = Array.from(document.querySelectorAll("link[rel=stylesheet], link[rel=icon]"), (link) => link.href);
  const fonts = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => /\.woff2$/.test(name));
  const scripts = Array.from(document.querySelectorAll("script[src]"), (script) => script.src);
  await toWorker({ keep: [...new Set([location.pathname, ...sheets, ...fonts, ...scripts, ...Object.values(parts)])] });
  root.dataset.kept = "";
}

$("end").hidden = false;
$("scan").hidden = !navigator.mediaDevices?.getUserMedia;
await store.clean(Date.now());
take(await store.list(device.session));
await refresh();
window.addEventListener("online", () => line.send());
window.addEventListener("offline", () => line.lost());
document.addEventListener("visibilitychange", () => { if (!document.hidden) line.send(); });
stay().catch(() => {});
root.dataset.ready = "";
