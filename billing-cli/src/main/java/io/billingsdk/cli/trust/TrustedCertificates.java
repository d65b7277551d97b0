package io.billingsdk.cli.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;

/** Which certificates are trusted. */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * Those of a PEM file; without one, those of the JVM.
   *
   * @throws IOException when the file cannot be read, or has no certificate in it
   */
  public static TrustManagerFactory of(Optional<Path> pem)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (pem.isEmpty()) {
      factory.init((KeyStore) null);
      return factory;
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    try (InputStream in = Files.newInputStream(pem.get())) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
    }
    if (number == 0) {
      throw new IOException("no certificate in it");
    }
    factory.init(store);
    return factory;
  }
}
