package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of tests, an intermediate one, and certificates of several kinds. */
final class PayPalAuthority {
  static final String NAME = "CN=messageverificationcerts.paypal.com,O=PayPal";
  static final String URL = "https://api.paypal.com/v1/notifications/certs/CERT-1";
  static final String EXPIRED = "https://api.paypal.com/v1/notifications/certs/CERT-expired";
  static final String EARLY = "https://api.paypal.com/v1/notifications/certs/CERT-early";
  static final String FOREIGN = "https://api.paypal.com/v1/notifications/certs/CERT-foreign";
  static final String SELF = "https://api.paypal.com/v1/notifications/certs/CERT-self";
  static final String OTHER_NAME = "https://api.paypal.com/v1/notifications/certs/CERT-name";
  static final String NO_CHAIN = "https://api.paypal.com/v1/notifications/certs/CERT-alone";
  static final String NONSENSE = "https://api.paypal.com/v1/notifications/certs/CERT-nonsense";

  private static final Duration YEAR = Duration.ofDays(365);

  // Made once: four pairs take seconds, and no test is about them.
  private static final KeyPair ROOT_KEY = pair();
  private static final KeyPair MIDDLE_KEY = pair();
  private static final KeyPair FOREIGN_KEY = pair();
  private static final KeyPair LEAF = pair();

  private final InstantSource clock;
  private final Map<URI, byte[]> files = new LinkedHashMap<>();
  private final X509Certificate root;
  private int serial;

  PayPalAuthority(InstantSource clock) {
    this.clock = clock;
    Instant now = clock.instant();
    Instant from = now.minus(YEAR);
    Instant to = now.plus(YEAR);
    this.root = certificate("CN=Root", ROOT_KEY, "CN=Root", ROOT_KEY, from, to, true);
    X509Certificate middle =
        certificate("CN=Middle", MIDDLE_KEY, "CN=Root", ROOT_KEY, from, to, true);
    X509Certificate foreign =
        certificate("CN=Root", FOREIGN_KEY, "CN=Root", FOREIGN_KEY, from, to, true);
    files.put(URI.create(URL), pem(signed(NAME, MIDDLE_KEY, from, to), middle));
    files.put(URI.create(NO_CHAIN), pem(signed(NAME, MIDDLE_KEY, from, to)));
    files.put(
        URI.create(EXPIRED), pem(signed(NAME, MIDDLE_KEY, from, now.minusSeconds(60)), middle));
    files.put(URI.create(EARLY), pem(signed(NAME, MIDDLE_KEY, now.plusSeconds(600), to), middle));
    files.put(
        URI.create(FOREIGN),
        pem(certificate(NAME, LEAF, "CN=Root", FOREIGN_KEY, from, to, false), foreign));
    files.put(URI.create(SELF), pem(certificate(NAME, LEAF, NAME, LEAF, from, to, false)));
    files.put(
        URI.create(OTHER_NAME),
        pem(signed("CN=shop.example,O=PayPal", MIDDLE_KEY, from, to), middle));
    files.put(URI.create(NONSENSE), "no certificate".getBytes(UTF_8));
  }

  private X509Certificate signed(String name, KeyPair by, Instant from, Instant to) {
    return certificate(name, LEAF, "CN=Middle", by, from, to, false);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private X509Certificate certificate(
      String name,
      KeyPair key,
      String issuer,
      KeyPair issuerKey,
      Instant from,
      Instant to,
      boolean isAuthority) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(issuer),
              BigInteger.valueOf(++serial),
              Date.from(from),
              Date.from(to),
              new X500Name(name),
              key.getPublic());
      builder.addExtension(
          Extension.basicConstraints, /* isCritical= */ true, new BasicConstraints(isAuthority));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withRSA").build(issuerKey.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException broken) {
      throw new AssertionError(broken);
    }
  }

  private static byte[] pem(X509Certificate... all) {
    StringBuilder text = new StringBuilder();
    try {
      for (X509Certificate each : all) {
        text.append("-----BEGIN CERTIFICATE-----\n")
            .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(each.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      }
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
    return text.toString().getBytes(UTF_8);
  }

  /** What a server knows of it: the authority alone. */
  PayPalCertificates certificates() {
    return new PayPalCertificates(
        url -> {
          byte[] file = files.get(url);
          if (file == null) {
            throw new ForgedEventException("its certificate is not there");
          }
          return file.clone();
        },
        Set.of(new TrustAnchor(root, null)),
        clock);
  }

  /** The headers of a webhook that is right. */
  Map<String, List<String>> headers(String webhookId, byte[] body) {
    return headers(webhookId, body, clock.instant(), URL);
  }

  Map<String, List<String>> headers(String webhookId, byte[] body, Instant time, String url) {
    String id = UUID.randomUUID().toString();
    String at = time.truncatedTo(ChronoUnit.SECONDS).toString();
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("Paypal-Transmission-Id", List.of(id));
    headers.put("Paypal-Transmission-Time", List.of(at));
    headers.put("Paypal-Auth-Algo", List.of("SHA256withRSA"));
    headers.put("Paypal-Cert-Url", List.of(url));
    headers.put(
        "Paypal-Transmission-Sig",
        List.of(signature(LEAF.getPrivate(), PayPalSignature.signed(id, at, webhookId, body))));
    return headers;
  }

  private static String signature(PrivateKey key, byte[] text) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(text);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }
}
