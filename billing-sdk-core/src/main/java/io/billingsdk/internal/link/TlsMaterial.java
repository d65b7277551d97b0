package io.billingsdk.internal.link;

import io.billingsdk.BillingException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Trust and identity for one connection, read from PEM files (RFC 7468).
 *
 * @param trust null for the JVM's trust store
 * @param identity null for none
 */
record TlsMaterial(@Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory identity) {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** The key managers need one; it guards a key store that never leaves memory. */
  private static final char[] IN_MEMORY = "memory".toCharArray();

  static TlsMaterial read(LinkSettings.Tls tls) {
    return new TlsMaterial(
        tls.caCertificates() == null ? null : trust(tls.caCertificates()),
        tls.clientCertificate() == null || tls.clientKey() == null
            ? null
            : identity(tls.clientCertificate(), tls.clientKey()));
  }

  private static TrustManagerFactory trust(Path pem) {
    try {
      KeyStore store = emptyStore();
      int number = 0;
      for (Certificate certificate : certificates("caCertificates", pem)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException | IOException failed) {
      throw unusable("caCertificates", pem, "certificates in PEM form", failed);
    }
  }

  private static KeyManagerFactory identity(Path certificatePem, Path keyPem) {
    Certificate[] chain =
        certificates("clientCertificate", certificatePem).toArray(new Certificate[0]);
    try {
      PrivateKey key = privateKey(keyPem, chain[0].getPublicKey().getAlgorithm());
      KeyStore store = emptyStore();
      store.setKeyEntry("client", key, IN_MEMORY, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, IN_MEMORY);
      return factory;
    } catch (GeneralSecurityException | IOException failed) {
      // No cause: a parser's message could quote the key.
      throw unusable("clientKey", keyPem, "an unencrypted PKCS #8 private key in PEM form", null);
    }
  }

  private static Collection<? extends Certificate> certificates(String setting, Path pem) {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(pem)));
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    } catch (GeneralSecurityException | IOException failed) {
      throw unusable(setting, pem, "certificates in PEM form", failed);
    }
    throw unusable(setting, pem, "at least one certificate in PEM form", null);
  }

  private static PrivateKey privateKey(Path pem, String algorithm)
      throws IOException, GeneralSecurityException {
    Matcher matcher = PKCS8.matcher(Files.readString(pem, StandardCharsets.US_ASCII));
    if (!matcher.find()) {
      throw new IOException("no PKCS #8 block");
    }
    byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static BillingException unusable(
      String setting, Path file, String expected, @Nullable Exception cause) {
    String message = setting + ": expected " + expected + " in " + file.toAbsolutePath();
    if (!Files.isReadable(file)) {
      message += ", which cannot be read";
    }
    return cause == null ? new BillingException(message) : new BillingException(message, cause);
  }
}
