// A draft is kept while one types, but a file is sent once: when its form is.
(function () {
  "use strict";
  for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
    let isSent = false;
    form.addEventListener("submit", () => { isSent = true; });
    form.addEventListener("formdata", (event) => {
      if (isSent) return;
      for (const control of form.querySelectorAll("[data-upload]")) event.formData.delete(control.name);
    });
  }
})();
