// Figures that move while one looks: the part marked data-live is asked for again, every five seconds,
// until it no longer says so. Without this file the page shows them when it is opened again.

const EVERY = 5000;

const refresh = async () => {
  const part = document.querySelector("[data-live]");
  if (!part) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(part.dataset.live, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.body.firstElementChild;
        // Over: the buttons beside it change too, so the page is read anew.
        if (!fresh || !("live" in fresh.dataset)) { location.reload(); return; }
        part.replaceWith(fresh);
      }
    } catch { /* no network for a moment */ }
  }
  setTimeout(refresh, EVERY);
};

setTimeout(refresh, EVERY);
