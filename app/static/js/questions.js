// Questions work without this file. It opens and closes them as answers change, narrows the lists of
// territories, counts what is left of a budget, keeps ranks apart, and shows the line beside "other".
(function () {
  "use strict";

  // --- conditions, decided as app/consultations/conditions.py does
  const ORDERS = {
    "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
  };
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

  function scalars(value) {
    if (Array.isArray(value)) return value.flatMap(scalars);
    if (isObject(value)) {
      const keys = Object.keys(value);
      const isOpen = keys.length === 2 && has(value, "code") && has(value, "other");
      return isOpen ? scalars(value.code) : Object.values(value).flatMap(scalars);
    }
    if (typeof value === "boolean") return value ? ["true"] : [];
    return value === null || value === undefined || value === "" ? [] : [value];
  }
  function number(scalar) {
    if (typeof scalar === "number") return scalar;
    return /^[+-]?[0-9]{1,30}(\.[0-9]{1,30})?$/.test(scalar) ? Number(scalar) : null;
  }
  function same(a, b) {
    if (typeof a === "string" && typeof b === "string") return a === b;
    return number(a) !== null && number(a) === number(b);
  }
  // Texts stand in the order of their code points, which is not that of UTF-16.
  function order(a, b) {
    const [one, other] = [Array.from(a), Array.from(b)];
    for (let i = 0; i < Math.min(one.length, other.length); i += 1) {
      if (one[i] !== other[i]) return one[i].codePointAt(0) - other[i].codePointAt(0);
    }
    return one.length - other.length;
  }
  function inOrder(op, a, b) {
    if (number(a) !== null && number(b) !== null) return ORDERS[op](number(a), number(b));
    return typeof a === "string" && typeof b === "string" && ORDERS[op](order(a, b), 0);
  }
  function matches(pattern, text) {
    if (typeof text !== "string" || Array.from(text).length > 300) return false;
    try { return new RegExp("^(?:" + pattern + ")$").test(text); } catch { return false; }
  }
  const anySame = (left, right) => left.some((a) => right.some((b) => same(a, b)));
  function compares(op, left, value, values) {
    if (op === "answered" || op === "empty") return left.length > 0 === (op === "answered");
    const right = scalars(isObject(value) ? values[value.question] : value);
    if (!left.length || !right.length) return false;
    if (op === "=") return anySame(left, right);
    if (op === "!=") return !anySame(left, right);
    if (op === "matches") return left.some((a) => matches(String(right[0]), a));
    return left.some((a) => right.some((b) => inOrder(op, a, b)));
  }
  function tests(condition, values) {
    let value = has(values, condition.question) ? values[condition.question] : null;
    if (has(condition, "item")) value = isObject(value) && has(value, condition.item) ? value[condition.item] : null;
    const passed = [];
    const compare = (op, left) => passed.push(compares(op, left, condition.value, values));
    if (has(condition, "is")) passed.push(anySame(scalars(value), condition.is));
    if (has(condition, "op")) compare(condition.op, scalars(value));
    if (has(condition, "count")) compare(condition.count, [scalars(value).length]);
    if (has(condition, "length")) compare(condition.length, [typeof value === "string" ? Array.from(value).length : 0]);
    return passed.length > 0 && passed.every(Boolean);
  }
  function holds(condition, values, actor) {
    if (!condition || !Object.keys(condition).length) return true;
    const inner = (part) => holds(part, values, actor);
    return (!has(condition, "all") || condition.all.every(inner))
      && (!has(condition, "any") || condition.any.some(inner))
      && (!has(condition, "not") || !inner(condition.not))
      && (!has(condition, "actor_type") || condition.actor_type.includes(actor))
      && (!has(condition, "question") || tests(condition, values));
  }
  if (typeof module === "object") { module.exports = { holds }; return; }

  // --- what a question is answered on the page, in the form in which the server keeps it
  const digits = (text) => text.replace(/[٠-٩۰-۹]/g, (sign) => sign.codePointAt(0) & 15);
  function plain(text) {
    const written = digits(text).replace(/(\d)[\s\u00a0\u202f](?=\d{3}(?!\d))/g, "$1").replace(/[,٫]/g, ".").replace("\u2212", "-");
    return number(written) === null ? text : Number(written);
  }
  function day(text) {
    const found = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(digits(text).trim());
    return found ? [found[3], found[2].padStart(2, "0"), found[1].padStart(2, "0")].join("-") : text;
  }
  const READERS = {
    number: (said) => plain(said[0] || ""),
    date: (said) => day(said[0] || ""),
    consent: (said) => said.length > 0,
    multiple_choice: (said) => said,
    ranking: (said, byItem) => Object.keys(byItem).sort((a, b) => byItem[a] - byItem[b]),
    budget: (said, byItem) => Object.fromEntries(Object.entries(byItem).map(([code, text]) => [code, plain(text)])),
    scale: (said, byItem) => byItem,
    matrix: (said, byItem) => byItem,
    territory: (said, byItem) => byItem,
    file: (said, byItem, box) => said[0] || (box.querySelector("[data-file]") ? "file" : ""),
  };
  function answer(box) {
    const said = [];
    const byItem = {};
    const name = "q-" + box.dataset.key;
    for (const control of box.querySelectorAll("input, select, textarea")) {
      if (control.name === "shown" || control.disabled || control.closest("[data-other]")) continue;
      if ((control.type === "radio" || control.type === "checkbox") && !control.checked) continue;
      const value = control.value.trim();
      if (!value) continue;
      if (control.name.startsWith(name + "-")) byItem[control.name.slice(name.length + 1)] = value;
      else said.push(value);
    }
    const read = READERS[box.dataset.kind];
    return read ? read(said, byItem, box) : said[0] || "";
  }

  // --- opening and closing, in the order of the page: what is closed decides nothing
  function open(page, known) {
    const values = Object.assign({}, known);
    for (const box of page.querySelectorAll(".ask")) {
      if (box.dataset.if) {
        box.hidden = !holds(JSON.parse(box.dataset.if), values, values.actor_type);
        const shown = box.querySelector('input[name="shown"]');
        if (shown) shown.disabled = box.hidden;
      }
      if (!box.hidden) values[box.dataset.key] = answer(box);
    }
  }

  // --- words of one's own: the line stands under a ticked option alone
  function others(page) {
    for (const line of page.querySelectorAll("[data-other]")) {
      const tick = line.previousElementSibling.querySelector("input");
      line.hidden = !tick.checked;
      line.querySelector("input").disabled = line.hidden;
    }
  }

  // --- budgets: what is left
  function remainder(line) {
    const total = Number(line.dataset.total);
    const inputs = line.closest("fieldset").querySelectorAll("input");
    const given = Array.from(inputs).reduce((sum, input) => sum + (Number(input.value) || 0), 0);
    const words = given < total ? line.dataset.left : given > total ? line.dataset.over : line.dataset.done;
    const text = words.replace("{n}", Math.abs(total - given)).replace("{total}", total);
    if (line.textContent !== text) line.textContent = text;
  }

  // --- ranks: one that is taken is exchanged
  function exchange(select) {
    const before = select.dataset.before || "";
    for (const other of select.closest("fieldset").querySelectorAll("[data-rank] select")) {
      if (other !== select && select.value && other.value === select.value) {
        other.value = other.dataset.before = before;
      }
    }
    select.dataset.before = select.value;
  }

  // --- territories: provinces of the region, then communes of the province
  function territory(box) {
    const [region, province] = ["region", "province"].map((level) => box.querySelector(`select[name$="-${level}"]`));
    const commune = box.querySelector('select[name$="-commune"]');
    const holder = box.querySelector("[data-communes]");
    const groups = Array.from(province.querySelectorAll("optgroup"));
    const first = commune.options[0];
    box.querySelector("[data-plain]").hidden = true;
    function narrow() {
      for (const group of groups) {
        const here = !region.value || group.querySelector("option").value.startsWith(region.value + ".");
        if (!here && group.contains(province.selectedOptions[0])) province.value = "";
        if (here) province.append(group);
        else group.remove();
      }
    }
    function offer(rows) {
      commune.replaceChildren(first, ...rows.map(([code, name]) => new Option(name, code)));
      commune.value = "";
      holder.hidden = rows.length === 0;
    }
    async function fill() {
      const wanted = province.value;
      offer([]);
      if (!wanted) return;
      if (!region.value) { region.value = wanted.split(".")[0]; narrow(); }
      try {
        const reply = await fetch(box.dataset.territory.replace("00.000", encodeURIComponent(wanted)));
        if (reply.ok && province.value === wanted) offer(await reply.json());
      } catch { box.querySelector("[data-plain]").hidden = false; }
    }
    region.addEventListener("change", () => { const before = province.value; narrow(); if (province.value !== before) fill(); });
    province.addEventListener("change", fill);
    narrow();
  }

  for (const page of document.querySelectorAll("[data-questions]")) {
    const known = JSON.parse(page.dataset.known || "{}");
    const look = () => { others(page); page.querySelectorAll("[data-total]").forEach(remainder); open(page, known); };
    page.querySelectorAll("[data-rank] select").forEach((select) => { select.dataset.before = select.value; });
    page.addEventListener("change", (event) => {
      if (event.target.closest("[data-rank]")) exchange(event.target);
      look();
    });
    page.addEventListener("input", look);
    page.querySelectorAll("[data-territory]").forEach(territory);
    look();
  }
  const refused = document.querySelector("form .errs");
  if (refused) refused.focus();
})();
