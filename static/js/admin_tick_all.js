/* The box in a table's head ticks all rows of the page; without a script it stays hidden. */
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...all.closest("form").querySelectorAll("input[name=row]")];
  all.hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  all.closest("form").addEventListener("change", () => { all.checked = boxes.every((box) => box.checked); });
}
