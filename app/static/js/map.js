// The map of passages: what the hand and the keyboard do, and the tables that follow.
"use strict";

(async () => {
  const chart = document.getElementById("chart");
  const canvas = document.getElementById("chart-c");
  const form = document.querySelector("form.filters");
  const said = document.getElementById("chart-said");
  const seen = document.getElementById("seen");
  const told = await fetch(chart.dataset.points).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  // Without its points the page is the tables that it came with.
  if (!told) return;
  chart.hidden = false;

  const points = new Points(told);
  const sight = new Sight();
  const rows = [...document.querySelectorAll("[data-theme]")];
  const rowOf = (id) => rows.find((row) => row.dataset.theme === String(id));
  const signOf = (id) => (rowOf(id) || rowOf(0)).querySelector(".sign path");
  const ids = [0, ...points.themes.map((theme) => theme.id)];
  const signs = ids.map((id) => new Path2D(signOf(id).getAttribute("d")));
  const figures = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en" : "fr");
  const isArabic = document.documentElement.lang === "ar";

  function look() {
    const page = getComputedStyle(document.documentElement);
    const face = page.getPropertyValue("--serif") || "serif";
    return {
      paper: page.getPropertyValue("--paper").trim(),
      ink: page.getPropertyValue("--ink").trim(),
      themes: ids.map((id) => getComputedStyle(signOf(id)).fill),
      font: `${isArabic ? 18 : 16}px ${face}`,
      line: isArabic ? 26 : 19,
      direction: document.documentElement.dir,
    };
  }

  await document.fonts.ready;
  const drawing = new Drawing(canvas, points, sight, signs, look);
  sight.all();

  // ---------- drawing, once a frame at most
  let marked = -1, isAimed = false, isDue = false;
  function redraw() {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      const from = performance.now();
      drawing.draw(marked, isAimed);
      canvas.dataset.ms = (performance.now() - from).toFixed(1);
    });
  }

  // ---------- what is in view, told when the hand rests
  let rest = 0;
  function moved() {
    redraw();
    clearTimeout(rest);
    rest = setTimeout(tell, 350);
  }

  function counted() {
    const counts = new Uint32Array(ids.length);
    let all = 0;
    points.within(sight.left, sight.top, sight.right, sight.bottom, (i) => {
      counts[points.theme[i]] += 1;
      all += 1;
    });
    return { counts, all };
  }

  const number = (value) => figures.format(value).replace(/\s/g, "\u202f");

  async function tell() {
    const { counts, all } = counted();
    document.getElementById("chart-n").textContent = number(all);
    document.querySelector("[data-total]").textContent = number(all);
    ids.forEach((id, place) => {
      const row = rowOf(id);
      if (!row) return;
      row.querySelector("[data-count]").textContent = number(counts[place]);
      row.toggleAttribute("data-none", !counts[place]);
    });
    const far = Math.hypot(sight.wide, sight.high) / 2 / sight.scale;
    const near = points.nearest(sight.x, sight.y, far, 12);
    document.querySelector("[data-still]")?.remove();
    await fill(seen, near);
  }

  // ---------- words of passages, asked for once
  const known = new Map();
  async function wordsOf(numbers) {
    const key = numbers.join();
    if (!known.has(key)) {
      const answer = await fetch(`${chart.dataset.passages}?ids=${key}`);
      if (!answer.ok) throw new Error(answer.status);
      known.set(key, (await answer.json()).html);
    }
    return known.get(key);
  }

  const asked = new WeakMap();
  async function fill(place, found) {
    const turn = (asked.get(place) || 0) + 1;
    asked.set(place, turn);
    let html = "";
    try {
      if (found.length) html = await wordsOf(found.map((i) => points.ids[i]));
    } catch {
      if (asked.get(place) === turn) place.replaceChildren(line(chart.dataset.failed));
      return;
    }
    if (asked.get(place) !== turn) return;
    if (html) place.innerHTML = html;
    else place.replaceChildren(line(chart.dataset.none));
  }

  function line(text) {
    const p = document.createElement("p");
    p.className = "quiet";
    p.textContent = text;
    return p;
  }

  let dwell = 0;
  function mark(i) {
    if (i === marked) return;
    marked = i;
    redraw();
    clearTimeout(dwell);
    if (i >= 0) dwell = setTimeout(() => fill(said, [i]), 140);
  }

  const under = (px, py, far = 14) =>
    points.nearest(sight.left + px / sight.scale, sight.top + py / sight.scale, far / sight.scale, 1)[0] ?? -1;

  // ---------- hands
  const hands = new Map();
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    hands.set(event.pointerId, at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = at(event), before = hands.get(event.pointerId);
    if (!before) { mark(under(...now)); return; }
    if (hands.size === 1) sight.move(now[0] - before[0], now[1] - before[1]);
    else {
      const other = [...hands].find(([id]) => id !== event.pointerId)[1];
      const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      sight.zoom(apart(now, other) / apart(before, other), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      sight.move((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    }
    hands.set(event.pointerId, now);
    moved();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (end === "pointerup" && hands.size === 1) mark(under(...at(event), event.pointerType === "mouse" ? 14 : 24));
      hands.delete(event.pointerId);
    });
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    sight.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...at(event));
    moved();
  }, { passive: false });

  // ---------- keys and buttons
  const STEP = 0.14;
  const deeds = {
    in: () => sight.zoom(1.5),
    out: () => sight.zoom(1 / 1.5),
    all: () => sight.all(),
    left: () => sight.move(sight.wide * STEP, 0),
    right: () => sight.move(-sight.wide * STEP, 0),
    up: () => sight.move(0, sight.high * STEP),
    down: () => sight.move(0, -sight.high * STEP),
  };
  const keys = { "+": "in", "=": "in", "-": "out", "0": "all", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
  canvas.addEventListener("keydown", (event) => {
    const deed = keys[event.key];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    deeds[deed]();
    isAimed = true;
    mark(under(sight.wide / 2, sight.high / 2, 120));
    moved();
  });
  canvas.addEventListener("blur", () => { isAimed = false; redraw(); });
  for (const button of chart.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => { deeds[button.dataset.do](); moved(); });
  }

  // ---------- filters: the same form, without a new page
  let turn = 0;
  async function choose() {
    const wanted = Object.fromEntries(new FormData(form));
    const own = turn += 1;
    let found = null;
    if (wanted.q) {
      const answer = await fetch(`${chart.dataset.found}?q=${encodeURIComponent(wanted.q)}`).catch(() => null);
      if (!answer || !answer.ok) { form.submit(); return; }
      const numbers = (await answer.json()).ids;
      found = numbers && new Set(numbers);
    }
    if (own !== turn) return;
    points.filter(wanted, found);
    drawing.quiet = quietThemes();
    drawing.shown = points.shown.reduce((sum, one) => sum + one, 0);
    marked = -1;
    const kept = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", kept.size ? `?${kept}` : location.pathname);
    moved();
  }
  /** Themes without any point shown: their names are not written. */
  function quietThemes() {
    const has = new Uint8Array(ids.length);
    for (let i = 0; i < points.n; i += 1) if (points.shown[i]) has[points.theme[i]] = 1;
    return has.map((one) => 1 - one);
  }
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => { event.preventDefault(); choose(); });

  // ---------- the page around changes
  new ResizeObserver(() => { const whole = sight.whole; drawing.fit(); sight.scale *= sight.whole / whole; redraw(); }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { drawing.fit(); redraw(); });

  if (location.search) await choose();
  moved();
  chart.dataset.ready = "";
})();
