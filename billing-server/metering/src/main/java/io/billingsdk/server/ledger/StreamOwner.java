package io.billingsdk.server.ledger;

import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.db.ResultRow;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose a stream is: of the instance that opened it, and of whoever knows the secret of its
 * journal. Who only knows its id can neither add to it nor say anything of it. Immutable.
 */
public final class StreamOwner {
  /** The columns of {@code stream} that {@link #of} reads. */
  public static final String COLUMNS = "instance, origin, begun_by_v1, secret_sha256";

  private final @Nullable String instance;
  private final StreamOrigin origin;
  private final boolean begunByV1;
  private final byte @Nullable [] secret;

  private StreamOwner(
      @Nullable String instance, StreamOrigin origin, boolean begunByV1, byte @Nullable [] secret) {
    this.instance = instance;
    this.origin = origin;
    this.begunByV1 = begunByV1;
    this.secret = secret;
  }

  /** Null when none is known yet: of v1, or of before. */
  public @Nullable String instance() {
    return instance;
  }

  /** Who numbers it. */
  public StreamOrigin origin() {
    return origin;
  }

  /** Whether reports of protocol v1 belong to it, which name no instance. */
  public boolean begunByV1() {
    return begunByV1;
  }

  /** The SHA-256 of its secret; null when none was said yet. */
  public byte @Nullable [] secret() {
    return secret == null ? null : secret.clone();
  }

  /** That of a row that the collector reads by the driver. */
  public static StreamOwner of(ResultSet row) {
    return of(ResultRow.of(row));
  }

  /** That of a row. */
  static StreamOwner of(ResultRow row) {
    String instance = row.textOrNull("instance");
    return new StreamOwner(
        instance,
        StreamOrigin.of(row.textOrNull("origin"), instance != null),
        row.flag("begun_by_v1"),
        row.bytesOrNull("secret_sha256"));
  }

  /**
   * Whether a message is of its owner.
   *
   * @param sender null for protocol v1
   * @param said the secret that it carries; null for none
   */
  public boolean is(@Nullable String sender, @Nullable StreamSecret said) {
    if (origin.isNumberedHere()) {
      return false;
    }
    if (sender == null) {
      return begunByV1 || instance == null;
    }
    return instance == null
        || instance.equals(sender)
        || (said != null && secret != null && said.isOf(secret));
  }

  /** The same once its owner has said this: what was known before stays. */
  public StreamOwner with(@Nullable String sender, @Nullable StreamSecret said) {
    boolean learns = secret == null && said != null;
    if (sender == null || (instance != null && !learns)) {
      return this;
    }
    return new StreamOwner(
        instance == null ? sender : instance,
        origin,
        begunByV1,
        learns && said != null ? said.sha256() : secret);
  }
}
