#!/bin/sh
# The omatoimi command of an installed station, on the Node that is shipped with it.
here=$(dirname "$(readlink -f "$0")")
exec "$here/node/node" "$here/app.asar.unpacked/src/cli/omatoimi.ts" "$@"
