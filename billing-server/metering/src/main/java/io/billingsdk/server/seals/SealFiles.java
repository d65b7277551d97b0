package io.billingsdk.server.seals;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of the seals are.
 *
 * @param folder of what is published: the digests, the entries of each day, and public keys
 * @param key the private key; beside it, with the ending {@code .pub}, is the public one
 */
public record SealFiles(Path folder, Path key) {
  /**
   * Those of a data directory.
   *
   * @param key a file elsewhere; null for the one in the secrets of the data directory
   */
  public static SealFiles in(Path dataDirectory, @Nullable Path key) {
    return new SealFiles(
        dataDirectory.resolve("seals"),
        key == null ? dataDirectory.resolve("secrets").resolve("seal-key.pem") : key);
  }

  /** The file of the public key. */
  Path publicKey() {
    return key.resolveSibling(key.getFileName() + ".pub");
  }
}
