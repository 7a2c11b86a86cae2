// Reserved seats in the content admin: of the three lists of people, only the one that the kind
// asks for is shown. Without this file all three are there, and the others are left aside on saving.

const TARGETS = ["establishment", "community", "profession"];
const KIND = /^pools-\d+-kind$/;

const show = (kind) => {
  for (const target of TARGETS) {
    const field = document.getElementsByName(kind.name.replace(/kind$/, target))[0];
    const wrapper = field?.closest(".w-panel__wrapper");
    if (wrapper) wrapper.hidden = kind.value !== target;
  }
};

const showAll = (root) => {
  for (const select of root.querySelectorAll("select")) {
    if (KIND.test(select.name)) show(select);
  }
};

document.addEventListener("change", (event) => {
  if (KIND.test(event.target.name ?? "")) show(event.target);
});

document.addEventListener("DOMContentLoaded", () => {
  showAll(document);
  // Rows added by hand come into the page later.
  const watch = new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node instanceof Element) showAll(node);
      }
    }
  });
  const rows = document.querySelector("#id_pools-FORMS");
  if (rows) watch.observe(rows, { childList: true });
});
