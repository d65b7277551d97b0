package io.billingsdk.internal.client;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.files.PrivateFile;
import io.billingsdk.protocol.StreamSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps, beside the journal, the secret that all proofs of its streams are made of. Every process
 * of the directory has the same, so that each can deliver what another left. Without a directory
 * there is nothing that another could deliver, and the secret dies with the process.
 */
final class SecretFile implements StreamSecrets {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final String NAME = "secret";
  private static final int SECRET_BYTES = 32;
  private static final int MAX_BYTES = 128;

  private final @Nullable PrivateFile file;
  private volatile byte @Nullable [] secret;

  /** Does nothing yet; {@code directory} is null for a journal in memory. */
  SecretFile(@Nullable Path directory) {
    this.file = directory == null ? null : new PrivateFile(directory.resolve(NAME));
  }

  /** Reads the secret, or makes it. Waits for the disk. */
  void open() {
    byte[] made = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(made);
    PrivateFile kept = file;
    if (kept == null) {
      secret = made;
      return;
    }
    try {
      byte[] content = kept.readOrCreate(text(made), MAX_BYTES);
      secret = parse(content);
      if (secret == null) {
        log.warn(
            "{} is damaged: streams are delivered without a proof, under this client id alone",
            kept.path());
      }
    } catch (IOException failed) {
      log.warn(
          "{} cannot be used: streams are delivered without a proof, under this client id alone:"
              + " {}",
          kept.path(),
          failed.toString());
    }
  }

  /** Writes it once more if the file was removed. Waits for the disk. */
  void rememberAgain() {
    PrivateFile kept = file;
    byte[] known = secret;
    if (kept == null || known == null || kept.exists()) {
      return;
    }
    log.warn("{} was removed; the SDK writes it again", kept.path());
    try {
      byte[] there = kept.readOrCreate(text(known), MAX_BYTES);
      if (!Arrays.equals(known, parse(there))) {
        // Another process of the directory was faster, with a secret of its own.
        log.warn("{} holds another secret than that of the streams of this process", kept.path());
      }
    } catch (IOException failed) {
      log.warn("{} cannot be written: {}", kept.path(), failed.toString());
    }
  }

  private static byte[] text(byte[] secret) {
    return (HexFormat.of().formatHex(secret) + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public @Nullable StreamSecret of(UUID stream) {
    byte[] known = secret;
    return known == null ? null : StreamSecret.of(known, stream);
  }

  private static byte @Nullable [] parse(byte[] content) {
    String hex = new String(content, StandardCharsets.US_ASCII).trim();
    return hex.matches("[0-9a-f]{64}") ? HexFormat.of().parseHex(hex) : null;
  }
}
