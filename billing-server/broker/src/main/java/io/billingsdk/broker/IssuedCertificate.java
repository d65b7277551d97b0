package io.billingsdk.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A certificate that a {@link CertificateAuthority} issued, with the chain up to the authority and
 * the private key that belongs to it.
 *
 * <p>The key leaves this object only through the methods whose names say so; {@link #toString()}
 * does not show it. Files that hold the key are readable by their owner alone where the file system
 * can say so.
 *
 * <p>Immutable and thread-safe.
 */
public final class IssuedCertificate {

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
    Files.writeString(file, pem, StandardCharsets.US_ASCII);
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
      return new IssuedCertificate(Stream.of(chain).map(X509Certificate.class::cast).toList(), key);
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
