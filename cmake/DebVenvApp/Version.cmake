# The version of the module and of the program: they belong together.
set(DEB_VENV_VERSION 0.1.0)
