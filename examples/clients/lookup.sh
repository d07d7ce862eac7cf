#!/bin/sh
# Asks a server for two customers' features with curl: `lookup.sh http://127.0.0.1:8080`.
set -eu
curl --silent --show-error --fail-with-body "$1/v1/get" \
  --header 'Content-Type: application/json' ${MARTLET_TOKEN:+--header "Authorization: Bearer $MARTLET_TOKEN"} \
  --data '{"service": "checkout", "entities": {"customer": ["c1", "c9"]}, "given": {"amount": [25, 25]}}'
echo
