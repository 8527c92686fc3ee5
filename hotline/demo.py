"""One call that shows what the hotline does: a citizen speaks, a draft ticket comes of it."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import soundfile

from hotline.call import call
from hotline.demo_people import sign_ins
from hotline.instance import CHECKOUT, PREFIX, InstanceError
from hotline.programs import Env, environment

COMPLAINT = (
    "你好，我家住在莲池区裕华路，家里的暖气已经三天不热了，老人孩子都冻感冒了，麻烦你们给解决一下。"
)
"""What the citizen of the demonstration says."""

VOICE = "jm_kumo"
"""A man's voice that the hotline itself never uses, so that the two can be told apart."""

DELAY_SECONDS = 2.0
"""The citizen does not wait for the end of the greeting: nobody has to."""
STAYS_SECONDS = 12.0
"""How long the citizen listens to what was noted before hanging up."""

NAMES = {
    "number": "工单编号",
    "kind": "诉求类型",
    "acceptable": "是否受理",
    "category": "诉求类别",
    "district": "所属区县",
    "place": "具体地点",
    "time": "发生时间",
    "contact": "联系电话",
    "tier": "办理时限",
    "unit": "建议承办",
}


async def show(env: Env) -> None:
    """Speak the complaint over a real call and print the draft ticket and where to see it."""
    print(f"a citizen calls 12345 and says:\n  {COMPLAINT}")
    wav = await asyncio.to_thread(spoken, env, COMPLAINT, VOICE)
    length = await asyncio.to_thread(lambda: soundfile.info(wav).duration)
    leaves = DELAY_SECONDS + length + STAYS_SECONDS
    row = await call(env, wav, caller="13803120001", delay=DELAY_SECONDS, hangup=leaves)
    print(f"the hotline heard:\n  {row['transcript']}")
    ticket = row["ticket"]
    if not ticket:
        raise InstanceError(f"no ticket came of the call: {row}")
    print("the draft ticket:")
    for name, title in NAMES.items():
        print(f"  {title}  {_told(ticket, name)}")
    port = env[f"{PREFIX}BACKEND_PORT"]
    print(f"what the caller heard: {row['heard']}")
    print(f"the call:   http://127.0.0.1:{port}/api/calls/{row['call_id']}")
    print(f"the API:    http://127.0.0.1:{port}/docs")
    print(f"the desks:  http://127.0.0.1:{port}/console   sign in as")
    print(await sign_ins(env))


def spoken(env: Env, text: str, voice: str) -> Path:
    """Return a WAV of these words in this voice, rendered once and kept."""
    folder = Path(env[f"{PREFIX}HOME"]) / "callers"
    folder.mkdir(parents=True, exist_ok=True)
    wav = folder / "demo.wav"
    if not wav.exists():
        command = [sys.executable, "-m", "asr", "say", text, "-o", str(wav), "--voice", voice]
        done = subprocess.run(command, env=environment(env), cwd=CHECKOUT, check=False)
        if done.returncode:
            raise InstanceError("the citizen's voice could not be made; the line above says why")
    return wav


def _told(ticket: dict[str, Any], name: str) -> str:
    value = ticket.get(name)
    told = {True: "受理", False: "不予受理", None: "（未说明）"}.get(value, value)
    sure = (ticket.get("confidences") or {}).get(name)
    return f"{told}" + (f"  （把握 {sure:.0%}）" if isinstance(sure, float) else "")
