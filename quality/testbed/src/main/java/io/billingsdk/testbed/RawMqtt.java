package io.billingsdk.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * An MQTT client that sends the given bytes: for acts that a library would refuse, such as a packet
 * that is repeated on one connection, and for a load that costs its sender next to nothing. One
 * thread may write while another reads.
 */
public final class RawMqtt implements AutoCloseable {
  /** Types of packets. */
  public static final int CONNACK = 2;

  public static final int PUBLISH = 3;
  public static final int PUBACK = 4;
  public static final int SUBACK = 9;
  public static final int PINGRESP = 13;
  public static final int DISCONNECT = 14;

  private static final int PATIENCE_MILLIS = 60_000;
  private static final int V5 = 5;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final int version;

  private RawMqtt(Socket socket, int version) throws IOException {
    this.socket = socket;
    this.version = version;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    this.out = socket.getOutputStream();
  }

  /**
   * The packet that came.
   *
   * @param type of the packet
   * @param body behind the fixed header
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Packet(int type, byte[] body) {
    /** Of a PUBACK. */
    public int packetId() {
      return ((body[0] & 0xff) << 8) | (body[1] & 0xff);
    }

    /** Of a CONNACK, a PUBACK or a DISCONNECT; 0 when none is in it. */
    public int reason() {
      int at =
          switch (type) {
            case CONNACK -> 1;
            case PUBACK -> 2;
            default -> 0;
          };
      return body.length > at ? body[at] & 0xff : 0;
    }
  }

  /** Who connects, and how. */
  public record Login(
      String clientId, String user, String password, int version, int keepAliveSeconds) {
    /** With MQTT 5, and a minute of keep-alive, under the user's name. */
    public static Login of(String user, String password) {
      return new Login(user, user, password, V5, 60);
    }

    /** The same with MQTT 3.1.1. */
    public Login version311() {
      return new Login(clientId, user, password, 4, keepAliveSeconds);
    }

    /** The same with another keep-alive. */
    public Login keepAlive(int seconds) {
      return new Login(clientId, user, password, version, seconds);
    }

    @Override
    public String toString() {
      return "Login[" + clientId + "]";
    }
  }

  /** Connects without TLS to this machine; returns when it is let in. */
  public static RawMqtt plain(int port, Login login) throws IOException {
    return connect(new Socket(InetAddress.getLoopbackAddress(), port), login);
  }

  /** Connects with TLS to this machine. */
  public static RawMqtt tls(int port, Path authority, Login login) throws IOException {
    return connect(
        OneAuthority.tls(authority).getSocketFactory().createSocket("localhost", port), login);
  }

  private static RawMqtt connect(Socket socket, Login login) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    RawMqtt client = new RawMqtt(socket, login.version());
    client.send(client.connectPacket(login));
    Packet answer = client.read();
    if (answer.type() != CONNACK || answer.reason() != 0) {
      client.close();
      throw new IOException("not let in: " + answer.type() + "/" + answer.reason());
    }
    return client;
  }

  private byte[] connectPacket(Login login) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, "MQTT");
    body.write(version);
    // User, password, clean start.
    body.write(0xc2);
    number(body, login.keepAliveSeconds());
    properties(body);
    text(body, login.clientId());
    text(body, login.user());
    text(body, login.password());
    return packet(1 << 4, body.toByteArray());
  }

  /** The bytes of a publish. */
  public byte[] publish(String topic, byte[] payload, int qos, int packetId, boolean duplicate) {
    return publish(topic, payload, qos, packetId, duplicate, "", "");
  }

  /** The same with a user property, if its name is not empty. */
  public byte[] publish(
      String topic,
      byte[] payload,
      int qos,
      int packetId,
      boolean duplicate,
      String name,
      String value) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(topic.length() + payload.length + 8);
    text(body, topic);
    if (qos > 0) {
      number(body, packetId);
    }
    if (name.isEmpty()) {
      properties(body);
    } else {
      ByteArrayOutputStream property = new ByteArrayOutputStream();
      property.write(0x26);
      text(property, name);
      text(property, value);
      variable(body, property.size());
      body.writeBytes(property.toByteArray());
    }
    body.writeBytes(payload);
    return packet((PUBLISH << 4) | (duplicate ? 8 : 0) | (qos << 1), body.toByteArray());
  }

  /** Publishes once, with QoS 1. */
  public void publish(String topic, byte[] payload, int packetId) throws IOException {
    send(publish(topic, payload, 1, packetId, /* duplicate= */ false));
  }

  /** Subscribes, and returns when it is. */
  public void subscribe(String filter) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    number(body, 1);
    properties(body);
    text(body, filter);
    body.write(1);
    send(packet((8 << 4) | 2, body.toByteArray()));
    await(SUBACK);
  }

  /** Acknowledges a publish of QoS 1 that came, and returns what it holds. */
  public byte[] acknowledge(Packet publish) throws IOException {
    byte[] body = publish.body();
    int at = 2 + (((body[0] & 0xff) << 8) | (body[1] & 0xff));
    send(packet(PUBACK << 4, new byte[] {body[at], body[at + 1]}));
    // Behind the packet id and the properties, which are short.
    int properties = version == V5 ? 1 + body[at + 2] : 0;
    return Arrays.copyOfRange(body, at + 2 + properties, body.length);
  }

  /** Asks for a sign of life. */
  public void ping() throws IOException {
    send(packet(12 << 4, new byte[0]));
  }

  /** Writes bytes, in one go. */
  public void send(byte[] bytes) throws IOException {
    send(bytes, bytes.length);
  }

  /** Writes the first of these bytes, in one go. */
  public void send(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    out.flush();
  }

  /**
   * Waits for the next packet.
   *
   * @throws EOFException when the connection has ended
   */
  public Packet read() throws IOException {
    int type = in.readUnsignedByte() >> 4;
    int length = 0;
    int shift = 0;
    int digit;
    do {
      digit = in.readUnsignedByte();
      length |= (digit & 0x7f) << shift;
      shift += 7;
    } while (digit > 0x7f);
    return new Packet(type, in.readNBytes(length));
  }

  /**
   * What one read of the socket brings: all of it, when the other side wrote it in one go. Only
   * when all that came before has been read.
   */
  public byte[] readBurst() throws IOException {
    byte[] buffer = new byte[1 << 16];
    int length = socket.getInputStream().read(buffer);
    return Arrays.copyOf(buffer, Math.max(0, length));
  }

  /** Waits for a packet of a type; others are passed over. */
  public Packet await(int type) throws IOException {
    Packet packet = read();
    while (packet.type() != type) {
      packet = read();
    }
    return packet;
  }

  /** Whether nothing comes for so long. */
  public boolean isSilent(int millis) throws IOException {
    socket.setSoTimeout(millis);
    in.mark(1);
    try {
      int next = in.read();
      in.reset();
      return next < 0;
    } catch (java.net.SocketTimeoutException silent) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
  }

  /**
   * Whether the other side ends the connection within a minute; earlier packets are passed over.
   */
  public boolean isEnded() {
    try {
      InputStream rest = in;
      while (rest.read() >= 0) {
        // Of no interest.
      }
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Ends the connection without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void properties(ByteArrayOutputStream body) {
    if (version == V5) {
      body.write(0);
    }
  }

  private static void text(ByteArrayOutputStream body, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    number(body, bytes.length);
    body.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream body, int number) {
    body.write(number >> 8);
    body.write(number);
  }

  private static byte[] packet(int first, byte[] body) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(body.length + 5);
    packet.write(first);
    variable(packet, body.length);
    packet.writeBytes(body);
    return packet.toByteArray();
  }

  private static void variable(ByteArrayOutputStream packet, int number) {
    int rest = number;
    do {
      packet.write(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
      rest >>= 7;
    } while (rest > 0);
  }
}
