#!/bin/sh
# Write the secrets that docker-compose.yml asks for to .env (mode 600), unless they are there.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
    echo ".env exists and is kept"
    exit 0
fi
secret() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
umask 077
{
    echo "HOTLINE_SERVICE_TOKEN=$(secret)"
    echo "HOTLINE_DATA_KEY=$(secret)"
    echo "HOTLINE_AMI_SECRET=$(secret | tr -d '=')"
    echo "HOTLINE_DATABASE_PASSWORD=$(secret | tr -d '=')"
    echo "# The address of the trunk that may call in, and the one that calls go out to:"
    echo "HOTLINE_TRUNK_MATCH=127.0.0.2"
    echo "HOTLINE_EXCHANGE_HOST=127.0.0.2"
} >.env
echo "wrote .env"
