// The pages of answering work without this file. It opens and closes questions as answers change
// and narrows the lists of territories. Keeping the draft is the work of draft.js.
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;

  // --- questions that another answer of the page opens
  function given(key) {
    const names = ["q-" + key, key];
    const said = [];
    for (const control of form.elements) {
      const own = names.includes(control.name) || control.name.startsWith("q-" + key + "-");
      if (!own) continue;
      if ((control.type === "radio" || control.type === "checkbox") && !control.checked) continue;
      if (control.closest(".ask[hidden]")) continue;
      if (control.value) said.push(control.value);
    }
    return said;
  }
  function open() {
    for (const ask of form.querySelectorAll(".ask[data-if]")) {
      const codes = JSON.parse(ask.dataset.is).map(String);
      ask.hidden = !given(ask.dataset.if).some((code) => codes.includes(code));
      const shown = ask.querySelector('input[name="shown"]');
      if (shown) shown.disabled = ask.hidden;
    }
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
        const answer = await fetch(box.dataset.territory.replace("00.000", encodeURIComponent(wanted)));
        if (answer.ok && province.value === wanted) offer(await answer.json());
      } catch { box.querySelector("[data-plain]").hidden = false; }
    }
    region.addEventListener("change", () => { const before = province.value; narrow(); if (province.value !== before) fill(); });
    province.addEventListener("change", fill);
    narrow();
  }

  form.addEventListener("change", open);
  open();
  form.querySelectorAll("[data-territory]").forEach(territory);
  const errors = form.querySelector(".errs");
  if (errors) errors.focus();
})();
