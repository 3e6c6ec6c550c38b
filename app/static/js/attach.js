// A draft is kept while one types, but a file is sent once: when its form is. It may take minutes on a slow line, so it goes as forms without a
// script do; what keeps drafts never holds it. Loaded before that script.
(function () {
  "use strict";
  for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
    const uploads = Array.from(form.querySelectorAll("[data-upload]"));
    let isSent = false;
    form.addEventListener("submit", (event) => {
      if (!navigator.onLine || !uploads.some((control) => control.files.length)) return;
      isSent = true;
      event.stopImmediatePropagation();
    });
    form.addEventListener("formdata", (event) => {
      if (!isSent) for (const control of uploads) event.formData.delete(control.name);
    });
    window.addEventListener("pageshow", () => { isSent = false; });
  }
})();
