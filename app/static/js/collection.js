// Keeps the figures of the collection up to date while the page is looked at.
"use strict";
const EVERY = 60000;

async function refresh() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of document.querySelectorAll("[data-live]")) {
          const now = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
          // What someone is reading with the keyboard is left alone.
          if (now && !part.contains(document.activeElement) && now.innerHTML !== part.innerHTML) {
            part.innerHTML = now.innerHTML;
          }
        }
      }
    } catch { /* no network: the figures of before stay */ }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
