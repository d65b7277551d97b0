package io.billingsdk.server.providers;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Certificates by which PayPal signs webhooks. Each comes from a host of PayPal, is valid now, has
 * the name that PayPal signs with, and leads to an authority that is trusted. Thread-safe.
 */
final class PayPalCertificates {
  private static final Set<String> HOSTS =
      Set.of(
          "api.paypal.com",
          "api-m.paypal.com",
          "api.sandbox.paypal.com",
          "api-m.sandbox.paypal.com");

  private static final Pattern PATH =
      Pattern.compile("/v1/notifications/certs/[A-Za-z0-9_-]{1,128}");

  /** The name that PayPal's own libraries ask for. */
  private static final Pattern NAME =
      Pattern.compile("(.*,)?CN=messageverificationcerts(\\.[a-z]{1,32})?\\.paypal\\.com(,.*)?");

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_KNOWN = 16;

  private final Download download;
  private final Set<TrustAnchor> trusted;
  private final InstantSource clock;
  private final Map<URI, List<X509Certificate>> known = new ConcurrentHashMap<>();

  PayPalCertificates(Download download, Set<TrustAnchor> trusted, InstantSource clock) {
    this.download = download;
    this.trusted = Set.copyOf(trusted);
    this.clock = clock;
  }

  /** Those of PayPal, by the authorities that this JVM trusts. */
  static PayPalCertificates ofPayPal(InstantSource clock) {
    ProviderHttp http = new ProviderHttp(PATIENCE);
    return new PayPalCertificates(url -> http.file(url, MOST_BYTES), authorities(), clock);
  }

  /** Gets a file. */
  @FunctionalInterface
  interface Download {
    /**
     * The bytes of it.
     *
     * @throws ForgedEventException when there is no such file
     * @throws ProviderUnreachableException when that cannot be known
     */
    byte[] get(URI url);
  }

  private static Set<TrustAnchor> authorities() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      for (TrustManager each : factory.getTrustManagers()) {
        if (each instanceof X509TrustManager manager) {
          return Arrays.stream(manager.getAcceptedIssuers())
              .map(authority -> new TrustAnchor(authority, null))
              .collect(Collectors.toSet());
        }
      }
      throw new IllegalStateException("this JVM trusts no authority of certificates");
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("the authorities of this JVM cannot be read", broken);
    }
  }

  /**
   * The key of a certificate.
   *
   * @throws ForgedEventException when it is none of PayPal that is valid now
   */
  PublicKey key(String url) {
    URI place = place(url);
    List<X509Certificate> chain = known.get(place);
    if (chain == null) {
      chain = parsed(download.get(place));
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.put(place, chain);
    }
    X509Certificate leaf =
        chain.stream()
            .filter(each -> NAME.matcher(each.getSubjectX500Principal().getName()).matches())
            .findFirst()
            .orElseThrow(
                () ->
                    new ForgedEventException("its certificate is not one that PayPal signs with"));
    requireTrust(leaf, chain);
    return leaf.getPublicKey();
  }

  private static URI place(String url) {
    try {
      URI place = URI.create(url);
      boolean isPlain =
          place.getUserInfo() == null
              && place.getPort() == -1
              && place.getRawQuery() == null
              && place.getRawFragment() == null;
      if ("https".equals(place.getScheme())
          && isPlain
          && place.getHost() != null
          && HOSTS.contains(place.getHost())
          && PATH.matcher(place.getRawPath()).matches()) {
        return place;
      }
    } catch (IllegalArgumentException malformed) {
      throw new ForgedEventException("its certificate has no URL");
    }
    throw new ForgedEventException("its certificate is not at a host of PayPal");
  }

  private static List<X509Certificate> parsed(byte[] pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (GeneralSecurityException malformed) {
      throw new ForgedEventException("its certificate cannot be read");
    }
  }

  private void requireTrust(X509Certificate leaf, List<X509Certificate> chain) {
    Date now = Date.from(clock.instant());
    try {
      leaf.checkValidity(now);
    } catch (GeneralSecurityException over) {
      throw new ForgedEventException("its certificate is not valid now");
    }
    try {
      X509CertSelector target = new X509CertSelector();
      target.setCertificate(leaf);
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, target);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(now);
      var unused = CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (GeneralSecurityException foreign) {
      throw new ForgedEventException("its certificate leads to no authority that is trusted");
    }
  }
}
