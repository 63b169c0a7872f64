/* Suggestions while typing (WAI-ARIA APG: editable combobox, list autocomplete with manual selection), and the last searches of
   this device. Without this the box is a plain form. A slow line, Save-Data or a failure only means: no suggestions. Recent
   searches stay in this browser, are never sent, and one button forgets them. */
const DELAY = 150;
const PATIENCE = 2500;
const RECENT = "recent-searches";
const RECENT_MAX = 5;
/* Numbers of people (telephone, identity card) are not kept: phones and computers here are shared. */
const PRIVATE = /\d(?:[\s.-]?\d){5,}|@/;

const recent = {
  read() {
    try {
      const rows = JSON.parse(window.localStorage.getItem(RECENT) || "[]");
      return Array.isArray(rows) ? rows.filter((row) => typeof row === "string").slice(0, RECENT_MAX) : [];
    } catch {
      return [];
    }
  },
  add(text) {
    const clean = text.trim().replace(/\s+/g, " ");
    if (clean.length < 2 || clean.length > 80 || PRIVATE.test(clean)) return;
    const rows = [clean, ...recent.read().filter((row) => row.toLowerCase() !== clean.toLowerCase())];
    try {
      window.localStorage.setItem(RECENT, JSON.stringify(rows.slice(0, RECENT_MAX)));
    } catch { /* storage is blocked or full */ }
  },
  clear() {
    try {
      window.localStorage.removeItem(RECENT);
    } catch { /* storage is blocked */ }
  },
};

function isFrugal() {
  const line = navigator.connection;
  return Boolean(line && (line.saveData || /^(slow-)?2g$/.test(line.effectiveType || "")));
}

function make(name, attributes = {}, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function enhance(form) {
  const input = form.querySelector("input[type=search]");
  const words = form.dataset;
  const listId = `${input.id}-goi-y`;
  const box = make("div", { class: "search-suggest", hidden: "" });
  const list = make("ul", { class: "search-suggest__list", role: "listbox", id: listId, "aria-label": words.label });
  const clear = make("button", { class: "search-suggest__clear", type: "button", hidden: "" }, words.clear);
  const status = make("div", { class: "visually-hidden", role: "status" });
  box.append(list, clear);
  form.append(box, status);
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId })) {
    input.setAttribute(key, value);
  }

  const kept = new Map();
  let active = -1;
  let timer = 0;
  let request = null;

  const options = () => [...list.children];

  const mark = (index) => {
    active = index;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const chosen = options()[index];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const close = () => {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const show = (rows, isRecent) => {
    list.replaceChildren(...rows.map((row, place) => {
      const option = make("li", { class: "search-suggest__option", role: "option", id: `${listId}-${place}`, "aria-selected": "false" });
      option.append(make("span", { class: "search-suggest__text" }, row.text));
      if (row.label) option.append(make("span", { class: "search-suggest__label" }, row.label));
      option.dataset.url = row.url;
      option.dataset.question = row.kind === "question" ? row.text : "";
      return option;
    }));
    clear.hidden = !isRecent;
    if (!rows.length) {
      close();
      status.textContent = "";
      return;
    }
    box.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(-1);
    status.textContent = rows.length === 1 ? words.one : words.many.replace("{n}", rows.length);
  };

  const showRecent = () => {
    const rows = recent.read().map((text) => ({
      text, kind: "question", label: words.recent, url: `${form.action}?${new URLSearchParams({ q: text })}`,
    }));
    show(rows, rows.length > 0);
  };

  /* Forgotten before its failure is heard of: that must not close what is shown instead. */
  const drop = () => {
    if (request) request.abort();
    request = null;
  };

  /* Whatever is about to be shown is not: neither what waits for the next letter nor what is on its way. */
  const cancel = () => {
    window.clearTimeout(timer);
    timer = 0;
    drop();
  };

  const ask = async (typed) => {
    drop();
    if (kept.has(typed)) {
      show(kept.get(typed), false);
      return;
    }
    const mine = new AbortController();
    request = mine;
    const stop = window.setTimeout(() => mine.abort(), PATIENCE);
    try {
      const answer = await fetch(`${words.suggest}?${new URLSearchParams({ q: typed })}`, { signal: mine.signal, credentials: "omit" });
      const rows = answer.ok ? (await answer.json()).suggestions : [];
      if (answer.ok) kept.set(typed, rows);
      if (request === mine && form.contains(document.activeElement)) show(rows, false);
    } catch {
      if (request === mine) close();
    } finally {
      window.clearTimeout(stop);
      if (request === mine) request = null;
    }
  };

  const typed = () => input.value.trim().replace(/\s+/g, " ");

  const refresh = () => {
    const text = typed();
    if (!text) {
      cancel();
      showRecent();
    } else if (text.length < 2 || isFrugal()) {
      cancel();
      show([], false);
    } else {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        timer = 0;
        ask(text);
      }, DELAY);
    }
  };

  const go = (option) => {
    if (option.dataset.question) recent.add(option.dataset.question);
    window.location.assign(option.dataset.url);
  };

  input.addEventListener("input", refresh);
  input.addEventListener("focus", () => { if (!typed()) showRecent(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = options().length - 1;
    const isOpen = !box.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) {
        refresh();
      } else if (event.key === "ArrowDown") {
        mark(active === last ? -1 : active + 1);
      } else {
        mark(active === -1 ? last : active - 1);
      }
    } else if ((event.key === "Home" || event.key === "End") && isOpen && active !== -1) {
      event.preventDefault();
      mark(event.key === "Home" ? 0 : last);
    } else if (event.key === "Enter" && isOpen && active !== -1) {
      event.preventDefault();
      go(options()[active]);
    } else if (event.key === "Escape" && (isOpen || timer || request)) {
      event.preventDefault();
      cancel();
      close();
      status.textContent = "";
    }
  });
  /* The box keeps the focus while an option is tapped, so that the list does not close under the finger. */
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  clear.addEventListener("click", () => {
    recent.clear();
    input.focus();
    show([], false);
    status.textContent = words.cleared;
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  form.addEventListener("submit", () => {
    cancel();
    recent.add(input.value);
    close();
  });
}

for (const form of document.querySelectorAll("form[data-suggest]")) enhance(form);
