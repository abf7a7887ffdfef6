# Where this interpreter thinks it is: a line for each.
import sys, os, sysconfig, encodings
print(sys.prefix, sys.base_prefix, os.path.dirname(os.__file__),
      os.path.dirname(os.path.dirname(encodings.__file__)),
      sysconfig.get_path('purelib'), '.'.join(map(str, sys.version_info[:3])), sep='\n')
