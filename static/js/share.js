/* Passing a page on: the phone's own share sheet, the Zalo app, the clipboard. Nothing is requested before a tap and no code of
   others is loaded. Zalo has no web address for sharing, so phones open the app and computers copy the text. */
function zaloAddress(text, url) {
  const agent = navigator.userAgent;
  if (/android/i.test(agent)) {
    const extra = `S.android.intent.extra.SUBJECT=;S.android.intent.extra.TEXT=${encodeURIComponent(text)}`;
    return `intent://zaloapp.com/#Intent;action=android.intent.action.SEND;type=text/plain;${extra};B.hidePostFeed=false;B.backToSource=true;end`;
  }
  if (/iphone|ipad|ipod/i.test(agent)) return `zaloshareext://shareext?url=${encodeURIComponent(url)}&type=8&version=1`;
  return "";
}

for (const box of document.querySelectorAll("[data-share]")) {
  const { url, title, text, copied, failed } = box.dataset;
  const message = `${text}\n${url}`;
  const status = box.querySelector(".share__status");
  const button = (name) => box.querySelector(`[data-share-${name}]`);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(message);
      status.textContent = copied;
    } catch {
      status.textContent = failed;
      box.querySelector(".share__text").open = true;
    }
  };

  if (navigator.share) {
    button("native").hidden = false;
    button("native").addEventListener("click", () => navigator.share({ title, text, url }).catch(() => {}));
  }
  button("zalo").hidden = false;
  button("zalo").addEventListener("click", () => {
    const address = zaloAddress(message, url);
    if (address) window.location.assign(address);
    else copy();
  });
  button("copy").hidden = false;
  button("copy").addEventListener("click", copy);
}
