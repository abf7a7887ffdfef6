# end_former_services: ends what an earlier version ran, or ran otherwise, and this one does not.
# Before daemon-reload: systemd forgets how the instances of a target belong to it once their unit
# file is gone.
end_former_services() {
    [ -e "$record" ] || return 0
    while read -r name runner program instances _; do
        is_declared "$name $runner $program $instances" ||
            drop_service "$runner" "$program" </dev/null
    done <"$record"
}
