/* Counts which result was opened: the question, the page and its rank, nothing about the person, no cookie. So the office sees
   which questions lead nowhere. A link works the same without this. */
const list = document.querySelector("[data-search-results]");

if (list && navigator.sendBeacon) {
  const count = (event) => {
    const link = event.target.closest("a[href]");
    const row = link && link.closest("li[data-page]");
    if (!row || (event.type === "auxclick" && event.button !== 1)) return;
    const rank = Number(list.dataset.first) + [...list.children].indexOf(row);
    navigator.sendBeacon(list.dataset.searchResults, new URLSearchParams({ q: list.dataset.query, page: row.dataset.page, rank }));
  };
  list.addEventListener("click", count);
  list.addEventListener("auxclick", count);
}
