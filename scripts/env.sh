# shellcheck shell=bash
# Sourced by every script here: where things are, and how to speak to the person who waits.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Tools and build output live outside the clone, so that the next clone finds them and is ready in seconds.
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/porchlight
TOOLS=$CACHE/tools

# Two target folders, so that a native and a client build never wait for each other's lock.
export CARGO_TARGET_DIR=$CACHE/target/native
WASM_TARGET_DIR=$CACHE/target/wasm
WASM=wasm32-unknown-unknown

# The versions of the tools that no lock file of ours names.
BINARYEN=132.0.0
NEXTEST=0.9.143
# Of dateutil it is the newest that recurring-ical-events works with.
PYTHON_PACKAGES=(python-dateutil==2.9.0.post0 icalendar==7.3.2 recurring-ical-events==3.8.2 tzdata==2026.6)

# The command-line half of wasm-bindgen refuses to work with a library of any other version.
WASM_BINDGEN=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' "$ROOT/Cargo.lock")

# What is on the PATH already goes first; what scripts/setup installed stands behind it.
PATH=$PATH:$TOOLS/wasm-bindgen-$WASM_BINDGEN/bin:$TOOLS/binaryen-$BINARYEN/node_modules/.bin:$TOOLS/nextest-$NEXTEST/bin

# The tests call this Python; its folder's name changes with the packages that it brings along.
PYTHON_FOLDER=$TOOLS/python-$(cksum <<<"${PYTHON_PACKAGES[*]}" | cut -d ' ' -f 1)
export PORCHLIGHT_PYTHON=$PYTHON_FOLDER/bin/python

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
    printf '%s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# True when the Rust toolchain in use can compile for browsers, and when it has its library's source.
rust_has_wasm() { [ -n "$(compgen -G "$(rustc --print sysroot)/lib/rustlib/$WASM/lib/libstd-*.rlib")" ]; }
rust_has_source() { [ -f "$(rustc --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]; }

# The client is compiled by the toolchain in use where that has the target; otherwise by Debian's compiler, which scripts/setup
# has given one. Debian's looks for the linker under a name that only rustup's compiler brings along.
use_wasm_toolchain() {
    export CARGO_TARGET_DIR=$WASM_TARGET_DIR
    if [ "${PORCHLIGHT_WASM:-}" = debian ] || ! rust_has_wasm; then
        export RUSTUP_TOOLCHAIN=debian CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
    fi
}
