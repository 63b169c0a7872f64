/* Video and 360°: the frame is made after a tap on the still picture; until then nothing of others is loaded. */
for (const figure of document.querySelectorAll("[data-embed]")) {
  const link = figure.querySelector(".embed__still");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.src = figure.dataset.embed;
    frame.title = figure.dataset.embedTitle;
    frame.allow = "fullscreen; accelerometer; gyroscope";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    link.replaceWith(frame);
    frame.tabIndex = 0;
    frame.focus();
  });
}
