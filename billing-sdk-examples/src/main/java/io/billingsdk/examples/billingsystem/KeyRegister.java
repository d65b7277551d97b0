package io.billingsdk.examples.billingsystem;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that were issued, and which of them are blocked. Thread-safe. */
final class KeyRegister {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 20;
  private static final int ID_BYTES = 8;

  /**
   * The state of a key.
   *
   * @param blockedFor the operator's reason; null when the key is not blocked
   */
  record State(IssuedKey key, @Nullable String blockedFor) {}

  private final Map<String, State> byKey = new LinkedHashMap<>();

  synchronized IssuedKey issue(String appId) {
    byte[] secret = new byte[KEY_BYTES];
    RANDOM.nextBytes(secret);
    String apiKey = "demo_" + HexFormat.of().formatHex(secret);
    IssuedKey issued = new IssuedKey(appId, keyId(apiKey), apiKey);
    byKey.put(apiKey, new State(issued, null));
    return issued;
  }

  /** Blocks a key that was issued. */
  synchronized State block(IssuedKey key, String reason) {
    if (!byKey.containsKey(key.apiKey())) {
      throw new IllegalArgumentException("key was not issued here: " + key);
    }
    State blocked = new State(key, reason);
    byKey.put(key.apiKey(), blocked);
    return blocked;
  }

  synchronized List<State> all() {
    return List.copyOf(byKey.values());
  }

  /** The owner of a key; null when it was not issued here. */
  synchronized @Nullable IssuedKey find(String apiKey) {
    State state = byKey.get(apiKey);
    return state == null ? null : state.key();
  }

  /** {@code k_} and the first 64 bits of the key's SHA-256: both ends of v1 name keys so. */
  static String keyId(String apiKey) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(apiKey.getBytes(StandardCharsets.UTF_8));
      return "k_" + HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
