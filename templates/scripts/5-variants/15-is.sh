# is_variant WORD: whether this version has it.
is_variant() {
    case $1 in
        '' | *[!a-z0-9.+-]*) return 1 ;;
    esac
    case " $variants " in
        *" $1 "*) ;;
        *) return 1 ;;
    esac
}

# not_a_variant WHERE WORD
not_a_variant() {
    echo "$package: $1 is '$2', which is not one of its variants: $variants" >&2
}
