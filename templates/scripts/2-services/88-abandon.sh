# abandon_services: the version that comes did not claim the record, having no services, or being
# made by other means. So the services end here, by the last version that knows of them.
abandon_services() {
    if [ -e "$record" ] && [ ! -e "$record.done" ] && [ ! -e "$record.claimed" ]; then
        while read -r _ runner program _; do
            drop_service "$runner" "$program" </dev/null
        done <"$record"
        rest_services
        : >"$record.done"
    fi
    rm -f "$record.claimed"
}
