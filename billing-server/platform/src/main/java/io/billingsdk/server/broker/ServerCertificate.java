package io.billingsdk.server.broker;

import io.billingsdk.broker.CertificateAuthority;
import io.billingsdk.broker.CertificateAuthority.IssuedCertificate;
import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.db.OwnerOnlyFiles;
import io.billingsdk.server.db.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The certificate by which this server's own broker and its HTTP API prove themselves: for {@code
 * localhost} and {@code 127.0.0.1}, of an authority whose certificate is {@code ca.pem} beside it.
 * It stays the same over restarts until it is about to end.
 */
public final class ServerCertificate {
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  private final Path keyStore;
  private final String password;
  private final IssuedCertificate issued;

  private ServerCertificate(Path keyStore, String password, IssuedCertificate issued) {
    this.keyStore = keyStore;
    this.password = password;
    this.issued = issued;
  }

  /**
   * That of a directory, made when there is none.
   *
   * @throws InstallationException when its files cannot be used
   */
  public static ServerCertificate in(Path directory) {
    Path store = directory.resolve("server.p12");
    String password = new Secrets(directory.resolve("secrets")).of("key-store");
    try {
      OwnerOnlyFiles.makeDirectory(directory);
      return new ServerCertificate(store, password, issued(directory, store, password));
    } catch (IOException failed) {
      throw new InstallationException(
          "the certificate in " + directory + " cannot be used", failed);
    }
  }

  /** A PKCS#12 store with the key and the chain. */
  public Path keyStore() {
    return keyStore;
  }

  /** Of the store, and of the key in it. */
  public String keyStorePassword() {
    return password;
  }

  IssuedCertificate issued() {
    return issued;
  }

  private static IssuedCertificate issued(Path directory, Path store, String password)
      throws IOException {
    if (Files.exists(store)) {
      IssuedCertificate kept = IssuedCertificate.readKeyStore(store, password.toCharArray());
      Instant end = kept.certificate().getNotAfter().toInstant();
      if (end.minus(RENEWED_BEFORE).isAfter(Instant.now())) {
        return kept;
      }
    }
    CertificateAuthority authority = CertificateAuthority.create("billing-server CA");
    IssuedCertificate made = authority.issueServer("localhost", "127.0.0.1");
    authority.writeCertificate(directory.resolve("ca.pem"));
    made.writeKeyStore(store, password.toCharArray());
    return made;
  }
}
