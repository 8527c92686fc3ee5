"""What the operator's graphs are made of."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
STEPS = Counter("asr_steps", "Listening steps by what ended them", ["ended_by"], registry=REGISTRY)
FULL = Counter("asr_full", "Steps refused because every slot was taken", registry=REGISTRY)
WRONG = Counter(
    "asr_wrong_connections", "Connections that were refused", ["why"], registry=REGISTRY
)
USED = Gauge("asr_slots_used", "Slots taken now", registry=REGISTRY)
RESTARTS = Gauge("asr_worker_restarts", "Recogniser processes started again", registry=REGISTRY)
FINAL_SECONDS = Histogram(
    "asr_final_text_seconds",
    "From the end of a step to its final words",
    buckets=(0.05, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 4, 8),
    registry=REGISTRY,
)
"""Final words later than a second are late words."""
