"""A service on the wire of the Python SDK: MQTT without a client id, reports at QoS 0.

Reads one JSON object from stdin: client (paho or raw), host, port, ca, user, password, prefix,
api_key, app_id, model, reports. Says what happens in lines on stdout, and ends when its key is
blocked. "raw" speaks MQTT 3.1.1 over a socket, for machines without paho-mqtt.
"""

import json
import socket
import ssl
import struct
import sys
import threading
import time

HEARTBEAT_SECONDS = 10
PATIENCE_SECONDS = 60


def say(text):
    print(text, flush=True)


def now_ms():
    return int(time.time() * 1000)


class Refused(Exception):
    pass


class PahoClient:
    """paho-mqtt as it is: no client id is given, so it sends an empty one."""

    def __init__(self, settings, topics, received):
        import paho.mqtt.client as mqtt

        self.connected = threading.Event()
        self.code = None
        try:
            self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION1)
        except AttributeError:
            self.client = mqtt.Client()
        self.client.username_pw_set(settings["user"], settings["password"])
        self.client.tls_set(ca_certs=settings["ca"])
        self.client.on_message = lambda client, data, message: received(
            message.topic, message.payload
        )

        def on_connect(client, data, flags, code):
            self.code = code
            if code == 0:
                for topic in topics:
                    client.subscribe(topic)
            self.connected.set()

        self.client.on_connect = on_connect
        self.client.connect(settings["host"], settings["port"], keepalive=60)
        self.client.loop_start()
        if not self.connected.wait(PATIENCE_SECONDS) or self.code != 0:
            self.client.loop_stop()
            raise Refused(self.code)

    def publish(self, topic, payload):
        self.client.publish(topic, payload, qos=0)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def text(value):
    encoded = value.encode("utf-8")
    return struct.pack(">H", len(encoded)) + encoded


def packet(first, body):
    length, rest = b"", len(body)
    while True:
        rest, digit = rest // 128, rest % 128
        length += bytes([digit | (0x80 if rest else 0)])
        if not rest:
            return bytes([first]) + length + body


class RawClient:
    """MQTT 3.1.1, as far as such a service needs it."""

    def __init__(self, settings, topics, received):
        context = ssl.create_default_context(cafile=settings["ca"])
        plain = socket.create_connection((settings["host"], settings["port"]), PATIENCE_SECONDS)
        self.socket = context.wrap_socket(plain, server_hostname=settings["host"])
        self.lock = threading.Lock()
        flags = 0x80 | 0x40 | 0x02  # user name, password, clean session
        self.send(
            packet(
                0x10,
                text("MQTT")
                + bytes([4, flags])
                + struct.pack(">H", 60)
                + text("")
                + text(settings["user"])
                + text(settings["password"]),
            )
        )
        first, body = self.read()
        if first != 0x20 or body[1] != 0:
            raise Refused(body[1] if len(body) > 1 else None)
        self.socket.settimeout(None)
        for number, topic in enumerate(topics, 1):
            self.send(packet(0x82, struct.pack(">H", number) + text(topic) + b"\x00"))
        threading.Thread(target=self.listen, args=(received,), daemon=True).start()

    def send(self, data):
        with self.lock:
            self.socket.sendall(data)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise EOFError("the broker ended the connection")
            data += more
        return data

    def read(self):
        first = self.exactly(1)[0]
        length, shift = 0, 0
        while True:
            digit = self.exactly(1)[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if not digit & 0x80:
                return first, self.exactly(length)

    def listen(self, received):
        try:
            while True:
                first, body = self.read()
                if first & 0xF0 == 0x30:
                    end = 2 + struct.unpack(">H", body[:2])[0]
                    start = end + 2 if first & 0x06 else end
                    received(body[2:end].decode("utf-8"), body[start:])
                elif first == 0x90 and 0x80 in body[2:]:
                    say("subscription refused")
        except (OSError, EOFError, ValueError):
            say("disconnected")

    def publish(self, topic, payload):
        self.send(packet(0x30, text(topic) + payload.encode("utf-8")))

    def close(self):
        self.send(packet(0xE0, b""))
        self.socket.close()


class Service:
    def __init__(self, settings):
        self.settings = settings
        self.prefix = settings["prefix"]
        self.known = threading.Event()
        self.blocked = threading.Event()

    def received(self, topic, payload):
        if topic != self.prefix + "/keys/update":
            return
        for update in json.loads(payload)["updates"]:
            if update["api_key"] == self.settings["api_key"]:
                (self.known if update["status"] == "ok" else self.blocked).set()

    def connect(self):
        kind = PahoClient if self.settings["client"] == "paho" else RawClient
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return kind(self.settings, [self.prefix + "/keys/update"], self.received)
            except Refused as refused:
                # An instance that was just made is let in within a second.
                say("refused %s" % refused)
                if time.monotonic() > deadline:
                    sys.exit(3)
                time.sleep(0.3)

    def run(self):
        client = self.connect()
        say("connected")
        client.publish(self.prefix + "/keys/request", json.dumps({"timestamp": now_ms()}))
        self.await_event(self.known, "no update with the key")
        say("key known")
        for number in range(self.settings["reports"]):
            client.publish(self.prefix + "/report", json.dumps(self.report(number)))
        say("reported %d" % self.settings["reports"])
        while not self.blocked.wait(HEARTBEAT_SECONDS):
            beat = {"type": "heartbeat", "timestamp": now_ms()}
            client.publish(self.prefix + "/heartbeat", json.dumps(beat))
        say("key blocked")
        client.close()

    def report(self, number):
        return {
            "app_id": self.settings["app_id"],
            "api_key": self.settings["api_key"],
            "module": "llm",
            "model": self.settings["model"],
            "usage": 2,
            "timestamp": now_ms(),
            "metadata": {"number": number},
        }

    @staticmethod
    def await_event(event, otherwise):
        if not event.wait(PATIENCE_SECONDS):
            say(otherwise)
            sys.exit(3)


def version():
    """Which clients there are."""
    try:
        import paho.mqtt

        return "paho-" + paho.mqtt.__version__
    except ImportError:
        return "absent"


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        say(version())
    else:
        Service(json.loads(sys.stdin.readline())).run()
