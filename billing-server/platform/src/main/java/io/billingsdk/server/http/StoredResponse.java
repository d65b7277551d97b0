package io.billingsdk.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.KeyRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer as it is kept for the repetition of its request. */
final class StoredResponse {
  /** By which a caller says that a request is the same as one before. */
  static final String HEADER = Request.IDEMPOTENCY_KEY;

  private static final String REPLAYED = "Idempotent-Replayed";
  private static final String LOCATION = "Location";

  private StoredResponse() {}

  /** The header of a request; empty without one. */
  static Optional<String> key(Call call) {
    List<String> given = call.headers(HEADER);
    if (given.size() > 1) {
      throw Request.invalid(HEADER, "given once");
    }
    String key = given.isEmpty() ? null : given.get(0);
    if (key != null && !Bounds.isWellFormedIdempotencyKey(key)) {
      throw Request.invalid(HEADER, "1 to 256 printable ASCII characters without space");
    }
    return Optional.ofNullable(key).map(StoredResponse::known);
  }

  /** What a key is known by: itself, unless it holds an API key, which nobody keeps. */
  static String known(String key) {
    return KeyMask.isIn(key) ? "sha256:" + KeyRef.sha256(key) : key;
  }

  /** What must be the same of the same request. */
  static byte[] hash(Call call, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String line = call.method() + " " + call.path() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
      return digest.digest(body);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  private record Kept(int status, @Nullable String location, String body) {}

  static byte[] write(ApiResponse apiResponse) {
    if (!(apiResponse instanceof ApiResponse.Whole whole)) {
      throw new IllegalStateException("a request with a streamed answer changes nothing");
    }
    return Json.bytes(
        new Kept(
            whole.status(),
            whole.headers().get(LOCATION),
            new String(whole.body(), StandardCharsets.UTF_8)));
  }

  static ApiResponse read(byte[] kept) {
    try {
      JsonNode read = Json.tree(kept);
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(REPLAYED, "true");
      if (read.has("location")) {
        headers.put(LOCATION, read.path("location").asText());
      }
      byte[] body = read.path("body").asText().getBytes(StandardCharsets.UTF_8);
      return new ApiResponse.Whole(read.path("status").asInt(), ApiResponse.JSON, body, headers);
    } catch (IOException malformed) {
      throw new IllegalStateException(
          Objects.requireNonNullElse(malformed.getMessage(), "an answer is malformed"));
    }
  }
}
