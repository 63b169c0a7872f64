/* A form that came back: the focus goes to what must be mended; a link there leads into the field itself. */
const summary = document.querySelector("[data-error-summary]");

if (summary) {
  summary.focus();
  for (const link of summary.querySelectorAll("a[href^='#']")) {
    link.addEventListener("click", (event) => {
      const target = document.getElementById(link.hash.slice(1));
      const field = target && (target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea"));
      if (field) {
        event.preventDefault();
        field.focus();
        field.scrollIntoView({ block: "center" });
      }
    });
  }
}
