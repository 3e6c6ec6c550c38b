// The pages of answering work without this file. It keeps the draft while one types.
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;

  // --- the draft
  const state = form.querySelector(".save");
  let waiting = 0;
  let dirty = false;
  async function keep() {
    clearTimeout(waiting);
    if (!dirty) return;
    dirty = false;
    const body = new FormData(form);
    body.set("go", "save");
    let kept = false;
    try {
      kept = (await fetch(form.action, { method: "POST", body, keepalive: true })).status === 204;
    } catch { /* no network: said below */ }
    dirty = dirty || !kept;
    state.classList.toggle("off", !kept);
    state.querySelector("span").textContent = kept ? form.dataset.kept : form.dataset.off;
  }
  form.addEventListener("input", () => { dirty = true; clearTimeout(waiting); waiting = setTimeout(keep, 2500); });
  form.addEventListener("submit", () => { dirty = false; clearTimeout(waiting); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
  window.addEventListener("online", keep);

  const errors = form.querySelector(".errs");
  if (errors) errors.focus();
})();
