package io.billingsdk.server.notifications;

import io.billingsdk.server.common.InstallationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS that trusts Java's own authorities and those of a file. */
final class TrustedRoots {
  private TrustedRoots() {}

  /**
   * A context.
   *
   * @param pem more authorities; null for none
   * @throws InstallationException when the file cannot be read
   */
  static SSLContext context(@Nullable Path pem) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int number = 0;
      for (Certificate each : ownOfJava()) {
        all.setCertificateEntry("own" + number++, each);
      }
      if (pem != null) {
        try (InputStream file = Files.newInputStream(pem)) {
          for (Certificate each :
              CertificateFactory.getInstance("X.509").generateCertificates(file)) {
            all.setCertificateEntry("given" + number++, each);
          }
        }
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(all), null);
      return context;
    } catch (GeneralSecurityException | IOException failed) {
      throw new InstallationException(
          "the authorities in " + pem + " cannot be read: " + InstallationException.reason(failed),
          failed);
    }
  }

  private static X509Certificate[] ownOfJava() throws GeneralSecurityException {
    for (TrustManager each : managers(null)) {
      if (each instanceof X509TrustManager roots) {
        return roots.getAcceptedIssuers();
      }
    }
    return new X509Certificate[0];
  }

  private static TrustManager[] managers(@Nullable KeyStore roots) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    return factory.getTrustManagers();
  }
}
