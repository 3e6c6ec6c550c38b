// The name of an organisation is plain text without this file, which suggests those of the registry.
(function () {
  "use strict";
  const { names, verified } = document.currentScript.dataset;
  const field = document.getElementById("organisation");
  if (!field) return;
  const list = document.createElement("datalist");
  list.id = "organisation-names";
  field.after(list);
  field.setAttribute("list", list.id);
  let waiting = 0;
  async function suggest() {
    const words = field.value.trim();
    if (words.length < 3) return list.replaceChildren();
    try {
      const answer = await fetch(names + "?words=" + encodeURIComponent(words));
      if (!answer.ok || field.value.trim() !== words) return;
      list.replaceChildren(...(await answer.json()).map((row) => {
        const option = document.createElement("option");
        option.value = row.name;
        option.label = row.place + (row.verified ? " · " + verified : "");
        return option;
      }));
    } catch { /* no network: the name is typed */ }
  }
  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(suggest, 250); });
})();
