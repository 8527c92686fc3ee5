# The Python programs: agi, asr, backend and its worker. One image, four commands.
FROM debian:trixie-slim
WORKDIR /opt/hotline
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
COPY requirements requirements
COPY hotline/setup.sh hotline/setup.sh
COPY pyproject.toml package.json package-lock.json ./
COPY agi agi
COPY asr asr
COPY backend backend
COPY hotline hotline
COPY ivr_flows ivr_flows
ENV HOTLINE_SHARED=/opt/hotline/var HOTLINE_MODELS=/opt/hotline/var/models
# Voice prompts are rendered while the image is built, so that a container starts with its sounds.
RUN hotline/setup.sh --no-asterisk \
    && HOTLINE_MEDIA=/opt/hotline/var/media HOTLINE_HOME=/opt/hotline/var \
       HOTLINE_VOICE_CACHE=/opt/hotline/var/voice .venv/bin/python -m asr prompts \
    && useradd --system --uid 12345 --home-dir /var/lib/hotline --create-home hotline \
    && mkdir -p /srv/hotline/media && chown hotline: /srv/hotline/media \
    && chown -R hotline: /opt/hotline/var
USER 12345
ENV PATH=/opt/hotline/.venv/bin:$PATH PYTHONUNBUFFERED=1
CMD ["python", "-m", "backend", "serve"]
