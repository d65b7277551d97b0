package io.billingsdk.broker;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A certificate authority that lives in memory: an elliptic curve (P-256) key and the certificate
 * that says it may sign.
 *
 * <ul>
 *   <li>What it issues is valid for what it was issued for alone: a server certificate is refused
 *       as a client's and the other way round.
 *   <li>A certificate is valid from one day before it was issued, so that a machine whose clock is
 *       behind accepts it, for one year unless said otherwise.
 *   <li>No security provider is registered in the JVM.
 * </ul>
 *
 * <p>It does not revoke, does not renew, and does not save its own key: with the object the ability
 * to issue is gone. It is made for demos, tests and a first installation.
 *
 * <p>Thread-safe.
 */
public final class CertificateAuthority {

  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final Duration VALIDITY = Duration.ofDays(365);

  private final KeyPair keys;
  private final X509Certificate certificate;

  private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Makes an authority with a new key, valid from one day ago for one year.
   *
   * @param commonName the name in its certificate, not blank
   */
  public static CertificateAuthority create(String commonName) {
    Certificates.requireName("commonName", commonName);
    KeyPair keys = Certificates.newKeyPair();
    Instant now = Instant.now();
    X509Certificate certificate =
        Certificates.selfSigned(commonName, keys, now.minus(BACKDATED), now.plus(VALIDITY));
    return new CertificateAuthority(keys, certificate);
  }

  /**
   * Issues a certificate for a server, valid from one day ago for one year.
   *
   * @param dnsNamesOrIps the names and IP addresses under which clients reach it, at least one
   */
  public IssuedCertificate issueServer(String... dnsNamesOrIps) {
    Instant now = Instant.now();
    return issueServer(List.of(dnsNamesOrIps), now.minus(BACKDATED), now.plus(VALIDITY));
  }

  /**
   * Issues a certificate for a server.
   *
   * @param dnsNamesOrIps the names and IP addresses under which clients reach it, at least one
   * @param notBefore the first instant of its validity; may lie in the future
   * @param notAfter the last instant of its validity, after {@code notBefore}; may lie in the past
   */
  public IssuedCertificate issueServer(
      List<String> dnsNamesOrIps, Instant notBefore, Instant notAfter) {
    List<String> names = List.copyOf(dnsNamesOrIps);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("dnsNamesOrIps must name at least one host");
    }
    names.forEach(name -> Certificates.requireName("dnsNamesOrIps", name));
    requireNonNull(notBefore, "notBefore");
    if (!notAfter.isAfter(notBefore)) {
      throw new IllegalArgumentException(
          "notAfter must be after notBefore, but is " + notAfter + " against " + notBefore);
    }
    return issue(
        (issuer, leafKeys) ->
            Certificates.server(issuer, names, leafKeys.getPublic(), notBefore, notAfter));
  }

  /**
   * Issues a certificate with which a client proves who it is, valid from one day ago for one year.
   *
   * @param commonName the client's name, not blank
   */
  public IssuedCertificate issueClient(String commonName) {
    Certificates.requireName("commonName", commonName);
    Instant now = Instant.now();
    return issue(
        (issuer, leafKeys) ->
            Certificates.client(
                issuer,
                commonName,
                leafKeys.getPublic(),
                now.minus(BACKDATED),
                now.plus(VALIDITY)));
  }

  /** The authority's own certificate, which clients need to trust it. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The authority's own certificate as PEM text. */
  public String certificatePem() {
    return Pem.encode("CERTIFICATE", Certificates.encoded(certificate));
  }

  /** Writes {@link #certificatePem()} to a file, replacing it as a whole. */
  public void writeCertificate(Path file) throws IOException {
    PrivateFiles.writePublic(file, certificatePem().getBytes(StandardCharsets.US_ASCII));
  }

  /** The subject; never the key. */
  @Override
  public String toString() {
    return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
  }

  private IssuedCertificate issue(LeafFactory factory) {
    KeyPair leafKeys = Certificates.newKeyPair();
    X509Certificate leaf =
        factory.make(new Certificates.Issuer(certificate, keys.getPrivate()), leafKeys);
    return new IssuedCertificate(List.of(leaf, certificate), leafKeys.getPrivate());
  }

  private interface LeafFactory {
    X509Certificate make(Certificates.Issuer issuer, KeyPair leafKeys);
  }

  /**
   * A certificate that a {@link CertificateAuthority} issued, with the chain up to the authority
   * and the private key that belongs to it.
   *
   * <p>The key leaves this object only through the methods whose names say so; {@link #toString()}
   * does not show it. Files that hold the key are readable by their owner alone where the file
   * system can say so.
   *
   * <p>Immutable and thread-safe.
   */
  public static final class IssuedCertificate {

    private static final String ALIAS = "key";

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    IssuedCertificate(List<X509Certificate> chain, PrivateKey key) {
      this.chain = List.copyOf(chain);
      this.key = key;
    }

    /** The issued certificate itself. */
    public X509Certificate certificate() {
      return chain.get(0);
    }

    /** The issued certificate, then the authority's. */
    public List<X509Certificate> chain() {
      return chain;
    }

    /** Writes the chain as PEM, the issued certificate first, replacing the file. */
    public void writeCertificatePem(Path file) throws IOException {
      String pem =
          chain.stream()
              .map(each -> Pem.encode("CERTIFICATE", Certificates.encoded(each)))
              .collect(Collectors.joining());
      PrivateFiles.writePublic(file, pem.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes the private key as unencrypted PKCS#8 PEM with mode 0600, replacing the file. */
    public void writeKeyPem(Path file) throws IOException {
      String pem = Pem.encode("PRIVATE KEY", key.getEncoded());
      PrivateFiles.write(file, pem.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Writes a PKCS#12 key store with the key and the chain, with mode 0600, replacing the file.
     *
     * @param password protects the store and the key in it; printable ASCII, not empty
     */
    public void writeKeyStore(Path file, char[] password) throws IOException {
      requireAscii(password);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ALIAS, key, password, chain.toArray(Certificate[]::new));
        store.store(bytes, password);
      } catch (GeneralSecurityException e) {
        throw new IOException("cannot write the key store " + file, e);
      }
      PrivateFiles.write(file, bytes.toByteArray());
    }

    /** Reads what {@link #writeKeyStore} wrote, so that a server proves itself as before. */
    public static IssuedCertificate readKeyStore(Path file, char[] password) throws IOException {
      try (InputStream bytes = Files.newInputStream(file)) {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(bytes, password);
        Certificate[] chain = store.getCertificateChain(ALIAS);
        if (chain == null || !(store.getKey(ALIAS, password) instanceof PrivateKey key)) {
          throw new IOException("there is no certificate of ours in the key store " + file);
        }
        return new IssuedCertificate(
            Stream.of(chain).map(X509Certificate.class::cast).toList(), key);
      } catch (GeneralSecurityException e) {
        throw new IOException("cannot read the key store " + file, e);
      }
    }

    private static void requireAscii(char[] password) {
      boolean readable = password.length > 0;
      for (char c : password) {
        readable &= c >= ' ' && c <= '~';
      }
      if (!readable) {
        // The JDK encrypts keys with such passwords only, and says so in words that name no
        // parameter.
        throw new IllegalArgumentException("password must be printable ASCII and not empty");
      }
    }

    /** The subject and the validity; never the key. */
    @Override
    public String toString() {
      X509Certificate leaf = certificate();
      return "IssuedCertificate["
          + leaf.getSubjectX500Principal()
          + ", until "
          + leaf.getNotAfter().toInstant()
          + "]";
    }
  }
}
