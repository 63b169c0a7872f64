/* Counts which result, or the list of which topic, was opened: the question, the page and its rank, nothing about the person, no
   cookie. So the office sees which questions lead nowhere. A link works the same without this. */
const box = document.querySelector("[data-search-results]");

if (box && navigator.sendBeacon) {
  const count = (event) => {
    const link = event.target.closest("a[href]");
    const row = link && link.closest("[data-page]");
    if (!row || (event.type === "auxclick" && event.button !== 1)) return;
    const { page, rank } = row.dataset;
    navigator.sendBeacon(box.dataset.searchResults, new URLSearchParams({ q: box.dataset.query, page, rank }));
  };
  box.addEventListener("click", count);
  box.addEventListener("auxclick", count);
}
