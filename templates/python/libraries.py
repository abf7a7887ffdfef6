# Which of the libraries in PREFIX/python/lib this interpreter takes from elsewhere, once all of its
# extension modules are loaded.
import importlib, os, sys
lib = os.path.join(sys.base_prefix, 'lib')
own = {name for name in os.listdir(lib) if '.so' in name}
for path in sys.path:
    if path.endswith('lib-dynload'):
        for name in sorted(os.listdir(path)):
            try:
                importlib.import_module(name.partition('.')[0])
            except Exception:
                pass
with open('/proc/self/maps') as maps:
    files = {line.split(None, 5)[5].strip() for line in maps if '/' in line}
print(*sorted(f for f in files if os.path.basename(f) in own
              and os.path.dirname(f) != os.path.realpath(lib)), sep='\n', end='')
