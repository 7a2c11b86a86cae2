// A second press on the same button sends nothing. The server is safe without this (every verb may
// be repeated); it only spares the person a doubt. A form that must be sent again says data-again.

let sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "again" in form.dataset || event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
});

// Back from the next page, which the browser kept alive: the form may be sent anew.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) sent = new WeakSet();
});
