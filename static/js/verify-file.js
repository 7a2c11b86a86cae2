// Compares a file with the seals of this page, on the device: nothing is uploaded.
const section = document.querySelector("[data-verify-file]");

if (section && globalThis.crypto?.subtle) {
  const hashes = section.dataset.hashes.trim().split(/\s+/);
  const live = section.querySelector("[data-verify-live]");
  const show = (name) => {
    for (const result of section.querySelectorAll("[data-verify-result]")) {
      result.hidden = result.dataset.verifyResult !== name;
      if (!result.hidden) live.textContent = result.textContent.trim();
    }
  };
  const check = async (file) => {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, "0")).join("");
    show(hashes.includes(hex) ? "same" : "other");
  };
  const input = section.querySelector("[data-verify-input]");
  // The same file chosen again is checked again: it may have changed since.
  input.addEventListener("click", () => { input.value = ""; });
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) check(file);
  });
  section.addEventListener("dragover", (event) => event.preventDefault());
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) check(file);
  });
}
