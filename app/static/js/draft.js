// The pages of answering work without this file. It keeps the draft while one types: on this device
// at once, on the server as soon as there is a network. What is on the device is marked as sent only
// when the server has named the very mark under which it got it.
(function () {
  "use strict";
  const about = document.querySelector("[data-device]");
  if (!about) return;
  const say = about.dataset;
  const key = say.device;
  const pagesName = "tachawor-pages:" + key;
  const form = document.querySelector("form[data-draft]");
  const sending = document.querySelector("form[data-send]");
  const choice = document.querySelector("form[data-choice]");
  const step = form && Number(form.dataset.draft);
  const isCopy = Boolean((form || sending || about).hasAttribute("data-copy"));
  const line = document.querySelector(".save");
  /** Fields that belong to the page and not to the answers. */
  const own = new Set(["csrf_token", "proof", "seen", "shown"]);
  const SEND = "send";

  // --- what is on this device
  let opening;
  function open() {
    opening ||= new Promise((resolve, reject) => {
      const request = indexedDB.open("tachawor", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("steps", { keyPath: ["key", "step"] });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opening;
  }
  async function run(mode, act) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const change = base.transaction("steps", mode);
      const asked = act(change.objectStore("steps"));
      change.oncomplete = () => resolve(asked && asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }
  const mine = () => IDBKeyRange.bound([key], [key, []]);
  const records = async () => {
    try { return await run("readonly", (steps) => steps.getAll(mine())); } catch { return []; }
  };
  const put = (record) => run("readwrite", (steps) => steps.put(record));
  const get = (of) => run("readonly", (steps) => steps.get([key, of]));
  const drop = (of) => run("readwrite", (steps) => steps.delete([key, of]));
  const waiting = async () => (await records()).filter((record) => !record.sent).sort((a, b) => (a.step === SEND) - (b.step === SEND) || a.step - b.step);

  function entriesOf(from) {
    return Array.from(new FormData(from)).map(([name, value]) => {
      const list = from.elements[name];
      const label = list && list.tagName === "SELECT" && list.selectedOptions[0] ? list.selectedOptions[0].text : undefined;
      return [name, value, label];
    }).filter(([name]) => !joined.has(name));
  }
  /** Names of fields that only tell a kept page what the other sections say. */
  const joined = new Set();
  /** Write down what the form holds; return the record, also where the browser keeps nothing. */
  async function note(from, of) {
    const record = { key, step: of, action: from.action, entries: entriesOf(from), mark: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()), at: Date.now(), sent: false };
    try { await put(record); record.isNoted = true; } catch { /* a browser that keeps nothing */ }
    return record;
  }
  function fill(entries, of) {
    const said = new Map();
    for (const [name, value, label] of entries) said.set(name, [...(said.get(name) || []), [value, label]]);
    for (const control of of.elements) {
      const { name, type } = control;
      if (!name || own.has(name) || type === "file" || type === "submit" || type === "button") continue;
      const given = said.get(name) || [];
      const values = given.map(([value]) => value);
      if (type === "checkbox" || type === "radio") control.checked = values.includes(control.value);
      else if (control.tagName === "SELECT") {
        for (const [value, label] of given) {
          if (!Array.from(control.options).some((option) => option.value === value)) control.append(new Option(label || value, value));
        }
        control.value = values[0] ?? "";
        if (control.value) control.closest("[hidden]")?.removeAttribute("hidden");
      } else control.value = values[0] ?? "";
    }
    const seen = said.get("seen");
    if (seen && of.elements.seen) of.elements.seen.value = seen[0][0];
  }

  // --- the server
  const OFF = "off";
  let turn = Promise.resolve();
  /** Send one record; the answer says ``kept``, ``off`` (no network) or a status that refuses. */
  function push(record, go) {
    turn = turn.then(() => post(record, go), () => post(record, go));
    return turn;
  }
  async function post(record, go) {
    const body = new FormData();
    for (const [name, value] of record.entries) if (name !== "go") body.append(name, value);
    if (form && !isCopy) for (const name of ["csrf_token", "proof"]) if (form.elements[name]) body.set(name, form.elements[name].value);
    const newest = seenNow.get(record.step);
    if (newest && body.has("seen")) body.set("seen", String(Math.max(newest, Number(body.get("seen")))));
    body.set("go", go);
    body.set("mark", record.mark);
    let answer, told = {};
    try {
      const isShort = document.visibilityState === "hidden" && !record.entries.some(([, value]) => value instanceof File);
      answer = await fetch(record.action, { method: "POST", body, keepalive: isShort, headers: { Accept: "application/json" }, signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined });
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) told = await answer.json();
    } catch { return { status: OFF }; }
    // An answer without our mark was made by something on the way, or says no.
    if (told.kept !== record.mark) return { status: answer.status >= 500 || answer.status === 429 || (answer.ok && !told.next) ? OFF : answer.status, next: told.next };
    seenNow.set(record.step, told.revision);
    if (form && record.step === step && form.elements.seen) form.elements.seen.value = told.revision;
    try {
      const now = await get(record.step);
      // What was typed since then is another record under the same step: it is still to be sent.
      if (now && now.mark === record.mark) {
        if (record.step === SEND) { if (answer.ok) await drop(SEND); } else await put({ ...now, sent: true, entries: now.entries.map(([name, value, label]) => name === "seen" ? [name, String(told.revision)] : [name, value, label]) });
      }
    } catch { /* a browser that keeps nothing */ }
    return { status: answer.status, kept: true, next: told.next };
  }
  /** Revision after this page's own changes: they are no conflict. */
  const seenNow = new Map();

  // --- what is said about it, always in words
  function show(text, state) {
    if (!line) return;
    line.hidden = false;
    line.classList.toggle("off", state === "off");
    line.classList.toggle("busy", state === "busy");
    const place = line.querySelector("span");
    if (place.textContent !== text) place.textContent = text;
  }
  async function tell(status) {
    const left = await waiting();
    for (const item of document.querySelectorAll("[data-step]")) {
      item.querySelector("small")?.remove();
      if (!left.some((record) => String(record.step) === item.dataset.step)) continue;
      const badge = document.createElement("small");
      badge.textContent = " " + say.unsent;
      item.append(badge);
    }
    const warning = document.querySelector("[data-unsent-warning]");
    if (warning) warning.hidden = left.length === 0;
    if (status === 409) show(say.clash, "off");
    else if (status && status !== OFF && status >= 400) show(say.refused, "off");
    else if (left.some((record) => record.step === SEND)) show(say.queued, "off");
    else if (left.length) show(say.off, "off");
    else if (status) show(say.kept, "");
    return left;
  }

  // --- sending what waits
  let replaying = false;
  async function replay() {
    if (replaying || navigator.onLine === false) return;
    const left = await waiting();
    if (!left.length) return;
    replaying = true;
    show(say.busy, "busy");
    let last, stuck, moved = false;
    try {
      for (const record of left) {
        last = await push(record, record.step === SEND ? "send" : record.go || "save");
        if (last.kept && record.step === SEND) {
          if (last.status === 200) return finish(last.next);
          await drop(SEND);
          return location.assign(say.base + "/check");
        }
        if (!last.kept) {
          if (last.status !== OFF) { stuck = record; if (record.step === SEND) { await drop(SEND); return location.assign(say.base + "/check"); } }
          break;
        }
        moved ||= record.step !== step;
      }
    } finally { replaying = false; }
    await tell(last && (last.kept ? 200 : last.status));
    if (stuck && stuck.step !== step) show(say.elsewhere.replace("#", stuck.step), "off");
    // The page was made before the server knew these answers.
    else if (moved && !isCopy && (form || sending) && !(await waiting()).length) location.replace(location.pathname);
  }
  const withLock = (act) => (navigator.locks ? navigator.locks.request("tachawor:" + key, act) : act());
  const replayAlone = () => withLock(replay);
  async function finish(address) {
    await wipe();
    location.assign(address);
  }
  /** Take this consultation's answers and pages off the device. */
  async function wipe() {
    try { await run("readwrite", (steps) => steps.delete(mine())); } catch { /* nothing was kept */ }
    if ("caches" in window) await caches.delete(pagesName).catch(() => false);
  }
  async function wipeAll() {
    if ("caches" in window) for (const name of await caches.keys()) await caches.delete(name);
    if ("serviceWorker" in navigator) for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    try { (await open()).close(); } catch { /* never opened */ }
    await new Promise((done) => {
      const request = indexedDB.deleteDatabase("tachawor");
      request.onsuccess = request.onerror = request.onblocked = done;
    });
    try { localStorage.clear(); sessionStorage.clear(); } catch { /* not allowed */ }
  }

  // --- leaving a section
  function go(address) {
    const target = new URL(address, location.href);
    // The page here may be the answer to a form, which reloading would send again: it is opened anew.
    if (target.pathname === location.pathname) location.replace(target.pathname);
    else location.assign(target);
  }
  function plainly(of, button) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "go";
    field.value = button;
    of.append(field);
    HTMLFormElement.prototype.submit.call(of);
  }
  function around(button) {
    const all = form.dataset.steps.trim().split(" ").map(Number);
    const [name, target] = button.split(":");
    if (name === "step") return say.base + "/" + target;
    if (name === "previous") { const before = all.filter((n) => n < step).pop(); return before ? say.base + "/" + before : null; }
    if (name !== "next") return null;
    const after = all.find((n) => n > step);
    return say.base + "/" + (after || "check");
  }
  async function without(button, record) {
    const address = around(button);
    if (button === "next" && record.isNoted) await put({ ...record, go: "next" });
    const kept = address && record.isNoted && "caches" in window && (await caches.match(new URL(address, location.href).href));
    await tell(OFF);
    if (!record.isNoted) show(say.lost, "off");
    else if (kept) { sessionStorage.setItem("tachawor-way", button === "previous" ? "previous" : "next"); location.assign(address); }
    else if (!address) show(say.needs, "off");
  }
  let noting = 0, timer = 0, dirty = false, leaving = false;
  async function keep() {
    clearTimeout(timer);
    clearTimeout(noting);
    if (!dirty || leaving) return;
    dirty = false;
    const record = await note(form, step);
    const answer = await push(record, "save");
    await tell(answer.status);
    if (!record.isNoted && !answer.kept) { dirty = true; show(say.lost, "off"); }
    else if (answer.kept) replayAlone();
  }
  async function leave(button) {
    leaving = true;
    clearTimeout(timer);
    clearTimeout(noting);
    show(say.busy, "busy");
    const record = await note(form, step);
    // What waits from other sections goes first: which section is next may hang on it.
    let answer;
    for (const other of await waiting()) {
      if (other.step === step || other.step === SEND || (answer && answer.status === OFF)) continue;
      answer = await push(other, "save");
    }
    if (!answer || answer.status !== OFF) answer = await push(record, button);
    dirty = leaving = false;
    if (answer.next) return go(answer.next);
    if (answer.status === OFF) return without(button, record);
    leaving = true;
    plainly(form, button);
  }
  if (form) {
    form.addEventListener("input", () => {
      dirty = true;
      clearTimeout(noting);
      noting = setTimeout(() => { if (dirty && !leaving) note(form, step); }, 300);
      clearTimeout(timer);
      timer = setTimeout(keep, 2000);
    });
    // What is ticked or chosen is written down at once; letters may wait for the next ones.
    form.addEventListener("change", (event) => { if (event.target !== form && !leaving) note(form, step); });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!leaving) leave(event.submitter?.value || "next");
    });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
    window.addEventListener("pageshow", (event) => { leaving = false; if (event.persisted) replayAlone(); });
  }
  if (choice) choice.addEventListener("submit", async (event) => {
    event.preventDefault();
    const of = choice.dataset.choice;
    const record = { key, step: Number(of), action: choice.action, mark: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()), entries: [...entriesOf(choice), ["keep", event.submitter?.value || "each"]] };
    const answer = await push(record, choice.elements.go.value);
    if (!answer.kept) return HTMLFormElement.prototype.submit.call(choice);
    try { await drop(Number(of)); } catch { /* nothing was kept */ }
    go(answer.next || say.base + "/" + of);
  });
  if (sending) sending.addEventListener("submit", async (event) => {
    if (!sending.elements.agree.checked && !isCopy) return;
    event.preventDefault();
    const record = await note(sending, SEND);
    if (!record.isNoted) return HTMLFormElement.prototype.submit.call(sending);
    await replayAlone();
    await tell(OFF);
  });
  for (const erase of document.querySelectorAll("form[data-erase]")) erase.addEventListener("submit", (event) => {
    event.preventDefault();
    wipeAll().finally(() => HTMLFormElement.prototype.submit.call(erase));
  });
  for (const start of document.querySelectorAll("form[data-start]")) start.addEventListener("submit", (event) => {
    event.preventDefault();
    wipe().finally(() => HTMLFormElement.prototype.submit.call(start));
  });

  // --- the pages that a device keeps
  async function prepare() {
    if (!say.pages || isCopy || !("serviceWorker" in navigator) || !("caches" in window)) return;
    await navigator.serviceWorker.register(say.worker, { scope: say.base });
    const pages = await caches.open(pagesName);
    const mark = say.base + "/edition/" + document.documentElement.lang;
    const had = await pages.match(mark);
    if (!had || (await had.text()) !== say.edition) {
      const answer = await fetch(say.pages);
      if (!answer.ok) return;
      const told = await answer.json();
      if (!told.edition) return;
      const files = Array.from(document.querySelectorAll('link[rel="stylesheet"], link[rel="preload"], link[rel="icon"], script[src]'), (node) => node.href || node.src);
      await (await caches.open("tachawor-files")).addAll(files);
      const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": answer.headers.get("Content-Security-Policy") || "" };
      for (const [address, html] of Object.entries(told.pages)) await pages.put(address, new Response(html, { headers }));
      await pages.put(mark, new Response(told.edition));
    }
    await navigator.serviceWorker.ready;
    const place = document.querySelector("[data-ready]:not([data-device])");
    if (place) place.textContent = say.ready;
  }

  // --- a page from the device: the other sections' answers open its questions
  async function join(all) {
    const page = form.querySelector("[data-questions]");
    if (!page) return;
    const pages = await caches.open(pagesName);
    const here = new Set(Array.from(form.elements, (control) => control.name));
    const shelf = document.createElement("div");
    shelf.hidden = true;
    shelf.dataset.shelf = "";
    for (const position of form.dataset.steps.trim().split(" ").map(Number).filter((n) => n < step)) {
      const kept = await pages.match(new URL(say.base + "/" + position, location.href).href);
      const other = kept && new DOMParser().parseFromString(await kept.text(), "text/html").querySelector("form[data-draft]");
      if (!other) continue;
      const record = all.find((one) => one.step === position);
      if (record) fill(record.entries, other);
      for (const box of other.querySelectorAll(".ask")) {
        for (const control of box.querySelectorAll("button, [name=shown]")) control.remove();
        for (const node of [box, ...box.querySelectorAll("[id]")]) node.removeAttribute("id");
        for (const control of box.querySelectorAll("[name]")) if (!here.has(control.name)) joined.add(control.name);
        shelf.append(box);
      }
    }
    page.prepend(shelf);
  }
  /** On the receipt: nothing remains, but what was typed after the sending is shown before it goes. */
  async function after() {
    const late = (await waiting()).flatMap((record) => record.entries).filter(([name, value]) => name.startsWith("q-") && typeof value === "string" && value.length > 12);
    await wipe();
    if (!late.length) return;
    const note = document.createElement("div");
    note.className = "flash flash-bad";
    note.setAttribute("role", "alert");
    for (const text of [say.late, ...late.map(([, value]) => value)]) {
      const line = document.createElement("p");
      line.dir = "auto";
      line.textContent = text;
      note.append(line);
    }
    document.querySelector("h1").after(note);
  }
  async function begin() {
    if (say.wipe) return after();
    const all = await records();
    if (form) {
      const before = all.find((record) => record.step === step);
      const refused = form.querySelector(".errs");
      if (before && (!before.sent || isCopy) && !refused && !dirty) fill(before.entries, form);
      if (isCopy) await join(all);
      for (const page of form.querySelectorAll("[data-questions]")) page.dispatchEvent(new Event("change"));
      const asked = Array.from(form.querySelectorAll(".ask:not([hidden])")).some((box) => !box.closest("[data-shelf]"));
      if (isCopy && !asked) {
        const onward = around(sessionStorage.getItem("tachawor-way") === "previous" ? "previous" : "next");
        if (onward) return location.replace(onward);
      }
    }
    if (isCopy) show(say.off, "off");
    if (choice) return; // what waits is what is being chosen
    await tell();
    await replayAlone();
    if (document.readyState === "complete") await prepare();
    else window.addEventListener("load", () => prepare().catch(() => {}));
  }
  if (!choice) {
    window.addEventListener("online", replayAlone);
    setInterval(replayAlone, 15000);
  }
  begin().catch(() => {});
})();
