# From the maintainer's own @KEYWORD@ file; in a subshell, so that its `exit` ends only itself.
(
@FRAGMENT@
)
