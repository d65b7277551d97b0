package io.billingsdk.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.http.Contract.Answered;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The first answer on a connection, from its bytes: each byte is a character of Latin-1. */
final class RawAnswer {
  private static final String BLANK = "\r\n\r\n";

  private RawAnswer() {}

  /**
   * Reads it; empty when it has not come whole.
   *
   * @param requested the first line of the request
   */
  static Optional<Answered> of(String requested, String received) {
    int head = received.indexOf(BLANK);
    if (head < 0) {
      return Optional.empty();
    }
    if (received.startsWith("HTTP/1.1 100")) {
      return of(requested, received.substring(head + BLANK.length()));
    }
    Map<String, String> headers = headers(received.substring(0, head));
    String[] line = requested.split(" ", 3);
    return body(headers, received.substring(head + BLANK.length()))
        .map(
            body ->
                new Answered(
                    line[0],
                    line.length < 2 ? "" : line[1],
                    Integer.parseInt(received.substring(9, 12)),
                    headers,
                    new String(body.getBytes(ISO_8859_1), UTF_8)));
  }

  private static Map<String, String> headers(String head) {
    Map<String, String> headers = new TreeMap<>();
    head.lines()
        .skip(1)
        .map(line -> line.split(":", 2))
        .forEach(pair -> headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1].strip()));
    return headers;
  }

  private static Optional<String> body(Map<String, String> headers, String rest) {
    String length = headers.get("content-length");
    if (length != null) {
      int whole = Integer.parseInt(length);
      return rest.length() < whole ? Optional.empty() : Optional.of(rest.substring(0, whole));
    }
    return headers.getOrDefault("transfer-encoding", "").equals("chunked")
        ? unchunked(rest)
        : Optional.empty();
  }

  private static Optional<String> unchunked(String chunks) {
    StringBuilder body = new StringBuilder();
    for (int at = 0; ; ) {
      int line = chunks.indexOf("\r\n", at);
      if (line < 0) {
        return Optional.empty();
      }
      int size = Integer.parseInt(chunks.substring(at, line), 16);
      if (size == 0) {
        return Optional.of(body.toString());
      }
      at = line + 2 + size + 2;
      if (at > chunks.length()) {
        return Optional.empty();
      }
      body.append(chunks, line + 2, line + 2 + size);
    }
  }
}
