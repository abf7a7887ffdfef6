// Nothing: the library of the precompiled header needs a source.
