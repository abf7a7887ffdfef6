# rest_services: a later installation starts what was only stopped; what was disabled stays so.
rest_services() {
    if [ -e "$record" ]; then
        sed -i 's/ stopped$/ active/' "$record"
    fi
}
