// A draft's page: the sound at the word clicked, Alt+Enter to send.
"use strict";

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

document.addEventListener("keydown", (event) => {
  if (event.altKey && event.key === "Enter") {
    event.preventDefault();
    const route = document.querySelector('[name="route"]:checked').value;
    document.querySelector(`button.route[data-route="${route}"]`).click();
  }
});
