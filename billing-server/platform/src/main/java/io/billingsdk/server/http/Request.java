package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Principal;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem.ProblemException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request whose caller may send it, and its parts, each checked when it is asked for. For the
 * thread of its handler.
 */
public final class Request {
  /** The header by which a caller says that a request is the same as one before. */
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /** A body is at most so long. */
  static final int BODY_BYTES = Bounds.BATCH_BYTES;

  private static final int PARAMETER_CHARS = 1_024;
  private static final int LIMIT = 100;
  private static final int MOST = 1_000;
  private static final int NAME_SHOWN = 64;

  private final Call call;
  private final @Nullable Principal principal;
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
      Call call,
      @Nullable Principal principal,
      Database database,
      byte[] bytes,
      List<Runnable> afterCommit) {
    this.call = call;
    this.principal = principal;
    this.database = database;
    this.bytes = bytes;
    this.afterCommit = afterCommit;
  }

  /** Who sent it; a route that is not public has one. */
  public Principal caller() {
    if (principal == null) {
      throw new IllegalStateException("a public route has no caller");
    }
    return principal;
  }

  /** Its caller as the one who changes something. */
  public Actor actor() {
    return caller().actor();
  }

  /** Of a request that changes something: within its transaction. */
  public Database database() {
    return database;
  }

  /** To be done once its transaction is committed, and never when it is not. */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  /** A parameter of the path: a text of 1 to 256 characters. */
  public String path(String name) {
    String value = call.pathParameters().getOrDefault(name, "");
    if (value.isBlank() || value.length() > Bounds.NAME_CHARS || !Bounds.isWellFormedText(value)) {
      throw invalid(name, "a text of 1 to " + Bounds.NAME_CHARS + " characters");
    }
    return value;
  }

  /** The same of a handler that serves paths without it too; empty for those. */
  public Optional<String> pathOrNone(String name) {
    return call.pathParameters().containsKey(name) ? Optional.of(path(name)) : Optional.empty();
  }

  /** A parameter of the path that is a whole number; {@code expected} names it in the refusal. */
  public long number(String name, String expected) {
    String text = path(name);
    if (!text.matches("[0-9]{1,18}")) {
      throw invalid(name, expected);
    }
    return Long.parseLong(text);
  }

  /** A parameter of the query; empty when it is not given. */
  public Optional<String> parameter(String name) {
    List<String> given = call.parameters().getOrDefault(name, List.of());
    String value = given.isEmpty() ? null : given.get(0);
    if (value != null && (value.length() > PARAMETER_CHARS || !Bounds.isWellFormedText(value))) {
      throw invalid(name, "a text of at most " + PARAMETER_CHARS + " characters");
    }
    return Optional.ofNullable(value);
  }

  /** A parameter that is {@code true} or {@code false}; empty when it is not given. */
  public Optional<Boolean> flag(String name) {
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
  public Optional<Instant> time(String name) {
    return parameter(name).map(text -> time(name, text));
  }

  /** A text that must be a time from 1970 to 9999 in UTC. */
  public static Instant time(String name, String text) {
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

  /** A text that must be a UUID. */
  public static UUID uuid(String name, String text) {
    // UUID.fromString takes shorter ones too, which the caller did not mean.
    if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw invalid(name, "a UUID");
    }
    return UUID.fromString(text);
  }

  /**
   * The app that the answer is confined to: that of the token, or that of the parameter {@code
   * appId}; empty for all.
   */
  public Optional<String> app() {
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
  public int limit() {
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
  public Optional<List<String>> cursor(String list, int parts) {
    return parameter("cursor")
        .map(
            text ->
                Cursor.read(list, parts, text)
                    .orElseThrow(() -> invalid("cursor", "the next of an earlier answer")));
  }

  /** The same of a list in the order of a number, which is from 1; empty for its beginning. */
  public Optional<Long> numberCursor(String list) {
    return cursor(list, 1)
        .map(
            place -> {
              if (!place.get(0).matches("[0-9]{1,18}")) {
                throw invalid("cursor", "the next of an earlier answer");
              }
              return Long.parseLong(place.get(0));
            });
  }

  /** All headers, by their names as they were sent. */
  public Map<String, List<String>> headers() {
    return call.headers();
  }

  /** The body, which is a JSON object. */
  public JsonBody body() {
    if (!mediaType().equals(ApiResponse.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    return JsonBody.of(bytes);
  }

  /** The body, which is JSON of any form, with numbers exactly as they are written. */
  public JsonNode tree() {
    if (!mediaType().equals(ApiResponse.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    return JsonBody.tree(bytes, Json::exactTree);
  }

  /** The body of a request to take usage in, which is a JSON object. */
  public JsonBody wholeBody() {
    if (!mediaType().equals(ApiResponse.JSON)) {
      throw new ProblemException(Problem.ofStatus(415));
    }
    return JsonBody.of(whole());
  }

  /** The media type of the body, in lower case and without parameters; empty without one. */
  public String mediaType() {
    List<String> types = call.headers("Content-Type");
    String type = types.isEmpty() ? "" : types.get(0);
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** The header by which a repetition is known; empty without one. */
  public Optional<String> idempotencyKey() {
    return StoredResponse.key(call);
  }

  /** Whether the body of a request that lasts comes compressed. */
  public boolean isCompressed() {
    return RequestBody.isCompressed(call);
  }

  /** The whole body of a request to take usage in. */
  public byte[] whole() {
    return RequestBody.bytes(call);
  }

  /** What must be the same of the same request. */
  byte[] hash() {
    return StoredResponse.hash(call, bytes);
  }

  /** The body as it is; empty of a request that changes nothing. */
  public byte[] bytes() {
    return bytes;
  }

  /** What an idempotency key is known by: itself, or its hash when it holds an API key. */
  public static String knownKey(String key) {
    return StoredResponse.known(key);
  }

  /** A name that a sender chose, to be repeated to them: without a key, and not at length. */
  public static String shown(String name) {
    String masked = KeyMask.masked(name);
    return masked.substring(0, Math.min(NAME_SHOWN, masked.length()));
  }

  /** Text without its percent-encoding; empty when that is malformed. */
  public static Optional<String> percentDecoded(String text) {
    return PercentText.decoded(text);
  }

  /** A part of the request must be something else. */
  public static ProblemException invalid(String field, String expected) {
    return new ProblemException(Problem.invalid(field, expected));
  }
}
