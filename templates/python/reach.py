"""Asks each URL of stdin (JSON: [[url, proxy or null], ...]) for its head.

Prints [{"status": 200, "date": <seconds since 1970 or null>, "error": null}, ...] in that order. Any
answer of a server is one: it is there. Credentials are those of the URL and of ~/.netrc.
"""

import base64
import concurrent.futures
import email.utils
import json
import netrc
import sys
import urllib.error
import urllib.parse
import urllib.request

SECONDS = 10


def credentials(parts):
    if parts.username:
        return urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
    try:
        found = netrc.netrc().authenticators(parts.hostname)
    except (OSError, netrc.NetrcParseError):
        return None
    return (found[0], found[2]) if found else None


def ask(question):
    url, proxy = question
    answer = {"status": None, "date": None, "error": None}
    try:
        parts = urllib.parse.urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        request = urllib.request.Request(parts._replace(netloc=host).geturl(), method="HEAD",
                                         headers={"User-Agent": "deb-build-app"})
        login = credentials(parts)
        if login:
            token = base64.b64encode(":".join(login).encode()).decode()
            request.add_header("Authorization", "Basic " + token)
        handlers = [urllib.request.ProxyHandler({parts.scheme: proxy})] if proxy else []
        try:
            response = urllib.request.build_opener(*handlers).open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            response = error
        answer["status"] = getattr(response, "status", None) or 200
        date = response.headers.get("Date")
        if date:
            answer["date"] = int(email.utils.parsedate_to_datetime(date).timestamp())
    except Exception as error:  # whatever it is: this URL cannot be asked
        answer["error"] = str(getattr(error, "reason", None) or error)
    return answer


with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(json.dumps(list(pool.map(ask, json.load(sys.stdin)))))
