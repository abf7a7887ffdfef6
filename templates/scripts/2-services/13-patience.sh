# patience: the most seconds that a service of this version or of the one before may take to end, as declared,
# or as an administrator has it in a conffile.
patience=$({
    echo "$stop_timeout"
    cat "$record.patience" || true
    sed -n 's/^stopwaitsecs *= *\([0-9]\{1,6\}\)$/\1/p' "$DPKG_ROOT/etc/$package/supervisor"/*.conf || true
} 2>/dev/null | sort -n | tail -n 1)

# patiently SECONDS COMMAND...: gives it so many more. The client of a supervisor that were cut short while a
# service ends its work would leave the service stopped.
patiently() {
    seconds=$((patience + $1))
    shift
    timeout "$seconds" "$@"
}
