// Every page: the form token on htmx's requests, and letters that press what carries data-key.
"use strict";

const formToken = document.querySelector('meta[name="form-token"]').content;

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-Form-Token"] = formToken;
});

document.addEventListener("submit", (event) => {
  const asked = event.target.dataset.confirm;
  if (asked && !window.confirm(asked)) event.preventDefault();
});

// A key alone works outside of text fields; with Alt it works everywhere.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || (typing && !event.altKey)) return;
  const pressed = event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  const found = document.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  if (!found || found.disabled) return;
  event.preventDefault();
  if (found.matches("input, textarea, select")) found.focus();
  else found.click();
});

document.addEventListener("hotline:notice", (event) => {
  const line = document.createElement("div");
  line.className = "alert alert-warning mt-2 mb-0";
  line.textContent = event.detail;
  document.getElementById("notice").replaceChildren(line);
});

// A page inside the desk's frame leaves the telephone's keys to the desk.
if (window.top !== window) {
  document.documentElement.classList.add("framed");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select") && !event.altKey) return;
    const copy = { key: event.key, code: event.code, altKey: event.altKey, bubbles: true };
    window.parent.document.body.dispatchEvent(new KeyboardEvent("keydown", copy));
  });
}
