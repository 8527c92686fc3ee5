// A draft's page: the words as they come, the sound at the word clicked, Alt+Enter to send.
import { subtitles } from "./live.js";

const sound = document.getElementById("sound");
const call = document.getElementById("said").dataset.call;
const addresses = new Map();

// Who listens and why is recorded once for each utterance; the address holds for a while.
async function addressOf(listenId) {
  if (!addresses.has(listenId)) {
    const answer = await fetch(`/api/recordings/${call}/listening`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ reason: "处理草稿时核对原话", listen_id: listenId }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    addresses.set(listenId, (await answer.json()).url);
  }
  return addresses.get(listenId);
}

document.getElementById("said").addEventListener("click", async (event) => {
  const word = event.target.closest("[data-start]");
  if (!word) return;
  const listenId = word.closest("[data-listen]").dataset.listen;
  try {
    const address = await addressOf(listenId);
    if (!sound.src.endsWith(address)) sound.src = address;
    sound.classList.remove("d-none");
    await sound.play();
    sound.currentTime = Math.max(0, Number(word.dataset.start) - 0.15);
  } catch {
    document.dispatchEvent(new CustomEvent("hotline:notice", { detail: "录音暂时不能播放。" }));
  }
});

// What the machine has understood meanwhile is taken over; what a person has typed stays.
function typed(field) {
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const chosen = [...field.options].find((one) => one.defaultSelected) ?? field.options[0];
  return field.value !== chosen?.value;
}

async function bringUp() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const words = document.getElementById("utterances");
  if (!words.contains(document.activeElement)) words.replaceChildren(...fresh.getElementById("utterances").childNodes);
  const form = document.getElementById("draft");
  for (const next of fresh.querySelectorAll('#draft [name^="f."], #draft [name="version"]')) {
    const field = form.querySelector(`[name="${next.name}"]`);
    if (field.name !== "version" && (typed(field) || field === document.activeElement)) continue;
    if (field.tagName === "SELECT") field.innerHTML = next.innerHTML;
    else field.value = field.defaultValue = next.value;
    field.className = next.className;
    const [label, other] = [form, fresh].map((page) => page.querySelector(`label[for="${next.id}"]`));
    if (label && other) label.replaceChildren(...other.childNodes);
  }
}

let bringing = Promise.resolve();
for (const kind of ["call.heard", "call.transcribed", "ticket.redrafted"]) {
  document.addEventListener(`hotline:${kind}`, ({ detail }) => {
    if (call && detail.call_id === call) bringing = bringing.then(bringUp).catch(() => null);
  });
}
if (call) subtitles(() => call);

document.addEventListener("keydown", (event) => {
  if (event.altKey && event.key === "Enter") {
    event.preventDefault();
    const route = document.querySelector('[name="route"]:checked').value;
    document.querySelector(`button.route[data-route="${route}"]`).click();
  }
});
