// One event stream a page; every event is given on as "hotline:<kind>", and by its first word.
const source = new EventSource("/console/live");

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`hotline:${name}`, { detail }));
}

source.onmessage = (message) => {
  const event = JSON.parse(message.data);
  tell(event.kind, event);
  if (/^(draft|ticket)\./.test(event.kind)) tell("drafts", event);
  if (/^(draft|ticket|emergency|alarm|warning|supervision|queue)\./.test(event.kind)) tell("lists", event);
  if (/^(call\.(opened|closed)|queue|agent|alarm|emergency)/.test(event.kind)) tell("now", event);
  if (event.sound) ring();
};
source.onopen = () => tell("connected", null);
source.onerror = () => tell("away", null);

// Two short tones: somebody has to look.
export function ring() {
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.setValueAtTime(880, 0);
    tone.frequency.setValueAtTime(660, audio.currentTime + 0.25);
    loudness.gain.value = 0.2;
    tone.connect(loudness).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.6);
    tone.onended = () => audio.close();
  } catch {
    // Without sound the page still shows it.
  }
}

document.addEventListener("hotline:alarm.raised", (event) => {
  tell("alarm", `警报：${event.detail.what || event.detail.title || "请立即查看警报页面"}`);
});

// Where a call is shown: the words as they are spoken, the agent's apart, until the utterance is over.
export function subtitles(callOf) {
  const lines = { citizen: document.getElementById("partial"), agent: document.getElementById("partial-agent") };
  document.addEventListener("hotline:partial", ({ detail }) => {
    if (callOf() !== detail.call_id) return;
    lines[detail.side].textContent = detail.side === "agent" ? `话务员：${detail.text}` : detail.text;
  });
  document.addEventListener("hotline:call.heard", ({ detail }) => {
    if (callOf() === detail.call_id) lines[detail.side].textContent = "";
  });
  return () => Object.values(lines).forEach((line) => line.replaceChildren());
}
