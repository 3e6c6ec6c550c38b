// One passage at a time by keyboard: figures choose a theme and go on, letters do what their key says, "/" looks for a theme.
(function () {
  "use strict";
  const form = document.querySelector("form[data-quick]");
  if (!form) return;
  const find = document.getElementById("find"), found = document.getElementById("found"), reason = document.getElementById("reason");
  const answer = form.querySelector("button[value=answer]");
  const labels = Array.from(form.querySelectorAll(".one-themes .choice"));
  let isSent = false;

  // A key held down, or pressed twice, answers once.
  document.addEventListener("submit", (event) => { if (isSent) event.preventDefault(); isSent = true; });
  window.addEventListener("pageshow", () => { isSent = false; });

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0652\u0640]/g, "").replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").toLowerCase();
  }
  function press(key) {
    const target = document.querySelector(`form [data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (target.matches("button")) { target.form.requestSubmit(target); return true; }
    target.checked = true;
    if (target.value === "excluded" && reason) reason.focus();
    else form.requestSubmit(answer);
    return true;
  }
  function look() {
    const words = plain(find.value).split(/\s+/).filter(Boolean);
    let first = null;
    for (const label of labels) {
      const name = plain(label.querySelector(".one-name").textContent);
      label.hidden = !words.every((word) => name.includes(word));
      if (!label.hidden && !first) first = label;
    }
    if (!words.length) found.textContent = "";
    else found.textContent = first ? found.dataset.one.replace("{}", first.querySelector(".one-name").textContent) : found.dataset.none;
    return words.length ? first : null;
  }
  document.querySelectorAll("[data-find], [data-keys]").forEach((part) => { part.hidden = false; });
  find.addEventListener("input", look);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { find.value = ""; look(); find.blur(); }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = look();
    if (!first) return;
    first.querySelector("input").checked = true;
    form.requestSubmit(answer);
  });
  // Enter on the list answers, whatever has the focus in it.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target === find || !event.target.matches("input")) return;
    event.preventDefault();
    form.requestSubmit(answer);
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    if (event.target.matches("textarea, select, input:not([type=radio])")) return;
    if (event.key === "/") { event.preventDefault(); find.focus(); return; }
    // By place on the keyboard: Arabic and French layouts have other signs there.
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code), letter = /^Key([A-Z])$/.exec(event.code);
    const latin = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : letter && letter[1].toLowerCase();
    const key = digit ? digit[1] : latin;
    if (key && press(key)) event.preventDefault();
  });
})();
