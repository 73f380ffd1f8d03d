"""A web server that runs one CGI program, for the receiver that is one. The standard
library's changes the user and does not know the header Status."""
import os, subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        env = dict(os.environ, REQUEST_METHOD="POST", CONTENT_LENGTH=str(len(body)))
        head, _, text = subprocess.run([sys.argv[1]], input=body, env=env, stdout=subprocess.PIPE, check=True).stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(fields.pop("Status").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
