// The words of a section: a claim that is pressed is put where one was writing last.
"use strict";
const fields = [...document.querySelectorAll(".dr-words")];
let last = fields[0];

for (const field of fields) {
  field.addEventListener("pointerdown", () => (last = field));
  // Passing through with the Tab key is not writing.
  field.addEventListener("keydown", ({ key }) => {
    if (key !== "Tab" && key !== "Shift") last = field;
  });
}

function put(text) {
  if (!last) return;
  const { selectionEnd: at, value } = last;
  // A claim stands apart from the word before it.
  const apart = at > 0 && !/\s/.test(value[at - 1]) ? " " : "";
  last.setRangeText(apart + text, at, at, "end");
  last.focus();
  last.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const token of document.querySelectorAll("[data-insert]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = token.className;
  button.dir = "ltr";
  button.textContent = token.textContent;
  button.addEventListener("click", () => put(token.dataset.insert));
  token.replaceWith(button);
}

const note = document.getElementById("offer-note");
if (note && fields.length) note.textContent += ` ${note.dataset.script}`;
