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

// An alarm has a line of its own: neither takes the place of the other.
function write(place, kind, text) {
  const line = document.createElement("div");
  line.className = `alert alert-${kind} mt-2 mb-0`;
  line.textContent = text;
  document.getElementById(place).replaceChildren(line);
}
document.addEventListener("hotline:notice", (event) => write("notice", "warning", event.detail));
document.addEventListener("hotline:alarm", (event) => write("alarm-line", "danger", event.detail));
document.addEventListener("hotline:alarm.acknowledged", () => document.getElementById("alarm-line").replaceChildren());

// Lists bring themselves up to date: not while nobody looks, not when nothing is new, and never
// under somebody's hands. Who has left the desk is signed out in time.
const LEFT_MS = 10 * 60 * 1000;
const lastShown = new Map();
let handled = Date.now();
for (const act of ["pointermove", "pointerdown", "keydown"]) {
  document.addEventListener(act, () => { handled = Date.now(); }, { passive: true });
}

function inHand(list) {
  if (list.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return true;
  if (list.querySelector("details[open]")) return true;
  return [...list.querySelectorAll("textarea, input:not([type=hidden])")].some((one) => one.value !== one.defaultValue);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const away = document.hidden || Date.now() - handled > LEFT_MS;
  if (event.target.matches('[data-list]:not([data-list="always"])') && away) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const list = event.detail.target;
  if (!list.matches("[data-list]") || event.detail.isError) return;
  const fresh = event.detail.serverResponse;
  if (lastShown.get(list.id) === fresh || inHand(list)) event.detail.shouldSwap = false;
  else lastShown.set(list.id, fresh);
});

// A page inside the desk's frame leaves the telephone's keys to the desk.
if (window.top !== window) {
  document.documentElement.classList.add("framed");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select") && !event.altKey) return;
    if (/^F[1-4]$/.test(event.code)) event.preventDefault();
    const copy = { key: event.key, code: event.code, altKey: event.altKey, bubbles: true };
    window.parent.document.body.dispatchEvent(new KeyboardEvent("keydown", copy));
  });
}
