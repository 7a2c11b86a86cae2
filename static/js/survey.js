// The score chosen in a mail travels in the fragment (#5): no server, proxy or log ever sees it.
// A draft stays in this browser until it is sent; conditional questions are shown when they apply.
const form = document.querySelector("[data-survey-draft]");

if (form) {
  const key = `survey-draft-${form.dataset.surveyDraft}`;

  const names = () => new Set([...form.elements].map((e) => e.name).filter((n) => n.startsWith("q-")));

  const save = () => {
    const draft = {};
    for (const name of names()) draft[name] = new FormData(form).getAll(name);
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* private window */ }
  };

  const restore = () => {
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key)); } catch { /* none */ }
    if (!draft) return;
    for (const field of form.elements) {
      const values = draft[field.name];
      if (!values) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked ||= values.includes(field.value);
      else if (!field.value) field.value = values[0] ?? "";
    }
  };

  const chooseFromMail = () => {
    const score = location.hash.slice(1);
    if (!/^[1-5]$/.test(score)) return;
    const choice = form.querySelector(`input[name="q-overall"][value="${score}"]`);
    if (choice) choice.checked = true;
    history.replaceState(null, "", location.pathname + location.search);
  };

  const showWhatApplies = () => {
    for (const block of form.querySelectorAll("[data-only-if]")) {
      const given = new FormData(form).getAll(block.dataset.onlyIf);
      block.hidden = !given.includes(block.dataset.onlyIfValue);
    }
  };

  restore();
  chooseFromMail();
  showWhatApplies();
  form.addEventListener("change", () => { showWhatApplies(); save(); });
  form.addEventListener("input", save);
  form.addEventListener("submit", () => { try { localStorage.removeItem(key); } catch { /* none */ } });
}
