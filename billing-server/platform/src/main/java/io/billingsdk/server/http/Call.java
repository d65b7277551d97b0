package io.billingsdk.server.http;

import io.billingsdk.server.access.Principal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came: its head from the beginning, and its body once that has come whole. Its
 * stages are on one thread after the other.
 */
final class Call {
  private static final byte[] NO_BYTES = {};

  private final Request sent;
  private final Map<String, String> pathParameters;
  private volatile byte[] body = NO_BYTES;
  private volatile @Nullable Principal principal;
  private volatile String token = "";
  private volatile long admittedNanos;

  /** Nothing of its body is read yet. */
  Call(Request sent, Map<String, String> pathParameters) {
    this.sent = sent;
    this.pathParameters = Map.copyOf(pathParameters);
  }

  String method() {
    return sent.getMethod();
  }

  /** Whether it asks for the head of an answer alone. */
  boolean isHead() {
    return method().equals("HEAD");
  }

  /** Whether it is of a kind that has no body, and changes nothing. */
  boolean onlyReads() {
    return method().equals("GET") || isHead();
  }

  /** As it was sent, percent-encoded. */
  String path() {
    return path(sent);
  }

  static String path(Request sent) {
    String path = sent.getHttpURI().getPath();
    return path == null ? "" : path;
  }

  /** The query as it was sent; null without one. */
  @Nullable String query() {
    return sent.getHttpURI().getQuery();
  }

  /** What stands in the path in the place of a name. */
  Map<String, String> pathParameters() {
    return pathParameters;
  }

  /** The parameters of the query, decoded. */
  Map<String, List<String>> parameters() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    String query = query();
    for (String each : (query == null ? "" : query).split("&", -1)) {
      if (!each.isEmpty()) {
        String[] parts = each.split("=", 2);
        all.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
            .add(parts.length == 1 ? "" : decoded(parts[1]));
      }
    }
    return all;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** All of a name, as they were sent. */
  List<String> headers(String name) {
    return sent.getHeaders().getFields(name).stream().map(Call::value).toList();
  }

  /** All headers, by their names as they were sent. */
  Map<String, List<String>> headers() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String name : sent.getHeaders().getFieldNamesCollection()) {
      all.put(name, headers(name));
    }
    return all;
  }

  private static String value(HttpField field) {
    return field.getValue() == null ? "" : field.getValue();
  }

  /** The address that its connection comes from. */
  String address() {
    return Request.getRemoteAddr(sent);
  }

  /** Its body as it was sent; empty until it has come. */
  byte[] body() {
    return body;
  }

  void bodyHasCome(byte[] bytes) {
    body = bytes;
  }

  /** Who sent it; null of a route that is public. */
  @Nullable Principal caller() {
    return principal;
  }

  /** The token that it was sent with; empty of a route that is public. */
  String token() {
    return token;
  }

  /** When its token was found to be good. */
  long admittedNanos() {
    return admittedNanos;
  }

  /** Its token is good for a caller. */
  void admitted(Principal known, String presented, long nanos) {
    principal = known;
    token = presented;
    admittedNanos = nanos;
  }
}
