# Asks a URL, past any proxy; fails where it answers with an error, or not within 3 seconds.
import sys, urllib.request as u
u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=3).close()
