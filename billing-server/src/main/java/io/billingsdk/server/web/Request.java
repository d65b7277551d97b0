package io.billingsdk.server.web;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Caller;
import io.billingsdk.server.database.Database;
import io.billingsdk.wire.Bounds;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.ZipException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** A request whose caller may send it, and its parts, each checked when it is asked for. */
final class Request {
  /** A body is at most so long. */
  static final int BODY_BYTES = Bounds.BATCH_BYTES;

  private static final int PARAMETER_CHARS = 1_024;
  private static final int LIMIT = 100;
  private static final int MOST = 1_000;

  private final Context context;
  private final @Nullable Caller caller;
  private final Database database;
  private final byte[] bytes;
  private final List<Runnable> afterCommit;

  /**
   * A request.
   *
   * @param bytes its body; empty of one that changes nothing
   * @param afterCommit takes what is to be done once its transaction is committed
   */
  Request(
      Context context,
      @Nullable Caller caller,
      Database database,
      byte[] bytes,
      List<Runnable> afterCommit) {
    this.context = context;
    this.caller = caller;
    this.database = database;
    this.bytes = bytes;
    this.afterCommit = afterCommit;
  }

  /** Who sent it; a route that is not public has one. */
  Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("a public route has no caller");
    }
    return caller;
  }

  /** Its caller as the one who changes something. */
  Actor actor() {
    return caller().actor();
  }

  /** Of a request that changes something: within its transaction. */
  Database database() {
    return database;
  }

  /** To be done once its transaction is committed, and never when it is not. */
  void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  /** A parameter of the path: a text of 1 to 256 characters. */
  String path(String name) {
    String value = context.pathParam(name);
    if (value.isBlank() || value.length() > Bounds.NAME_CHARS || !Bounds.isWellFormedText(value)) {
      throw invalid(name, "a text of 1 to " + Bounds.NAME_CHARS + " characters");
    }
    return value;
  }

  /** A parameter of the query; empty when it is not given. */
  Optional<String> parameter(String name) {
    String value = context.queryParam(name);
    if (value != null && (value.length() > PARAMETER_CHARS || !Bounds.isWellFormedText(value))) {
      throw invalid(name, "a text of at most " + PARAMETER_CHARS + " characters");
    }
    return Optional.ofNullable(value);
  }

  /** A parameter that is {@code true} or {@code false}; empty when it is not given. */
  Optional<Boolean> flag(String name) {
    return parameter(name)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw invalid(name, "true or false");
                });
  }

  /** A parameter that is a time, as {@code 2027-01-31T00:00:00Z}. */
  Optional<Instant> time(String name) {
    return parameter(name).map(text -> time(name, text));
  }

  static Instant time(String name, String text) {
    try {
      Instant time = Instant.parse(text);
      // Beyond these the database has no time, or writes it in another way.
      if (time.isAfter(Instant.EPOCH) && time.isBefore(Instant.parse("9999-12-31T23:59:59Z"))) {
        return time;
      }
    } catch (DateTimeParseException malformed) {
      throw invalid(name, "a time in UTC, as 2027-01-31T00:00:00Z");
    }
    throw invalid(name, "a time from 1970 to 9999");
  }

  static UUID uuid(String name, String text) {
    // UUID.fromString takes shorter ones too, which the caller did not mean.
    if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw invalid(name, "a UUID");
    }
    return UUID.fromString(text);
  }

  /**
   * The app that the answer is confined to: that of the token, else that of the parameter {@code
   * appId}; empty for all.
   */
  Optional<String> app() {
    Optional<String> asked = parameter("appId");
    String own = caller().appId();
    if (own == null) {
      return asked;
    }
    if (asked.isPresent() && !asked.get().equals(own)) {
      // As if it were not there: whether it is, is nothing for this caller to know.
      throw new ProblemException(Problem.notFound("appId", "there is no app " + asked.get()));
    }
    return Optional.of(own);
  }

  /** How many items a page has at most. */
  int limit() {
    return parameter("limit").map(Request::limit).orElse(LIMIT);
  }

  private static int limit(String text) {
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MOST) {
        return limit;
      }
    }
    throw invalid("limit", "a whole number from 1 to " + MOST);
  }

  /** Where a list goes on; empty for its beginning. */
  Optional<List<String>> cursor(String list, int parts) {
    return parameter("cursor")
        .map(
            text ->
                Cursor.read(list, parts, text)
                    .orElseThrow(() -> invalid("cursor", "what another page gave as next")));
  }

  /** The same of a list in the order of a number, which is from 1; empty for its beginning. */
  Optional<Long> numberCursor(String list) {
    return cursor(list, 1)
        .map(
            place -> {
              if (!place.get(0).matches("[0-9]{1,18}")) {
                throw invalid("cursor", "what another page gave as next");
              }
              return Long.parseLong(place.get(0));
            });
  }

  /** A header; empty when it is not given. */
  Optional<String> header(String name) {
    return Optional.ofNullable(context.header(name));
  }

  /** All headers, by their names as they were sent. */
  Map<String, List<String>> headers() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : Collections.list(context.req().getHeaderNames())) {
      headers.put(name, Collections.list(context.req().getHeaders(name)));
    }
    return headers;
  }

  /**
   * Ends its connection when it is run, whatever is read or written on it just then. To be asked
   * for while the request lasts; Jetty knows no connection of a request that has ended.
   */
  Runnable abort() {
    EndPoint connection =
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    return connection::close;
  }

  /** The body, which is a JSON object. */
  Fields body() {
    if (!mediaType().equals(Answer.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    return Fields.of(bytes);
  }

  /** The media type of the body, in lower case and without parameters; empty without one. */
  String mediaType() {
    String type = Optional.ofNullable(context.contentType()).orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** The header by which a repetition is known; empty without one. */
  Optional<String> idempotencyKey() {
    return KeptAnswer.key(context);
  }

  /** The body as it comes, of a request to take usage in; not bounded. */
  InputStream stream() {
    try {
      return RequestBody.open(context);
    } catch (ZipException malformed) {
      throw notCompressed();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** The whole body of a request to take usage in. */
  byte[] whole() {
    return bytes(context);
  }

  /** What must be the same of the same request. */
  byte[] hash() {
    return KeptAnswer.hash(context, bytes);
  }

  /** The body as it is; empty of a request that changes nothing. */
  byte[] bytes() {
    return bytes;
  }

  /** Reads the body of a request. */
  static byte[] bytes(Context context) {
    try (InputStream in = RequestBody.open(context)) {
      // By what comes, and not by the length that the request claims: a chunked one claims none.
      byte[] bytes = in.readNBytes(BODY_BYTES + 1);
      if (bytes.length > BODY_BYTES) {
        throw new ProblemException(Problem.ofStatus(413));
      }
      return bytes;
    } catch (ZipException malformed) {
      throw notCompressed();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static ProblemException notCompressed() {
    return new ProblemException(
        Problem.malformedBody("it is not compressed with gzip, as Content-Encoding says"));
  }

  /**
   * Reads what is left of a body that nobody wanted. Jetty would else close the connection under
   * the next request of the caller, who is then told of a broken connection and not of the problem.
   */
  static void drain(Context context) {
    try {
      long unused = context.req().getInputStream().skip(BODY_BYTES);
    } catch (IOException | IllegalStateException gone) {
      // There is nobody to read it to the end for.
      return;
    }
  }

  static ProblemException invalid(String field, String expected) {
    return new ProblemException(Problem.invalid(field, expected));
  }
}
