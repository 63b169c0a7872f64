// Wagtail's editor turns "Đăng ký tập huấn" into "djang-ky-tp-hun". It passes the title in a "w-sync" event; folding the
// Vietnamese in it before Wagtail's listeners run leaves plain ASCII, from which Wagtail makes the right slug.
(() => {
  const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
  const isSlug = (element) => element instanceof HTMLInputElement && element.hasAttribute('data-vietnamese-slug');

  for (const name of ['w-sync:apply', 'w-sync:check']) {
    document.addEventListener(name, (event) => {
      if (isSlug(event.target) && event.detail && typeof event.detail.value === 'string') {
        event.detail.value = fold(event.detail.value);
      }
    }, true);
  }
  document.addEventListener('blur', (event) => {
    if (isSlug(event.target)) event.target.value = fold(event.target.value);
  }, true);
})();
