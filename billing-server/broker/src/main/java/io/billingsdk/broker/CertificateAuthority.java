package io.billingsdk.broker;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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

  /** The authority's own certificate, which whoever trusts it must have. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The authority's own certificate as PEM text. */
  public String certificatePem() {
    return Pem.encode("CERTIFICATE", Certificates.encoded(certificate));
  }

  /** Writes {@link #certificatePem()} to a file, replacing it. */
  public void writeCertificate(Path file) throws IOException {
    Files.writeString(file, certificatePem(), StandardCharsets.US_ASCII);
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
}
