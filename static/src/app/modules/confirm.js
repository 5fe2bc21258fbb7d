// An act that cannot be taken back waits until its name has been typed. The server asks again.

const plain = (text) => text.normalize("NFKC").replace(/\s+/g, "");

export function watchConfirmations() {
  for (const form of document.querySelectorAll("form[data-confirm-name]")) {
    const input = form.querySelector("[data-confirm-input]");
    const button = form.querySelector("[data-confirm-button]");
    if (!input || !button) continue;
    const check = () => {
      button.disabled = plain(input.value) !== plain(form.dataset.confirmName);
    };
    input.addEventListener("input", check);
    check();
  }
}
