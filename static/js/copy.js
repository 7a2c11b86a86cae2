// Copies the address shown beside the button. Without a clipboard the button stays hidden and the
// address can still be selected by hand.
const source = document.querySelector("[data-copy-source]");
const button = document.querySelector("[data-copy]");
const copied = document.querySelector("[data-copied]");

if (source && button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    source.select();
    await navigator.clipboard.writeText(source.value);
    copied.textContent = copied.dataset.copied;
  });
}
