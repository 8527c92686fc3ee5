// The agent's telephone: registers over WSS, rings, talks, and heals after a cut.
import { ring, subtitles } from "./live.js";

const at = (id) => document.getElementById(id);
const token = document.querySelector('meta[name="form-token"]').content;
const me = Number(at("telephone").dataset.me);
let agent = null; // JsSIP.UA
let session = null; // the call at this telephone
let callId = null;
let opened = null; // the draft of that call, once it stands in the frame
let state = "off";
let service = null; // an emergency service that waits for the second key

async function ask(path, body) {
  const answer = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "Content-Type": "application/json", "X-Form-Token": token },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function tell(text) {
  document.dispatchEvent(new CustomEvent("hotline:notice", { detail: text }));
}

function show() {
  const talking = Boolean(session && session.isEstablished());
  const registered = Boolean(agent && agent.isRegistered());
  at("line-state").textContent =
    !agent ? "电话未签入" : !registered ? "电话重连中…" : { ready: "示闲", paused: "小休", off: "已签入" }[state];
  at("line-state").dataset.state = registered ? state : "away";
  at("ready").disabled = registered && state === "ready";
  at("pause").disabled = !registered || state !== "ready";
  at("answer").disabled = !session || talking;
  for (const id of ["hold", "mute", "give-on", "colleague", "give-to", "join"]) at(id).disabled = !talking;
  at("hang-up").disabled = !session;
  for (const button of document.querySelectorAll("[data-service]")) button.disabled = !talking;
  at("hold").setAttribute("aria-pressed", String(talking && session.isOnHold().local));
  at("mute").setAttribute("aria-pressed", String(talking && session.isMuted().audio));
}

async function signIn() {
  const seat = await ask("/console/telephone/seat", {});
  const socket = new JsSIP.WebSocketInterface(seat.url);
  agent = new JsSIP.UA({
    sockets: [socket],
    uri: `sip:${seat.user}@${new URL(seat.url).hostname}`,
    password: seat.secret,
    register_expires: 90,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 3,
  });
  agent.on("registered", () => {
    show();
    // After a cut Asterisk must learn the new way to a talk that is going on.
    if (session && session.isEstablished() && session.cut) {
      session.cut = false;
      session.renegotiate({});
    }
  });
  agent.on("disconnected", () => {
    if (session) session.cut = true;
    show();
  });
  for (const event of ["unregistered", "registrationFailed"]) agent.on(event, show);
  agent.on("newRTCSession", (event) => arrive(event.session));
  const registered = new Promise((done) => agent.once("registered", done));
  agent.start();
  await registered;
}

async function become(wanted) {
  try {
    if (!agent) await signIn();
    state = (await ask("/console/telephone/state", { state: wanted })).state;
  } catch {
    tell("电话交换机暂时没有应答，请稍后再试。");
  }
  show();
}

async function arrive(arrived) {
  if (session) {
    arrived.terminate({ status_code: 486 });
    return;
  }
  session = arrived;
  at("caller").textContent = "来电…";
  ring();
  session.on("peerconnection", ({ peerconnection }) => listen(peerconnection));
  for (const event of ["confirmed", "hold", "unhold", "muted", "unmuted"]) session.on(event, show);
  for (const event of ["ended", "failed"]) session.on(event, over);
  session.on("confirmed", taken);
  show();
  for (let tries = 0; session === arrived && !callId && tries < 20; tries += 1) {
    const known = await ask("/console/telephone/ringing").catch(() => null);
    if (known?.call_id) who(known);
    else await new Promise((done) => setTimeout(done, 250));
  }
  if (session === arrived && arrived.isEstablished()) taken();
}

function listen(connection) {
  connection.addEventListener("track", (event) => {
    at("voice").srcObject = event.streams[0];
  });
}

function who(known) {
  callId = known.call_id;
  at("caller").textContent = `来电 ${known.caller ?? "未知号码"}`;
  at("telephone").dataset.call = callId;
}

async function taken() {
  if (!callId) return;
  const known = await ask(`/console/telephone/calls/${callId}/taken`, {}).catch(() => null);
  if (known?.ticket && known.ticket !== opened) openDraft(known.ticket);
}

function openDraft(ticket) {
  opened = ticket;
  at("work").src = `/console/desk/${ticket}`;
}

function over() {
  if (callId) ask(`/console/telephone/calls/${callId}/left`, {}).catch(() => null);
  session = null;
  callId = null;
  opened = null;
  service = null;
  at("caller").textContent = "";
  hush();
  at("confirm").classList.add("d-none");
  delete at("telephone").dataset.call;
  show();
}

function answer() {
  session.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
}

async function emergency() {
  const wanted = service;
  service = null;
  at("confirm").classList.add("d-none");
  try {
    await ask(`/api/calls/${callId}/emergency`, { service: wanted });
    tell(`正在接入${wanted}，请留在线上。`);
  } catch {
    tell(`${wanted}没有接通，请立即用其他电话拨打${wanted}。`);
  }
}

// The list of colleagues is brought up to date while one may be chosen in it.
let chosen = "";
at("colleague").addEventListener("change", () => { chosen = at("colleague").value; });
at("colleague").addEventListener("htmx:afterSwap", () => { at("colleague").value = chosen; });

async function other(act) {
  const to = Number(at("colleague").value);
  if (!to) return tell("请先选择同事。");
  await ask(`/console/telephone/calls/${callId}/${act}`, { to }).catch(() => tell("没有办成，请再试。"));
}

at("ready").addEventListener("click", () => become("ready"));
at("pause").addEventListener("click", () => become("paused"));
at("answer").addEventListener("click", answer);
at("hang-up").addEventListener("click", () => session.terminate());
at("hold").addEventListener("click", () => (session.isOnHold().local ? session.unhold() : session.hold()));
at("mute").addEventListener("click", () => {
  if (session.isMuted().audio) session.unmute({ audio: true });
  else session.mute({ audio: true });
});
at("give-on").addEventListener("click", () =>
  ask(`/console/telephone/calls/${callId}/give-on`, { to: "queue" }).catch(() => tell("没有转成，请再试。")));
at("give-to").addEventListener("click", () => other("give-on"));
at("join").addEventListener("click", () => other("join"));
at("emergency").addEventListener("click", (event) => {
  service = event.target.closest("[data-service]")?.dataset.service ?? null;
  if (!service) return;
  at("confirm").textContent = `接入${service}？按回车确认，按 Esc 取消。`;
  at("confirm").classList.remove("d-none");
  at("confirm").tabIndex = -1;
  at("confirm").focus();
});
document.addEventListener("keydown", (event) => {
  if (!service) return;
  if (event.key === "Enter") emergency();
  if (event.key === "Escape") at("confirm").classList.add("d-none");
  if (["Enter", "Escape"].includes(event.key)) event.preventDefault();
  if (event.key === "Escape") service = null;
});
document.addEventListener("hotline:agent.ringing", (event) => {
  if (event.detail.person_id === me && session && !callId) ask("/console/telephone/ringing").then(who);
});
const hush = subtitles(() => callId);
document.addEventListener("hotline:ticket.drafted", (event) => {
  if (callId && event.detail.call_id === callId && session?.isEstablished()) taken();
});
window.addEventListener("pagehide", () => agent?.stop());
show();
