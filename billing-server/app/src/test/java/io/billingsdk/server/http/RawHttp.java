package io.billingsdk.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A connection on which a test writes what no client of HTTP would. */
final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  /** A request has its first line within so many bytes. */
  private static final int HEAD_BYTES = 4_096;

  private final HttpTestbed http;
  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();

  RawHttp(HttpTestbed http) {
    this.http = http;
    try {
      this.socket = http.tls().getSocketFactory().createSocket("localhost", http.port());
      socket.setSoTimeout(TIMEOUT_MILLIS);
      // A small last piece would wait 40 ms for the acknowledgement of the piece before.
      socket.setTcpNoDelay(true);
      this.out = socket.getOutputStream();
      this.in = socket.getInputStream();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** An answer: its status, and all of it. */
  record RawResponse(int status, String text) {}

  /**
   * Sends a request on a connection of its own.
   *
   * @param headers lines, without the usual ones
   */
  static RawResponse post(
      HttpTestbed http, String path, String token, String headers, Charset charset, byte[] body) {
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Length: "
            + body.length
            + "\r\n"
            + headers
            + "\r\n";
    try (RawHttp raw = new RawHttp(http)) {
      // In one piece: a server that refuses the head may have closed before a second one comes.
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(head.getBytes(charset));
      whole.writeBytes(body);
      raw.write(whole.toByteArray());
      return raw.answer();
    }
  }

  void write(byte[] bytes) {
    if (sent.size() < HEAD_BYTES) {
      sent.writeBytes(bytes);
    }
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A piece of a body whose length nobody has said. */
  void chunk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    write(bytes);
    write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads until a text has come, or the end. */
  String until(String text) {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    byte[] last = new byte[wanted.length];
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try {
      for (int each = in.read(); each >= 0; each = in.read()) {
        read.write(each);
        all.write(each);
        System.arraycopy(last, 1, last, 0, last.length - 1);
        last[last.length - 1] = (byte) each;
        if (Arrays.equals(last, wanted)) {
          break;
        }
      }
    } catch (IOException reset) {
      return read.toString(StandardCharsets.UTF_8);
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /** Reads to the end of an answer whose length nobody has said. */
  String untilItsEnd() {
    String read = until("\r\n0\r\n\r\n");
    check();
    return read;
  }

  /** Holds the first answer against the document, if it has come whole. */
  private void check() {
    String requested = sent.toString(StandardCharsets.ISO_8859_1).split("\r\n", 2)[0];
    RawAnswer.of(requested, all.toString(StandardCharsets.ISO_8859_1))
        .ifPresent(http.contract()::check);
  }

  /** Reads to the end; all that has come on this connection. */
  RawResponse answer() {
    var unused = until("\0 never");
    check();
    String text = all.toString(StandardCharsets.UTF_8);
    return new RawResponse(text.length() < 12 ? 0 : Integer.parseInt(text.substring(9, 12)), text);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
