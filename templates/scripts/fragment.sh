# maintainer_script: the maintainer's own @KEYWORD@ file; in a subshell, so that its `exit` ends only
# itself.
maintainer_script() (
@FRAGMENT@
)
