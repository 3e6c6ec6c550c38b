// The progress of an analysis or an import: asks every two seconds, and shows the result when it is there.
"use strict";
const meter = document.getElementById("meter");
const stage = document.getElementById("stage");
const bar = meter && meter.querySelector("progress");
const percent = document.getElementById("percent");

async function ask() {
  let wait = 2000;
  try {
    const answer = await fetch(meter.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const now = await answer.json();
      if (now.is_over) {
        const result = new URL(location.href);
        result.searchParams.delete("live");
        location.replace(result);
        return;
      }
      bar.value = Math.round(now.progress * 100);
      percent.textContent = now.percent;
      // Written only when it changes, or a screen reader would say it every two seconds.
      if (stage.textContent !== now.text) stage.textContent = now.text;
    } else {
      wait = 10000;
    }
  } catch {
    wait = 10000;
  }
  setTimeout(ask, wait);
}

if (meter) {
  // The page as first given fetches itself again, for browsers without scripts; this one does not.
  if (new URLSearchParams(location.search).has("live")) setTimeout(ask, 2000);
  else location.replace(meter.dataset.live);
}
