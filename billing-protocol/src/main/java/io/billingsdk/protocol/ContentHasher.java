package io.billingsdk.protocol;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link ContentHash} of one event after the other, with one digest and one buffer. For
 * one thread.
 */
final class ContentHasher {
  private static final int USUAL_BYTES = 512;

  private final MessageDigest digest = sha256();
  private ByteBuffer bytes = ByteBuffer.allocate(USUAL_BYTES);

  // Of the event before: mostly those of the next, whose bytes then begin like its.
  private @Nullable KeyRef lastKey;
  private String lastModule = "";
  private String lastModel = "";
  private int headBytes;

  /** The hash of an event with these fields. */
  ContentHash of(
      KeyRef key,
      String module,
      String model,
      BigDecimal usage,
      long timestampMillis,
      @Nullable String metadata,
      @Nullable String idempotencyKey,
      Map<String, BigDecimal> quantities,
      UsedBy usedBy) {
    head(key, module, model);
    add(usage.stripTrailingZeros().toPlainString());
    add(Long.toString(timestampMillis));
    add(metadata);
    add(idempotencyKey);
    if (!quantities.isEmpty() || !usedBy.isUnknown()) {
      // Only then: an event without them has the hash that ledgers hold of it.
      add(quantities);
      add(usedBy.subject());
      add(usedBy.session());
      add(usedBy.execution());
    }
    digest.update(bytes.array(), 0, bytes.position());
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new ContentHash(hash.getLong(), hash.getLong());
  }

  private void head(KeyRef key, String module, String model) {
    if (key.equals(lastKey) && module.equals(lastModule) && model.equals(lastModel)) {
      bytes.position(headBytes);
      return;
    }
    bytes.clear();
    add(nameOf(key instanceof KeyRef.RawKey raw ? raw.hashed() : key));
    add(module);
    add(model);
    headBytes = bytes.position();
    lastKey = key;
    lastModule = module;
    lastModel = model;
  }

  /** Belongs to what is hashed, for as long as there are ledgers: not left to a toString(). */
  private static String nameOf(KeyRef key) {
    return key instanceof KeyRef.KeyId named
        ? "KeyId[id=" + named.id() + "]"
        : "KeySha256[hex=" + ((KeyRef.KeySha256) key).hex() + "]";
  }

  /** By their names: in another order they say the same. */
  private void add(Map<String, BigDecimal> quantities) {
    room(Integer.BYTES).putInt(quantities.size());
    String[] names = quantities.keySet().toArray(String[]::new);
    Arrays.sort(names);
    for (String name : names) {
      add(name);
      add(requireNonNull(quantities.get(name)).stripTrailingZeros().toPlainString());
    }
  }

  /** With its length in front: "ab" and "c" are not "a" and "bc". */
  private void add(@Nullable String field) {
    if (field == null) {
      room(Integer.BYTES).putInt(-1);
      return;
    }
    byte[] text = field.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + text.length).putInt(text.length).put(text);
  }

  private ByteBuffer room(int needed) {
    if (bytes.remaining() < needed) {
      ByteBuffer larger = ByteBuffer.allocate(2 * bytes.capacity() + needed);
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
