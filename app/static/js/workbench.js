// The workbench by keyboard: one row is current, some are selected, and what the server answers is put where it belongs.
// Without this script the same forms and links do the same things, a page at a time.
(function () {
  "use strict";
  const page = document.documentElement, isRtl = page.dir === "rtl";
  const $ = (id) => document.getElementById(id);
  const rows = () => Array.from(document.querySelectorAll("#rows > .wb-row"));
  const boxes = () => Array.from(document.querySelectorAll("#rows .wb-x"));
  const remember = (() => { try { localStorage.getItem("-"); return localStorage; } catch { return null; } })();
  let current = 0, anchor = null;
  page.classList.add("js");

  // ---------- which row is current ----------
  const rowOf = (id) => $(`p-${id}`);
  function setCurrent(row, focus) {
    document.querySelector("#rows > .cur")?.classList.remove("cur");
    if (!row) { current = 0; return; }
    restore(row);
    current = Number(row.dataset.id);
    row.classList.add("cur");
    if (focus) {
      row.querySelector(".psg-a").focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  }
  function go(step) {
    const all = rows(), here = all.findIndex((row) => Number(row.dataset.id) === current);
    const next = here < 0 ? all[0] : all[Math.max(0, Math.min(all.length - 1, here + step))];
    if (here === all.length - 1 && step > 0) document.querySelector("#rows .wb-more a")?.click();
    if (next) setCurrent(next, true);
    return next;
  }

  // ---------- which rows are selected ----------
  function tick(row, on) {
    if (row) restore(row);
    const box = row && row.querySelector(".wb-x");
    if (box) box.checked = on === undefined ? !box.checked : on;
    count();
  }
  function count() {
    const note = $("n-selected"), n = boxes().filter((box) => box.checked).length;
    if (note) note.textContent = n ? `${note.dataset.label} ${n}` : "";
  }
  function extend(step) {
    const here = rowOf(current);
    if (anchor === null) { anchor = current; tick(here, true); }
    const all = rows(), next = go(step);
    if (!next) return;
    const from = all.findIndex((row) => Number(row.dataset.id) === anchor), to = all.indexOf(next);
    for (const [i, row] of all.entries()) {
      const inside = i >= Math.min(from, to) && i <= Math.max(from, to);
      if (inside) tick(row, true); else if (Math.abs(i - to) === 1) tick(row, false);
    }
  }
  // What is decided is decided on the selection or, without one, on the current row.
  function chosen() {
    const found = boxes().filter((box) => box.checked);
    if (found.length || $("all-of")?.checked || !current) return found;
    tick(rowOf(current), true);
    return boxes().filter((box) => box.checked);
  }
  function press(verb) {
    const button = document.querySelector(`#do button[value=${verb}]`);
    if (button && (chosen().length || $("all-of")?.checked)) button.click();
  }

  // ---------- the panels of the bar ----------
  function closePanels(except) {
    for (const panel of document.querySelectorAll(".wb-d[open]")) if (panel !== except) panel.open = false;
  }
  function openPanel(id, field) {
    const panel = $(id);
    if (!panel) return;
    chosen();
    panel.open = true;
    const to = field ? $(field) : panel.querySelector("input:checked, input, button");
    to?.focus();
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".wb-d") && event.target.open) closePanels(event.target);
  }, true);

  // ---------- finding a theme, in both scripts (as app.core.text.fold does) ----------
  const SAME = { "ى": "ي", "ی": "ي", "ة": "ه", "ہ": "ه", "ک": "ك", "ڭ": "ك", "گ": "ك", "ٱ": "ا", "ـ": "", "œ": "oe", "æ": "ae", "’": "'", "‘": "'", "\u200c": "", "\u200d": "" };
  const fold = (text) => Array.from(text.normalize("NFKD").toLowerCase(), (sign) => SAME[sign] ?? sign).join("")
    .normalize("NFKD").replace(/\p{Mn}/gu, "").replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x660).split(/\s+/).filter(Boolean).join(" ");
  function findTheme(text) {
    const words = fold(text).split(" ").filter(Boolean), list = Array.from(document.querySelectorAll("#to-list .to"));
    const number = /^\d+$/.test(words[0] || "") ? words[0] : "";
    for (const label of list) {
      label.hidden = number ? !label.dataset.n.startsWith(number) : !words.every((word) => label.dataset.fold.includes(word));
    }
    const shown = list.filter((label) => !label.hidden);
    const best = (number && shown.find((label) => label.dataset.n === number)) || shown[0];
    const radio = best && best.querySelector("input");
    if (words.length && radio) radio.checked = true;
    if (!words.length) for (const label of list) label.querySelector("input").checked = false;
  }
  document.addEventListener("input", (event) => { if (event.target.id === "to-find") findTheme(event.target.value); });

  // ---------- what the server answers ----------
  function put(answer) {
    const seen = answer.dataset.seen, wb = $("wb");
    wb.dataset.seen = seen;
    for (const field of document.querySelectorAll("[data-seen][name=seen]")) field.value = seen;
    if ("wide" in answer.dataset) { again(); return; }
    const all = rows(), here = all.findIndex((row) => Number(row.dataset.id) === current);
    const held = document.activeElement?.closest(".wb-row") || document.activeElement === document.body || document.activeElement?.closest(".wb-do");
    for (const part of answer.querySelectorAll("template[data-part]")) {
      const place = $(part.dataset.part);
      // What someone types in is left alone.
      if (!place || (place.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"))) continue;
      place.replaceChildren(part.content.cloneNode(true));
      htmx.process(place);
    }
    const fresh = answer.querySelector("template[data-rows]");
    for (const row of Array.from(fresh ? fresh.content.children : [])) {
      const old = $(row.id);
      if (!old) continue;
      const isTicked = "problem" in answer.dataset && old.querySelector(".wb-x")?.checked;
      old.replaceWith(row);
      if (isTicked) tick(row, true);
      htmx.process(row);
    }
    for (const id of answer.dataset.gone.split(" ")) if (id) rowOf(id)?.remove();
    if (answer.dataset.total !== undefined) total(Number(answer.dataset.total));
    count();
    const left = rows();
    const next = rowOf(current) || left[Math.min(Math.max(here, 0), left.length - 1)];
    if (here >= 0) setCurrent(next, Boolean(held));
    if (!left.length && all.length) again();
  }
  const figure = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  function total(n) {
    const line = $("total")?.querySelector("bdi");
    if (line) line.textContent = figure(n);
  }
  function again() {
    htmx.ajax("GET", location.href, { target: "#wb", select: "#wb", swap: "outerHTML" });
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    const told = $("told");
    if (event.detail.target === told) {
      const answer = told.querySelector("[data-answer]");
      if (answer) {
        if (!("problem" in answer.dataset)) { for (const box of boxes()) box.checked = false; closePanels(); anchor = null; if ($("all-of")) $("all-of").checked = false; }
        put(answer);
      }
      if ("problem" in (answer?.dataset || {}) || told.querySelector("[data-asking]")) told.querySelector("button")?.focus();
    }
  });
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id === "wb") { current = 0; anchor = null; 
      // A search is over: what it found is next.
      if (document.activeElement?.id === "words") { rows().length ? go(0) : $("list").focus(); }
    }
    lighten();
  });
  // A panel's Enter is the panel's own button, never the first one of the form.
  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.(".wb-d");
    if (event.key !== "Enter" || !panel || !event.target.matches("input")) return;
    event.preventDefault();
    const button = panel.querySelector("button[name=verb]");
    if (button && (chosen().length || $("all-of")?.checked)) button.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-never-mind]")) { event.preventDefault(); $("told").replaceChildren(); rowOf(current)?.querySelector(".psg-a").focus(); return; }
    if (event.target.closest("#help-open")) { help(); return; }
    const button = event.target.closest("#do button[name=verb]");
    if (button && !(chosen().length || $("all-of")?.checked)) event.preventDefault();
    if (!event.target.closest(".wb-do")) closePanels();
  });
  document.addEventListener("change", (event) => { if (event.target.matches(".wb-x")) { anchor = null; count(); } });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#rows > .wb-row");
    if (row && Number(row.dataset.id) !== current) setCurrent(row, false);
  });

  // Filters that are not set stay out of the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.matches?.(".wb-f")) for (const name of Object.keys(parameters)) if (!parameters[name]) delete parameters[name];
  });

  // ---------- a passage in its answer ----------
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (link.matches?.(".psg-a")) {
      const place = link.closest(".wb-row").querySelector(".wb-in");
      setCurrent(link.closest(".wb-row"), false);
      if (place.childElementCount) { event.preventDefault(); place.replaceChildren(); }
    }
  });
  function openRow(on) {
    const row = rowOf(current), place = row?.querySelector(".wb-in");
    if (!place || Boolean(place.childElementCount) === on) return;
    row.querySelector(".psg-a").click();
  }

  // ---------- rows far above are kept light ----------
  const kept = new WeakMap();
  const near = new IntersectionObserver((seen) => {
    for (const one of seen) if (one.isIntersecting) restore(one.target);
  }, { rootMargin: "3000px 0px", scrollMargin: "3000px 0px" });
  function restore(row) {
    const content = kept.get(row);
    if (!content) return;
    near.unobserve(row);
    row.replaceChildren(content);
    row.style.blockSize = "";
    kept.delete(row);
  }
  function lighten() {
    const all = rows();
    if (all.length < 400) return;
    for (const row of all.slice(0, -300)) {
      if (kept.has(row) || row.classList.contains("cur") || row.querySelector(".wb-x:checked") || row.querySelector(".wb-in")?.childElementCount) continue;
      const size = row.getBoundingClientRect();
      if (size.bottom > -2000) break;
      row.style.blockSize = `${size.height}px`;
      const content = document.createDocumentFragment();
      content.append(...row.childNodes);
      kept.set(row, content);
      near.observe(row);
    }
  }

  // ---------- what others decide ----------
  const EVERY = 6000;
  async function ask() {
    const wb = $("wb");
    if (wb && document.visibilityState === "visible" && !document.querySelector(".htmx-request")) {
      const seen = wb.dataset.seen, url = new URL(wb.dataset.news, location.href);
      url.searchParams.set("seen", seen);
      try {
        const answer = await fetch(url, { headers: { "HX-Request": "true" } });
        if (answer.status === 200 && !answer.redirected && $("wb") === wb && wb.dataset.seen === seen) {
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-answer]");
          if (fresh && $("wb").dataset.seen === seen) {
            $("told").replaceChildren(document.adoptNode(fresh));
            htmx.process($("told"));
            put(fresh);
          }
        }
      } catch { /* no network: asked again later */ }
    }
    setTimeout(ask, EVERY);
  }

  // ---------- keys ----------
  const helpBox = () => $("help");
  function help() { helpBox().showModal(); }
  function isOn() { return !remember || remember.getItem("workbench-keys") !== "off"; }
  function wayOut() {
    closePanels();
    if ($("told").querySelector("[data-asking]")) $("told").replaceChildren();
    openRow(false);
    (rowOf(current)?.querySelector(".psg-a") || $("list"))?.focus();
  }
  const moves = {
    j: () => { anchor = null; go(1); },
    k: () => { anchor = null; go(-1); },
    x: () => tick(rowOf(current)),
    a: () => { for (const row of rows()) restore(row); const all = boxes(), on = !all.every((box) => box.checked); for (const box of all) box.checked = on; count(); },
    c: () => press("confirm"),
    m: () => { openPanel("d-move", "to-find"); const find = $("to-find"); if (find) { find.value = ""; findTheme(""); } },
    p: () => press(rowOf(current)?.matches("[data-pinned]") ? "unpin" : "pin"),
    e: () => openPanel("d-aside"),
    s: () => openPanel("d-split", "new-fr"),
    u: () => { const form = $("undo"); if (form) form.requestSubmit(); },
    g: () => { const tree = $("tree"); if (!tree.checkVisibility()) tree.showPopover(); (tree.querySelector("[aria-current]") || tree.querySelector("a"))?.focus(); },
    l: () => { (rowOf(current) ? setCurrent(rowOf(current), true) : go(0)); },
  };
  // The letter that is printed where the keyboard is Latin, the place of the key where it is not.
  function letterOf(event) {
    if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
    if (event.key === "?" || event.key === "؟") return "?";
    if (event.key === "/") return "/";
    if (event.key.length !== 1 || event.key.charCodeAt(0) < 0x250) return "";
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
    return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : "";
  }
  function arrows(event) {
    const inTree = event.target.closest?.("#tree");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (inTree) {
        const links = Array.from(inTree.querySelectorAll("a")), here = links.indexOf(document.activeElement);
        links[Math.max(0, Math.min(links.length - 1, here + step))]?.focus();
      } else if (event.target.closest?.("#list") || event.target === document.body) {
        if (event.shiftKey) extend(step); else { anchor = null; go(step); }
      } else return false;
      return true;
    }
    if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && event.target.closest?.("#rows")) {
      openRow((event.key === "ArrowRight") !== isRtl);
      return true;
    }
    return false;
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !$("wb")) return;
    if (helpBox().open) return;
    const field = event.target.matches?.("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") { if (event.target.closest?.("#tree:popover-open")) return; wayOut(); return; }
    if (event.target.id === "to-find" && event.key === "ArrowDown") {
      const first = Array.from(document.querySelectorAll("#to-list .to")).find((label) => !label.hidden);
      first?.querySelector("input").focus();
      event.preventDefault();
      return;
    }
    if (field || !isOn()) return;
    if (event.key.startsWith("Arrow")) { if (arrows(event)) event.preventDefault(); return; }
    const letter = letterOf(event);
    if (letter === "?") { event.preventDefault(); help(); return; }
    if (letter === "/") { event.preventDefault(); $("words").focus(); $("words").select(); return; }
    if (event.shiftKey || !moves[letter]) return;
    event.preventDefault();
    moves[letter]();
  });
  const switchBox = $("keys-on");
  if (switchBox) {
    switchBox.checked = isOn();
    page.classList.toggle("no-keys", !isOn());
    switchBox.addEventListener("change", () => {
      remember?.setItem("workbench-keys", switchBox.checked ? "on" : "off");
      page.classList.toggle("no-keys", !switchBox.checked);
    });
  }
  setTimeout(ask, EVERY);
})();
