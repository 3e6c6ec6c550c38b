// Typing forms in without leaving the keyboard: digits choose the options of the question one is in, Enter goes on to the next.
(function () {
  "use strict";
  const form = document.querySelector("form[data-entry]");
  if (!form) return;
  const words = "textarea, input:not([type]), input[type=text], input[type=number], input[type=date], input[type=search], input[type=file]";
  let typed = "", clear = 0;

  function groupOf(control) {
    return control.closest(".scale, [role=radiogroup]") || control.closest("fieldset, .ask, .f");
  }
  function choose(control, digit) {
    const group = groupOf(control);
    if (!group) return false;
    const options = control.matches("select") ? Array.from(control.options).filter((option) => option.value)
      : Array.from(group.querySelectorAll("input[type=radio], input[type=checkbox]"));
    clearTimeout(clear);
    typed = Number(typed + digit) <= options.length ? typed + digit : digit;
    clear = setTimeout(() => { typed = ""; }, 700);
    const isScale = !control.matches("select") && options.some((option) => option.value === "0");
    const option = isScale ? options.find((one) => one.value === digit) : options[Number(typed) - 1];
    if (!option) return false;
    if (control.matches("select")) {
      control.value = option.value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      // The second figure of "12" takes back what the first one ticked.
      if (typed.length > 1 && option.type === "checkbox") options[Number(typed[0]) - 1]?.click();
      option.focus();
      option.click();
    }
    return true;
  }
  function stops() {
    const seen = new Set();
    return Array.from(form.querySelectorAll("input, select, textarea, button.btn")).filter((control) => {
      if (control.type === "hidden" || control.disabled || !control.getClientRects().length) return false;
      if (control.type !== "radio" && control.type !== "checkbox") return true;
      const key = control.name;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }
  function onward(control) {
    const all = stops();
    const isGroup = control.type === "radio" || control.type === "checkbox";
    let here = all.indexOf(control);
    if (isGroup) here = all.findIndex((one) => one.name === control.name);
    const next = all[here + 1];
    if (!next) return false;
    const own = next.type === "radio" ? form.querySelector(`input[name="${CSS.escape(next.name)}"]:checked`) : null;
    (own || next).focus();
    next.scrollIntoView({ block: "center" });
    return true;
  }
  form.addEventListener("keydown", (event) => {
    const control = event.target;
    if (event.altKey || event.metaKey || !control.matches("input, select, textarea")) return;
    if (event.key === "Enter") {
      if (control.matches("textarea") && !event.ctrlKey) return;
      if (onward(control)) event.preventDefault();
      return;
    }
    const digit = /^Digit\d$|^Numpad\d$/.test(event.code) ? event.code.slice(-1) : "";
    if (digit && !event.ctrlKey && !event.shiftKey && !control.matches(words) && choose(control, digit)) event.preventDefault();
  });
  const first = form.querySelector(".bad input, .bad textarea, .bad select") || stops()[0];
  if (first && !document.querySelector(".errs")) first.focus();
})();
