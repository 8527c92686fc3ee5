# Asterisk with the hotline's own configuration, rendered from the environment at each start.
FROM debian:forky-slim
WORKDIR /opt/hotline
COPY asterisk_conf asterisk_conf
ENV HOTLINE_ASTERISK_ROOT=/
RUN asterisk_conf/install.sh --in-place
CMD ["asterisk_conf/start.sh", "hotline"]
