// What was typed goes back into its form without another press; the form itself waits for its person.

export function goBackToForm() {
  document.querySelector("form[data-submit-at-once]")?.requestSubmit();
}
