/* The menu on phones: Escape closes it and gives the focus back; a tap elsewhere closes it. Without this it still opens and closes. */
const toggle = document.querySelector(".menu-toggle");
const header = document.querySelector(".site-header");

if (toggle && header) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && toggle.open) {
      toggle.open = false;
      toggle.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (toggle.open && !header.contains(event.target)) toggle.open = false;
  });
}
