package io.billingsdk.server.ingest;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * Identities of events that the server makes of their request. Each has a space in it, which no
 * idempotency key of a client has, and begins with the word for what it is made of: so that no two
 * of different making are one.
 */
final class RequestIdentity {
  private RequestIdentity() {}

  /** Of an event of a batch, by the header of the batch; null without one. */
  static @Nullable String ofBatch(@Nullable String header, int index) {
    return header == null ? null : "batch " + index + " " + header;
  }

  /** Of an event of a stream of lines, by the header of the stream; null without one. */
  static @Nullable String ofLine(@Nullable String header, long line) {
    return header == null ? null : "line " + line + " " + header;
  }

  /**
   * Of a CloudEvent: two are one only when they agree in both. A text that is long, or not
   * printable ASCII, or holds a key, goes by its hash, with the length of one part before both.
   */
  static String ofCloudEvent(String source, String id) {
    String both = source + "|" + id;
    return !Bounds.isWellFormedIdempotencyKey(both) || KeyMask.isIn(source) || KeyMask.isIn(id)
        ? "cloudevent-sha256 " + KeyRef.sha256(source.length() + ":" + source + id)
        : "cloudevent " + source + " " + id;
  }

  /**
   * The part of a request that an identity is of.
   *
   * @param identity null: that of the event itself, if it has one
   */
  static String field(@Nullable String identity, boolean hasHeader) {
    if (identity == null) {
      return hasHeader ? Request.IDEMPOTENCY_KEY : "idempotencyKey";
    }
    return identity.startsWith("cloudevent") ? "id" : Request.IDEMPOTENCY_KEY;
  }
}
