package io.billingsdk.server.http;

import java.nio.file.Path;

/**
 * The certificate that the HTTP API shows, and its key. Immutable.
 *
 * @param file PKCS#12
 * @param password of the store
 */
public record TlsKeyStore(Path file, String password) {
  /** Without the password. */
  @Override
  public String toString() {
    return "TlsKeyStore[" + file + "]";
  }
}
